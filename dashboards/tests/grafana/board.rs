//! A dashboard as Grafana sees it, and the ways to its parts.

use std::path::{Path, PathBuf};

use dashboards::grafana::{self, Dashboard};
use serde_json::Value;

/// A file or folder of the dashboards.
pub fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("grafana").join(name)
}

/// What people have written.
pub fn sources() -> Vec<Dashboard> {
    grafana::read(&folder("sources")).unwrap_or_else(|error| panic!("{error:#}"))
}

/// What is made of it.
pub fn boards() -> Vec<Value> {
    sources().iter().map(grafana::render).collect()
}

pub fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

pub fn list<'a>(value: &'a Value, pointer: &str) -> &'a [Value] {
    value.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

/// Every panel that shows something, also those in closed rows.
pub fn panels(board: &Value) -> Vec<&Value> {
    let all = list(board, "/panels").iter().flat_map(|panel| [panel].into_iter().chain(list(panel, "/panels")));
    all.filter(|panel| text(panel, "/type") != "row").collect()
}

/// Every query of Prometheus with its panel.
pub fn promql(board: &Value) -> Vec<(&Value, &str)> {
    let targets =
        panels(board).into_iter().flat_map(|panel| list(panel, "/targets").iter().map(move |target| (panel, target)));
    targets.filter_map(|(panel, target)| Some((panel, target.get("expr")?.as_str()?))).collect()
}

pub fn variables(board: &Value) -> &[Value] {
    list(board, "/templating/list")
}

pub fn variable<'a>(board: &'a Value, name: &str) -> Option<&'a Value> {
    variables(board).iter().find(|variable| text(variable, "/name") == name)
}

/// A panel's place in words, for those who read a failure.
pub fn name(panel: &Value) -> String {
    format!("{} {}", panel["id"], text(panel, "/title"))
}
