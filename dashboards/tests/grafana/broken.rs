//! Each rule notices what it is there for: a dashboard is broken in one way, and the rule says so.

use serde_json::{Value, json};

use crate::board::{boards, text};
use crate::rules::RULES;

/// A rule, where the dashboard is broken, and what stands there then.
fn breaks() -> Vec<(&'static str, &'static str, Value)> {
    let query = |promql: &str| json!(promql);
    vec![
        ("template-datasource-rule", "/templating/list/0/query", json!("loki")),
        ("template-job-rule", "/templating/list/1/multi", json!(false)),
        ("template-job-rule", "/templating/list/1/allValue", json!("")),
        ("template-instance-rule", "/templating/list/2/datasource/uid", json!("minitwit-prometheus")),
        ("template-label-promql-rule", "/templating/list/1/query/query", json!("label_values(job)")),
        ("template-label-promql-rule", "/templating/list/1/query/query", json!("label_values(up{,job)")),
        ("template-on-time-change-reload-rule", "/templating/list/3/refresh", json!(1)),
        ("template-unused-rule", "/templating/list/3/name", json!("rout")),
        ("panel-datasource-rule", "/panels/1/datasource/uid", json!("minitwit-prometheus")),
        ("panel-datasource-rule", "/panels/1/targets/0/datasource/uid", json!("${postgres}")),
        ("panel-title-description-rule", "/panels/1/title", json!("")),
        ("panel-title-description-rule", "/panels/1/description", json!("Answers per second.")),
        ("panel-units-rule", "/panels/1/fieldConfig/defaults/unit", json!("requests")),
        ("panel-units-rule", "/panels/1/fieldConfig/overrides/0/properties/0", json!({ "id": "unit", "value": "" })),
        ("panel-no-targets-rule", "/panels/1/targets", json!([])),
        ("panel-no-targets-rule", "/panels/1/targets/0/expr", json!(" ")),
        ("panel-no-value-rule", "/panels/1/fieldConfig/defaults/noValue", Value::Null),
        ("panel-legend-rule", "/panels/1/targets/0/legendFormat", json!("__auto")),
        ("target-logql-rule", "/panels/1/targets/0/datasource/type", json!("loki")),
        ("target-logql-auto-rule", "/panels/1/targets/0/datasource/type", json!("loki")),
        ("target-promql-rule", "/panels/1/targets/0/expr", query("sum by (via (up)")),
        ("target-promql-rule", "/panels/1/targets/0/expr", query("rate(up)")),
        ("target-rate-interval-rule", "/panels/1/targets/0/expr", query("sum(rate(http_server_requests_total[5m]))")),
        ("target-rate-interval-rule", "/panels/1/targets/0/expr", query("increase(minitwit_panics_total[$__range])")),
        (
            "target-job-rule",
            "/panels/1/targets/0/expr",
            query(r#"minitwit_users{job="minitwit-web",instance=~"$instance"}"#),
        ),
        ("target-job-rule", "/panels/1/targets/0/expr", query(r#"up{job=~"minitwit-.*"}"#)),
        ("target-instance-rule", "/panels/1/targets/0/expr", query(r#"minitwit_users{job=~"$job"}"#)),
        ("target-required-matchers-rule", "/panels/1/targets/0/expr", query("node_load1")),
        ("target-shared-metric-rule", "/panels/1/targets/0/expr", query(r#"up{job=~"$job",instance=~"$instance"}"#)),
        ("target-counter-agg-rule", "/panels/1/targets/0/expr", query("sum(http_server_requests_total)")),
        ("target-counter-agg-rule", "/panels/1/targets/0/expr", query("max_over_time(minitwit_panics_total[5m])")),
        ("target-counter-agg-rule", "/panels/1/targets/0/expr", query("node_vmstat_oom_kill")),
        (
            "target-histogram-rule",
            "/panels/1/targets/0/expr",
            query("sum(rate(minitwit_db_pool_wait_seconds_bucket[$__rate_interval]))"),
        ),
        ("uneditable-dashboard-rule", "/editable", json!(true)),
        ("dashboard-refresh-rule", "/refresh", json!("5s")),
        ("dashboard-time-rule", "/time/from", json!("2026-01-01")),
        ("dashboard-schema-rule", "/schemaVersion", json!(41)),
        ("dashboard-schema-rule", "/id", json!(17)),
        ("dashboard-schema-rule", "/graphTooltip", json!(0)),
    ]
}

#[test]
fn each_rule_notices_what_is_broken() {
    let whole = boards().into_iter().find(|board| text(board, "/uid") == "minitwit-infrastructure").unwrap();
    for (name, pointer, value) in breaks() {
        let mut board = whole.clone();
        *board.pointer_mut(pointer).unwrap_or_else(|| panic!("there is no {pointer}")) = value.clone();
        let check = RULES.iter().find(|(rule, _)| *rule == name).unwrap().1;
        assert!(check(&board).len() > check(&whole).len(), "{name} does not notice {pointer} = {value}");
    }
}

#[test]
fn each_rule_is_broken_once() {
    let broken: Vec<_> = breaks().into_iter().map(|(name, ..)| name).collect();
    let forgotten: Vec<_> = RULES.iter().filter(|(name, _)| !broken.contains(name)).collect();
    assert!(forgotten.is_empty(), "{:?}", forgotten.iter().map(|(name, _)| name).collect::<Vec<_>>());
}
