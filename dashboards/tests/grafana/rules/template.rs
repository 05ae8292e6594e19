//! Rules on the variables at the top.

use dashboards::grafana::DataSource;
use serde_json::{Value, json};

use super::Found;
use crate::board::{text, variable, variables};
use crate::expression;

/// Each data source that is used can be chosen.
pub fn data_source(board: &Value) -> Found {
    let everything = board.to_string();
    let used =
        DataSource::ALL.into_iter().filter(|source| everything.contains(&format!("${{{}}}", source.variable().name())));
    let missing = used.filter(|source| {
        let chosen = variable(board, source.variable().name());
        !chosen.is_some_and(|chosen| text(chosen, "/type") == "datasource" && text(chosen, "/query") == source.plugin())
    });
    missing.map(|source| (0, format!("there is no variable for {source:?}"))).collect()
}

/// `job` can be chosen, more than one of them, and all.
pub fn job(board: &Value) -> Found {
    label(board, "job", "Job", ".+")
}

/// `instance` can be chosen, more than one of them, and all.
pub fn instance(board: &Value) -> Found {
    label(board, "instance", "Instance", ".+")
}

fn label(board: &Value, name: &str, label: &str, all: &str) -> Found {
    let good = variable(board, name).is_some_and(|variable| {
        let all = text(variable, "/allValue") == all
            && variable["includeAll"] == json!(true)
            && variable["multi"] == json!(true);
        let query = text(variable, "/type") == "query" && text(variable, "/datasource/uid") == "${prometheus}";
        all && query && text(variable, "/label") == label
    });
    if good { Vec::new() } else { vec![(0, format!("there is no good variable {name}"))] }
}

/// What a variable asks Prometheus is `label_values(SERIES, LABEL)`.
pub fn label_promql(board: &Value) -> Found {
    let asked = variables(board).iter().filter(|variable| text(variable, "/type") == "query");
    let wrong = asked.filter(|variable| {
        let query = text(variable, "/query/query");
        let inner = query.strip_prefix("label_values(").and_then(|inner| inner.strip_suffix(')'));
        let parts = inner.and_then(|inner| inner.rsplit_once(','));
        !parts.is_some_and(|(series, label)| expression::parse(series).is_ok() && label == text(variable, "/name"))
    });
    wrong.map(|variable| (0, format!("{} asks {}", text(variable, "/name"), text(variable, "/query/query")))).collect()
}

/// The values are those of the chosen time.
pub fn on_time_change_reload(board: &Value) -> Found {
    let asked = variables(board).iter().filter(|variable| text(variable, "/type") == "query");
    let stale = asked.filter(|variable| variable["refresh"] != json!(2));
    stale.map(|variable| (0, format!("{} is not asked anew", text(variable, "/name")))).collect()
}

/// Each variable is used by some panel.
pub fn unused(board: &Value) -> Found {
    let panels = board["panels"].to_string();
    let word = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let used = |name: &str| {
        panels.split('$').skip(1).any(|after| {
            let after = after.strip_prefix('{').unwrap_or(after);
            after.split(|c: char| !word(c)).next() == Some(name)
        })
    };
    let idle = variables(board).iter().map(|variable| text(variable, "/name")).filter(|name| !used(name));
    idle.map(|name| (0, format!("nothing uses {name}"))).collect()
}
