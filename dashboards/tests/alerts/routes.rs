//! Who is told of which alert: what the table in `alerts/tests/routes.txt` says.

use std::collections::BTreeMap;
use std::process::Command;

use dashboards::alerts::Rule;

use crate::folder::{alerts, all_alerts, described, text};
use crate::need::{installed, said};

/// Labels of an alert, and who is told.
struct Row {
    labels: Vec<String>,
    receivers: String,
}

fn rows() -> Vec<Row> {
    let table = text(&alerts("tests/routes.txt"));
    let lines = table.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| {
            let (labels, receivers) = line.split_once("->").unwrap_or_else(|| panic!("{line}: no receiver"));
            let labels = labels.split_whitespace().map(str::to_owned).collect();
            Row { labels, receivers: receivers.trim().to_owned() }
        })
        .collect()
}

fn amtool() -> Option<Command> {
    let mut command = Command::new(installed(&["amtool"])?);
    command.current_dir(alerts(""));
    Some(command)
}

fn receivers(labels: &[String]) -> String {
    let Some(mut amtool) = amtool() else { return String::new() };
    let said = said(amtool.args(["config", "routes", "test", "--config.file=alertmanager.yml"]).args(labels));
    said.trim().to_owned()
}

#[test]
fn alertmanager_understands_its_settings() {
    let Some(mut amtool) = amtool() else { return };
    let text = said(amtool.args(["check-config", "alertmanager.yml"]));
    assert!(text.contains("SUCCESS") && text.contains("1 templates"), "{text}");
}

#[test]
fn each_row_of_the_table_is_told_to_whom_it_says() {
    if amtool().is_none() {
        return;
    }
    let rows = rows();
    assert!(rows.len() > 10, "the table has {} rows", rows.len());
    for Row { labels, receivers: expected } in rows {
        assert_eq!(receivers(&labels), expected, "{labels:?}");
    }
}

#[test]
fn each_alert_is_told_to_those_of_its_severity_and_component() {
    if amtool().is_none() {
        return;
    }
    let mut asked = BTreeMap::new();
    for alert in all_alerts() {
        let labels = ["severity", "team", "component"].map(|name| format!("{name}={}", alert.label(name)));
        let is_watchdog = alert.name() == "Watchdog";
        let told = asked
            .entry((labels.clone(), is_watchdog))
            .or_insert_with(|| receivers(&[&[format!("alertname={}", alert.name())], &labels[..]].concat()));
        assert_eq!(told, who(&alert), "{}", described(&alert));
    }
}

fn who(alert: &Rule) -> &'static str {
    match (alert.label("severity"), alert.label("component")) {
        ("critical", _) => "wake",
        ("warning", "site" | "business") => "tickets-site",
        ("warning", _) => "tickets-platform",
        ("info", _) => "chat",
        _ if alert.name() == "Watchdog" => "watchdog",
        _ => "nobody",
    }
}
