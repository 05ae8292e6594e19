//! Each alert is tried: it fires with its whole text, it stays silent, and the moment between is known.

use std::collections::BTreeSet;

use dashboards::alerts::{AlertCheck, Expected, Rule, Trial, TrialFile};

use crate::folder::{all_alerts, all_rules, described, trial_files};

/// Whether an alert that is expected is made by this rule, and by no other one of its name.
fn is_of(rule: &Rule, expected: &Expected) -> bool {
    let fixed = rule.labels.iter().filter(|(_, value)| !value.contains("{{"));
    let mut labels = fixed.map(|(name, value)| expected.exp_labels.get(name) == Some(value));
    labels.all(|same| same)
}

fn fires(rule: &Rule, check: &AlertCheck) -> bool {
    check.exp_alerts.iter().any(|expected| is_of(rule, expected))
}

fn trials<'a>(files: &'a [TrialFile], rule: &'a Rule) -> impl Iterator<Item = &'a Trial> {
    files.iter().flat_map(move |file| file.of(rule.name()))
}

#[test]
fn each_alert_fires_once_with_its_whole_text() {
    let files = trial_files();
    for rule in all_alerts() {
        let expected =
            trials(&files, &rule).flat_map(|trial| trial.checks(rule.name())).flat_map(|check| &check.exp_alerts);
        let fired: Vec<_> = expected.filter(|expected| is_of(&rule, expected)).collect();
        assert!(!fired.is_empty(), "{} never fires in a unit test", described(&rule));
        for expected in fired {
            assert!(expected.exp_annotations.keys().eq(rule.annotations.keys()), "{}", described(&rule));
            let texts: Vec<_> = expected.exp_annotations.values().collect();
            assert!(texts.iter().all(|text| !text.contains("{{") && !text.contains('$')), "{texts:?}");
        }
    }
}

#[test]
fn each_alert_is_silent_where_all_is_well() {
    let files = trial_files();
    for rule in all_alerts().iter().filter(|rule| rule.expr != "vector(1)") {
        let is_silent = |trial: &Trial| trial.checks(rule.name()).all(|check| !fires(rule, check));
        assert!(trials(&files, rule).any(is_silent), "{} is never silent in a unit test", described(rule));
    }
}

#[test]
fn the_moment_is_known_at_which_each_alert_begins_to_fire() {
    let files = trial_files();
    for rule in all_alerts().iter().filter(|rule| rule.expr != "vector(1)") {
        let is_bounded = |trial: &Trial| {
            let checks: Vec<_> = trial.checks(rule.name()).collect();
            checks.windows(2).any(|pair| !fires(rule, pair[0]) && fires(rule, pair[1]))
        };
        assert!(trials(&files, rule).any(is_bounded), "{} has no boundary in a unit test", described(rule));
    }
}

#[test]
fn each_alert_is_tried_without_any_data() {
    // The last sample is long over, or there was none: an alert that should tell of that fires, any other is silent.
    let files = trial_files();
    let names: BTreeSet<_> = all_alerts().iter().map(|rule| rule.name().to_owned()).collect();
    for name in names {
        let is_after = |trial: &Trial| trial.checks(&name).any(|check| seconds(&check.eval_time) > end(trial));
        assert!(files.iter().flat_map(|file| file.of(&name)).any(is_after), "{name} is never tried without data");
    }
}

#[test]
fn each_value_that_is_recorded_is_known() {
    let files = trial_files();
    let checks: Vec<_> = files.iter().flat_map(|file| &file.tests).flat_map(|trial| &trial.promql_expr_test).collect();
    for rule in all_rules().iter().filter(|rule| rule.record.is_some()) {
        let is_known = checks.iter().any(|check| check.expr.contains(rule.name()) && !check.exp_samples.is_empty());
        assert!(is_known, "no unit test tells a value of {}", rule.name());
    }
}

#[test]
fn groups_of_several_are_evaluated_in_an_order() {
    // promtool has none by itself: what one group makes of another comes now or a step later.
    for file in trial_files() {
        assert!(file.rule_files.len() == 1 || file.group_eval_order.len() > 1, "{}", file.name);
    }
}

#[test]
fn every_name_that_is_asked_for_is_that_of_an_alert() {
    let names: BTreeSet<_> = all_alerts().iter().map(|rule| rule.name().to_owned()).collect();
    for check in trial_files().iter().flat_map(|file| &file.tests).flat_map(|trial| &trial.alert_rule_test) {
        assert!(names.contains(&check.alertname), "there is no alert {}", check.alertname);
    }
}

/// When the last sample of a trial is, in seconds, and so long after it that nobody looks back as far: five minutes.
fn end(trial: &Trial) -> u64 {
    let samples = trial.input_series.iter().map(|series| samples(&series.values)).max().unwrap_or(0);
    samples * seconds(&trial.interval) + if samples == 0 { 0 } else { 300 }
}

/// How many samples a series has, in promtool's notation: `1x3` are four.
fn samples(values: &str) -> u64 {
    let several = |part: &str| {
        let (first, times) = part.rsplit_once('x')?;
        Some(times.parse::<u64>().ok()? + u64::from(first != "_"))
    };
    values.split_whitespace().map(|part| several(part).unwrap_or(1)).sum()
}

/// A duration of Prometheus, such as `1h30m`.
fn seconds(duration: &str) -> u64 {
    let (mut total, mut number) = (0, 0);
    for character in duration.chars() {
        let unit = match character {
            's' => 1,
            'm' => 60,
            'h' => 3_600,
            'd' => 86_400,
            'w' => 604_800,
            digit => {
                number = number * 10 + u64::from(digit.to_digit(10).unwrap());
                continue;
            }
        };
        total += number * unit;
        number = 0;
    }
    total
}

#[test]
fn samples_and_durations_are_counted() {
    assert_eq!(samples("1x3 _x5 0+2x1 stale 7"), 13);
    assert_eq!(seconds("1w2d3h4m5s"), 604_800 + 2 * 86_400 + 3 * 3_600 + 4 * 60 + 5);
}
