//! Every threshold and every wait has its reason beside it.

use crate::folder::{described, rule_files};

/// Whether an expression compares with something that somebody chose.
fn compares(expression: &str) -> bool {
    [" > ", " < ", " >= ", " <= ", " == "].iter().any(|sign| expression.contains(sign))
}

#[test]
fn each_wait_says_why_it_is_so_long() {
    for file in rule_files() {
        let is_wait = |line: &&str| ["for:", "keep_firing_for:"].iter().any(|key| line.trim_start().starts_with(key));
        let waits: Vec<_> = file.text.lines().filter(is_wait).collect();
        let waiting = file.alerts().flat_map(|alert| [&alert.wait, &alert.keep]).flatten().count();
        assert_eq!(waits.len(), waiting, "{}", file.name);
        for line in waits {
            let reason = line.split_once(" # ").map_or("", |(_, reason)| reason);
            assert!(reason.len() > 5, "{}: {line}", file.name);
        }
    }
}

#[test]
fn each_alert_waits_or_says_that_it_does_not() {
    for file in rule_files() {
        for alert in file.alerts().filter(|alert| alert.expr != "vector(1)") {
            assert!(alert.wait.is_some(), "{}", described(alert));
        }
    }
}

#[test]
fn each_threshold_has_a_comment_above_its_alert() {
    for file in rule_files() {
        let lines: Vec<_> = file.text.lines().map(str::trim_start).collect();
        let places = lines.iter().enumerate().filter(|(_, line)| line.starts_with("- alert:"));
        for ((at, line), alert) in places.zip(file.alerts()) {
            assert_eq!(line.strip_prefix("- alert: "), Some(alert.name()), "{}", file.name);
            let has_comment = at > 0 && lines[at - 1].starts_with("# ");
            assert!(has_comment || !compares(&alert.expr), "{}: {}", file.name, described(alert));
        }
    }
}
