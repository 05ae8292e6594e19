//! The rules of Grafana's dashboard-linter by content, under its names, and more of the same kind.
//!
//! A rule looks at a dashboard as Grafana is given it and says what is wrong. Where a rule does not fit, [`EXCEPTIONS`] says
//! why; an exception that nothing needs is a failure too.

use serde_json::Value;

use crate::board::{boards, text};

mod dashboard;
mod panel;
mod target;
mod template;

/// What a rule has found: the panel's number, 0 for the dashboard itself, and what is wrong.
pub type Found = Vec<(u64, String)>;

/// A rule with its name.
pub type Rule = (&'static str, fn(&Value) -> Found);

pub const RULES: [Rule; 26] = [
    ("template-datasource-rule", template::data_source),
    ("template-job-rule", template::job),
    ("template-instance-rule", template::instance),
    ("template-label-promql-rule", template::label_promql),
    ("template-on-time-change-reload-rule", template::on_time_change_reload),
    ("template-unused-rule", template::unused),
    ("panel-datasource-rule", panel::data_source),
    ("panel-title-description-rule", panel::title_description),
    ("panel-units-rule", panel::units),
    ("panel-no-targets-rule", panel::no_targets),
    ("panel-no-value-rule", panel::no_value),
    ("panel-legend-rule", panel::legend),
    ("target-logql-rule", target::logql),
    ("target-logql-auto-rule", target::logql),
    ("target-promql-rule", target::promql),
    ("target-rate-interval-rule", target::rate_interval),
    ("target-job-rule", target::job),
    ("target-instance-rule", target::instance),
    ("target-required-matchers-rule", target::required_matchers),
    ("target-shared-metric-rule", target::shared),
    ("target-counter-agg-rule", target::counter_agg),
    ("target-histogram-rule", target::histogram),
    ("uneditable-dashboard-rule", dashboard::uneditable),
    ("dashboard-refresh-rule", dashboard::refresh),
    ("dashboard-time-rule", dashboard::time),
    ("dashboard-schema-rule", dashboard::schema),
];

/// Where a rule does not fit: its name, the dashboard, the panel, and why.
const EXCEPTIONS: &[(&str, &str, u64, &str)] = &[
    ("target-job-rule", "minitwit-business", 15, COUNTED),
    ("target-job-rule", "minitwit-business", 16, COUNTED),
    ("target-job-rule", "minitwit-business", 17, COUNTED),
    ("target-job-rule", "minitwit-business", 18, COUNTED),
    ("target-instance-rule", "minitwit-business", 15, COUNTED),
    ("target-instance-rule", "minitwit-business", 16, COUNTED),
    ("target-instance-rule", "minitwit-business", 17, COUNTED),
    ("target-instance-rule", "minitwit-business", 18, COUNTED),
    ("target-rate-interval-rule", "minitwit-business", 15, HOURS),
    ("target-rate-interval-rule", "minitwit-business", 16, HOURS),
    ("target-rate-interval-rule", "minitwit-business", 17, HOURS),
    ("target-rate-interval-rule", "minitwit-business", 18, HOURS),
    ("target-job-rule", "minitwit-log-pipeline", 1, WRITTEN),
    ("target-instance-rule", "minitwit-log-pipeline", 1, WRITTEN),
    ("target-required-matchers-rule", "minitwit-infrastructure", 34, "it is about every job"),
];
const COUNTED: &str = "the database has what all replicas did, so all of them are counted";
const HOURS: &str = "the database is asked by whole hours, and so are the counters";
const WRITTEN: &str = "any shipper may bring any line, so all of them are compared with all replicas";

#[test]
fn every_dashboard_keeps_every_rule() {
    let mut broken = Vec::new();
    for board in boards() {
        let uid = text(&board, "/uid");
        for (rule, check) in RULES {
            let found = check(&board).into_iter().filter(|(panel, _)| exception(rule, uid, *panel).is_none());
            broken.extend(found.map(|(panel, what)| format!("{uid}/{panel}: {rule}: {what}")));
        }
    }
    assert!(broken.is_empty(), "\n{}", broken.join("\n"));
}

#[test]
fn every_exception_is_needed() {
    let boards = boards();
    for exception in EXCEPTIONS {
        let (rule, uid, panel, _) = exception;
        let check = RULES.iter().find(|(name, _)| name == rule).unwrap().1;
        let board = boards.iter().find(|board| text(board, "/uid") == *uid).unwrap();
        assert!(check(board).iter().any(|(found, _)| found == panel), "nothing needs {exception:?}");
    }
}

fn exception(rule: &str, uid: &str, panel: u64) -> Option<&'static str> {
    let fits = |(of, dashboard, number, _): &&(&str, &str, u64, &'static str)| {
        (*of, *dashboard, *number) == (rule, uid, panel)
    };
    EXCEPTIONS.iter().find(fits).map(|(_, _, _, reason)| *reason)
}
