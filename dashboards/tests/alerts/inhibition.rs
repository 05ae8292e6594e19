//! Which alert hides which: what the table in `alerts/tests/inhibition.txt` says, on a real Alertmanager.

use crate::alertmanager::{Alertmanager, until};
use crate::folder::{alerts, all_alerts, text};

/// Two alerts, and whether the first one hides the other.
struct Row {
    line: String,
    first: Vec<String>,
    other: Vec<String>,
    hides: bool,
}

impl Row {
    fn parse(line: &str) -> Self {
        let hides = !line.contains(" does not hide ");
        let (first, other) = line.split_once(if hides { " hides " } else { " does not hide " }).unwrap();
        Self { line: line.to_owned(), first: labels(first), other: labels(other), hides }
    }
}

fn rows() -> Vec<Row> {
    let table = text(&alerts("tests/inhibition.txt"));
    table.lines().filter(|line| !line.is_empty() && !line.starts_with('#')).map(Row::parse).collect()
}

/// The first word is the alert's name.
fn labels(words: &str) -> Vec<String> {
    format!("alertname={words}").split_whitespace().map(str::to_owned).collect()
}

/// An alert that hides another one, to know that what came before it has been taken note of.
fn control() -> [Vec<String>; 2] {
    [labels("AvailabilityBurnFast via=control severity=info"), labels("AvailabilityBurnSlow via=control severity=info")]
}

#[test]
fn each_row_has_alerts_that_there_are_with_labels_that_they_have() {
    let rules = all_alerts();
    for row in rows() {
        for labels in [&row.first, &row.other] {
            let name = labels[0].trim_start_matches("alertname=");
            let severity = labels.iter().find_map(|label| label.strip_prefix("severity="));
            let is_there = rules.iter().any(|rule| rule.name() == name && Some(rule.label("severity")) == severity);
            assert!(is_there, "{}: there is no {severity:?} {name}", row.line);
        }
    }
}

#[test]
fn each_row_of_the_table_is_so() {
    let Some(alertmanager) = Alertmanager::start("inhibition") else { return };
    for row in rows() {
        let [source, target] = control();
        let all = [&row.first, &row.other, &source, &target];
        for labels in all {
            alertmanager.fire(labels);
        }
        let what = format!("{}: the second is {}", row.line, if row.hides { "hidden" } else { "shown" });
        until(&what, || {
            alertmanager.is_hidden(&target) == Some(true) && alertmanager.is_hidden(&row.other) == Some(row.hides)
        });
        assert_eq!(alertmanager.is_hidden(&row.first), Some(false), "{}: the first is hidden", row.line);
        for labels in all {
            alertmanager.resolve(labels);
        }
        until("all is over", || all.iter().all(|labels| alertmanager.is_hidden(labels).is_none()));
    }
}
