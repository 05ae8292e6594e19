//! Rules on a single panel.

use serde_json::Value;

use super::Found;
use crate::board::{list, panels, text};

/// Grafana's units that ours are chosen from; anything else would be shown as a word behind the number.
const UNITS: [&str; 18] = [
    "none",
    "short",
    "locale",
    "percent",
    "percentunit",
    "bytes",
    "Bps",
    "s",
    "dtdurations",
    "dateTimeFromNow",
    "reqps",
    "ops",
    "cps",
    "cpm",
    "bool_yes_no",
    "ms",
    "string",
    "iops",
];

/// It asks the chosen data source, and not one of a certain installation.
pub fn data_source(board: &Value) -> Found {
    let known = |uid: &str| ["${prometheus}", "${postgres}", "${elasticsearch}"].contains(&uid);
    let strange = |panel: &&Value| {
        let of_panel = text(panel, "/datasource/uid");
        let targets: Vec<_> = list(panel, "/targets").iter().map(|target| text(target, "/datasource/uid")).collect();
        let mixed = of_panel == "-- Mixed --" && targets.iter().any(|uid| *uid != targets[0]);
        !(mixed || known(of_panel) && targets.iter().all(|uid| *uid == of_panel))
            || !targets.iter().all(|uid| known(uid))
    };
    found(board, strange, "it does not ask a data source that is chosen at the top")
}

/// It has a title, and a description that says what good looks like.
pub fn title_description(board: &Value) -> Found {
    let silent = |panel: &&Value| {
        let description = text(panel, "/description");
        let says = description.ends_with('.') && (description.contains("Good:") || description.contains("Good "));
        text(panel, "/title").is_empty() || !says
    };
    found(board, silent, "its description does not say what good looks like")
}

/// Its units, also those of single series and columns, are Grafana's.
pub fn units(board: &Value) -> Found {
    let strange = |panel: &&Value| {
        let of_panel = text(panel, "/fieldConfig/defaults/unit");
        let properties = list(panel, "/fieldConfig/overrides").iter().flat_map(|field| list(field, "/properties"));
        let others =
            properties.filter(|property| text(property, "/id") == "unit").map(|property| text(property, "/value"));
        ![of_panel].into_iter().chain(others).all(|unit| UNITS.contains(&unit))
    };
    found(board, strange, "it has no unit, or one that Grafana does not know")
}

/// It asks something.
pub fn no_targets(board: &Value) -> Found {
    let idle = |panel: &&Value| {
        let targets = list(panel, "/targets");
        let asks =
            |target| ["/expr", "/rawSql", "/query"].iter().any(|pointer| !text(target, pointer).trim().is_empty());
        targets.is_empty() || !targets.iter().all(asks)
    };
    found(board, idle, "it asks nothing")
}

/// It says what it means that there is nothing.
pub fn no_value(board: &Value) -> Found {
    found(
        board,
        |panel| text(panel, "/fieldConfig/defaults/noValue").len() < 8,
        "it does not say what it means that there is nothing",
    )
}

/// Each line has a name; a list of labels in braces is none.
pub fn legend(board: &Value) -> Found {
    let over_time = |panel: &Value| ["timeseries", "state-timeline", "heatmap"].contains(&text(panel, "/type"));
    let nameless = |panel: &&Value| {
        let promql = list(panel, "/targets").iter().filter(|target| target.get("expr").is_some());
        over_time(panel) && promql.into_iter().any(|target| ["", "__auto"].contains(&text(target, "/legendFormat")))
    };
    found(board, nameless, "a line of it has no name")
}

fn found(board: &Value, wrong: impl Fn(&&Value) -> bool, what: &str) -> Found {
    let wrong = panels(board).into_iter().filter(wrong);
    wrong.map(|panel| (panel["id"].as_u64().unwrap_or_default(), what.to_owned())).collect()
}
