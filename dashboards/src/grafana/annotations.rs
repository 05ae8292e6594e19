//! What is marked on every time series: deployments, and alerts that wake someone.

use serde_json::{Value, json};

use super::choices::DataSource;

/// One mark, asked of Prometheus.
pub struct Annotation {
    /// What it is called in the list at the top.
    pub name: &'static str,
    /// Which series mark something: where they are above 0, or, if they are times, the time that they tell.
    pub promql: &'static str,
    /// Whether their values are times, in milliseconds.
    times: bool,
    title: &'static str,
    text: &'static str,
    color: &'static str,
}

/// The marks of every dashboard.
pub const ANNOTATIONS: [Annotation; 2] = [
    // One for each version and its newest start, however many replicas it has: a restart is marked too.
    Annotation {
        name: "Deployments",
        promql: r#"1000 * max by (version, revision) (process_start_time_seconds{job=~"minitwit-.*"} * on (job, instance) group_left (version, revision) minitwit_build_info{job=~"minitwit-.*"})"#,
        times: true,
        title: "MiniTwit {{version}} started",
        text: "Revision {{revision}}",
        color: "blue",
    },
    Annotation {
        name: "Critical alerts",
        promql: r#"max by (alertname, component) (ALERTS{alertstate="firing",severity="critical"})"#,
        times: false,
        title: "{{alertname}}",
        text: "A critical alert of {{component}} fires",
        color: "red",
    },
];

/// The marks in Grafana's form.
pub fn all() -> Vec<Value> {
    ANNOTATIONS.iter().map(Annotation::render).collect()
}

impl Annotation {
    // The query stands there twice: Grafana 11 reads `expr` and `step`, later ones `target`.
    fn render(&self) -> Value {
        json!({
            "datasource": { "type": DataSource::Prometheus.plugin(), "uid": "${prometheus}" },
            "enable": true,
            "expr": self.promql,
            "hide": false,
            "iconColor": self.color,
            "name": self.name,
            "step": "60s",
            "target": { "expr": self.promql, "interval": "60s", "refId": "Anno" },
            "textFormat": self.text,
            "titleFormat": self.title,
            "useValueForTime": self.times,
        })
    }
}
