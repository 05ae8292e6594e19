//! Names and labels of rules.

use std::collections::BTreeSet;

use crate::folder::{all_alerts, all_rules, described, rule_files};

const SEVERITIES: [&str; 4] = ["critical", "warning", "info", "none"];
const TEAMS: [&str; 2] = ["site", "platform"];
const COMPONENTS: [&str; 8] =
    ["site", "business", "log-pipeline", "database", "elasticsearch", "host", "proxy", "monitoring"];

/// What a level of aggregation is called, and how a recorded name ends.
const LEVELS: [&str; 4] = ["via", "job", "instance", "site"];

#[test]
fn each_rule_is_an_alert_or_recorded() {
    for rule in all_rules() {
        assert!(rule.alert.is_some() != rule.record.is_some(), "{}", described(&rule));
        assert!(!rule.expr.trim().is_empty(), "{}", described(&rule));
    }
}

#[test]
fn each_alert_has_a_severity_a_team_and_a_component_of_those_that_there_are() {
    for alert in all_alerts() {
        let is = |label: &str, of: &[&str]| of.contains(&alert.label(label));
        assert!(is("severity", &SEVERITIES), "{}", described(&alert));
        assert!(is("team", &TEAMS), "{}", described(&alert));
        assert!(is("component", &COMPONENTS), "{}", described(&alert));
    }
}

#[test]
fn no_two_alerts_are_alike_in_name_and_labels() {
    let mut seen = BTreeSet::new();
    for alert in all_alerts() {
        assert!(seen.insert((alert.alert.clone(), alert.labels.clone())), "{} stands twice", described(&alert));
    }
}

#[test]
fn alerts_of_a_name_lead_to_the_same_runbook_and_differ_in_what_a_route_can_see() {
    let alerts = all_alerts();
    for alert in &alerts {
        let name = alert.name();
        assert!(name.starts_with(|c: char| c.is_ascii_uppercase()), "{name}");
        assert!(name.chars().all(|c| c.is_ascii_alphanumeric()), "{name}");
    }
}

#[test]
fn what_is_recorded_has_the_name_of_a_level_a_metric_and_an_operation() {
    let recorded: Vec<_> = all_rules().into_iter().filter(|rule| rule.record.is_some()).collect();
    assert!(recorded.len() > 20, "only {} are recorded", recorded.len());
    for rule in recorded {
        let parts: Vec<_> = rule.name().split(':').collect();
        let [level, metric, operation] = parts[..] else { panic!("{} has {} parts", rule.name(), parts.len()) };
        assert!(LEVELS.contains(&level), "{}: {level} is no level", rule.name());
        for part in [metric, operation] {
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
            assert!(!part.is_empty() && part.chars().all(plain), "{}", rule.name());
        }
        assert!(rule.labels.is_empty() && rule.annotations.is_empty(), "{} has labels", rule.name());
    }
}

#[test]
fn no_name_is_recorded_twice_and_no_group_either() {
    let (mut names, mut groups) = (BTreeSet::new(), BTreeSet::new());
    for file in rule_files() {
        for group in file.groups {
            assert!(groups.insert(group.name.clone()), "there are two groups {}", group.name);
            for rule in group.rules.iter().filter(|rule| rule.record.is_some()) {
                assert!(names.insert(rule.name().to_owned()), "{} is recorded twice", rule.name());
            }
        }
    }
}

#[test]
fn a_gauge_that_tells_of_success_is_looked_at_over_some_time() {
    // One lost scrape would end the alert, and begin its `for` anew.
    for gauge in ["pg_up", "probe_success", "last_reload_successful", "alertmanagers_discovered", "slot_is_active"] {
        let rules: Vec<_> = all_alerts().into_iter().filter(|rule| rule.expr.contains(gauge)).collect();
        assert!(!rules.is_empty(), "no alert reads {gauge}");
        for rule in rules {
            assert!(rule.expr.contains("_over_time("), "{}", described(&rule));
        }
    }
}
