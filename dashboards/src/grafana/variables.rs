//! What a dashboard can be asked for at its top.

use serde_json::{Value, json};

use super::choices::{DataSource, Variable};
use super::source::Dashboard;

/// Where Kibana is found, seen from the browser: behind the same proxy.
const KIBANA: &str = "/kibana";

/// The variables of a dashboard, and the hidden one that leads to Kibana.
pub fn all(dashboard: &Dashboard) -> Vec<Value> {
    let chosen = dashboard.variables.iter().map(|variable| variable_of(*variable, &dashboard.targets));
    chosen.chain([kibana()]).collect()
}

/// The series behind a variable that offers a label's values.
pub fn selector(variable: Variable, targets: &str) -> Option<String> {
    match variable {
        Variable::Prometheus | Variable::Postgres | Variable::Elasticsearch => None,
        Variable::Job => Some(targets.to_owned()),
        Variable::Instance => Some(format!(r#"{targets}{{job=~"$job"}}"#)),
        Variable::Route => Some(r#"http_server_requests_total{job=~"$job",instance=~"$instance"}"#.to_owned()),
    }
}

fn variable_of(variable: Variable, targets: &str) -> Value {
    match variable {
        Variable::Prometheus => data_source(DataSource::Prometheus, "Prometheus data source"),
        Variable::Postgres => data_source(DataSource::Postgres, "PostgreSQL data source"),
        Variable::Elasticsearch => data_source(DataSource::Elasticsearch, "Elasticsearch data source"),
        Variable::Job => label_values(variable, targets, "Job", ".+"),
        Variable::Instance => label_values(variable, targets, "Instance", ".+"),
        // It goes into addresses too, where a plus would be read as a space.
        Variable::Route => label_values(variable, targets, "Route", ".*"),
    }
}

fn data_source(source: DataSource, label: &str) -> Value {
    let (name, uid) = source.identity();
    json!({
        "current": { "selected": false, "text": name, "value": uid },
        "hide": 0,
        "includeAll": false,
        "label": label,
        "multi": false,
        "name": source.variable().name(),
        "options": [],
        "query": source.plugin(),
        "refresh": 1,
        "regex": "",
        "skipUrlSync": false,
        "type": "datasource",
    })
}

fn label_values(variable: Variable, targets: &str, label: &str, every: &str) -> Value {
    let name = variable.name();
    let values = format!("label_values({},{name})", selector(variable, targets).unwrap_or_default());
    json!({
        "allValue": every,
        "current": { "selected": true, "text": ["All"], "value": ["$__all"] },
        "datasource": { "type": DataSource::Prometheus.plugin(), "uid": "${prometheus}" },
        "definition": values,
        "hide": 0,
        "includeAll": true,
        "label": label,
        "multi": true,
        "name": name,
        "options": [],
        "query": { "qryType": 1, "query": values, "refId": "Labels" },
        "refresh": 2,
        "regex": "",
        "skipUrlSync": false,
        "sort": 1,
        "type": "query",
    })
}

fn kibana() -> Value {
    json!({
        "current": { "selected": true, "text": KIBANA, "value": KIBANA },
        "hide": 2,
        "name": "kibana",
        "options": [],
        "query": KIBANA,
        "skipUrlSync": true,
        "type": "constant",
    })
}
