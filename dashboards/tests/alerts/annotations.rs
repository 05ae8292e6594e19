//! What a message says, and where it leads: in exactly the form that its templates expect.

use dashboards::alerts::Rule;

use crate::folder::{all_alerts, described};

const NAMES: [&str; 5] = ["dashboard_url", "description", "logs_url", "runbook_url", "summary"];

#[test]
fn each_alert_has_these_annotations_and_no_other() {
    for alert in all_alerts() {
        let names: Vec<_> = alert.annotations.keys().map(String::as_str).collect();
        assert_eq!(names, NAMES, "{}", described(&alert));
    }
}

#[test]
fn a_summary_is_a_sentence_without_a_value() {
    // It is what the README says, and what a telephone shows first.
    for alert in all_alerts() {
        let summary = alert.annotation("summary");
        assert!(!summary.contains("{{"), "{}", described(&alert));
        assert!((20..=100).contains(&summary.chars().count()), "{}: {summary}", described(&alert));
        assert!(summary.starts_with(|c: char| c.is_uppercase()) && !summary.ends_with('.'), "{summary}");
    }
}

#[test]
fn a_description_says_the_value_and_ends_as_a_sentence() {
    for alert in all_alerts() {
        let description = alert.annotation("description");
        assert!(description.contains("$value"), "{}: {description}", described(&alert));
        assert!(description.ends_with('.'), "{}: {description}", described(&alert));
    }
}

#[test]
fn a_share_is_told_in_percent_and_a_time_in_units_of_time() {
    for alert in all_alerts() {
        let (description, name) = (alert.annotation("description"), described(&alert));
        let says = |template: &str| description.contains(&format!("$value | {template}"));
        if says("humanizePercentage") || says("humanizeDuration") {
            let unit_again = description.contains("}}%") || description.contains("}} s");
            assert!(!unit_again, "{name}: {description}");
        }
        if says("humanize1024") {
            assert!(description.contains("humanize1024 }}B"), "{name}: bytes without their unit");
        }
    }
}

#[test]
fn the_runbook_is_the_one_that_is_called_like_the_alert() {
    for alert in all_alerts() {
        let expected = format!("{{{{ $externalLabels.runbooks }}}}/{}.md", alert.name());
        assert_eq!(alert.annotation("runbook_url"), expected);
    }
}

#[test]
fn links_have_the_form_whose_times_messages_turn_into_those_of_the_alert() {
    for alert in all_alerts() {
        let name = described(&alert);
        assert!(dashboard(&alert).is_some(), "{name}: {}", alert.annotation("dashboard_url"));
        assert!(search(&alert).is_some(), "{name}: {}", alert.annotation("logs_url"));
    }
}

/// The dashboard and the panel that an alert leads to.
pub fn dashboard(alert: &Rule) -> Option<(String, u64)> {
    let rest = alert.annotation("dashboard_url").strip_prefix("{{ $externalLabels.grafana }}/d/")?;
    let (uid, query) = rest.split_once("?viewPanel=")?;
    let panel = query.strip_suffix("&from=now-3h&to=now")?;
    Some((uid.to_owned(), panel.parse().ok()?))
}

/// The search that an alert leads to.
pub fn search(alert: &Rule) -> Option<String> {
    let rest = alert.annotation("logs_url").strip_prefix("{{ $externalLabels.kibana }}/app/discover#/view/")?;
    rest.strip_suffix("?_g=(time:(from:now-3h,to:now))").map(str::to_owned)
}
