//! The columns of a table: their order, headings, and what is left out.

use serde_json::{Map, Value, json};

use super::choices::{DataSource, Kind};
use super::source::{Column, Panel};

/// What Prometheus adds to each row, and nobody needs beside its labels and its value.
const NOISE: [&str; 2] = ["Time", "Value"];

/// The unit of what is no number.
const WORDS: &str = "string";

/// What a cell without a value shows, such as that of a label that other rows have: what stands there if the whole table is
/// empty would be wrong.
const NOTHING: &str = "–";

/// The steps from the answers to the table.
pub fn transformations(panel: &Panel) -> Vec<Value> {
    if panel.kind != Kind::Table {
        return Vec::new();
    }
    let merge = (panel.queries.len() > 1).then(|| json!({ "id": "merge", "options": {} }));
    merge.into_iter().chain([organize(panel)]).collect()
}

fn organize(panel: &Panel) -> Value {
    let shown = |field: &str| panel.columns.iter().any(|column| column.field == field);
    let from_prometheus = panel.queries.iter().any(|query| query.source == DataSource::Prometheus);
    let noise = NOISE.into_iter().filter(|field| from_prometheus && !shown(field));
    let excluded: Map<_, _> = noise.map(|field| (field.to_owned(), json!(true))).collect();
    let each = |value: fn((usize, &Column)) -> Value| -> Map<String, Value> {
        panel.columns.iter().enumerate().map(|(at, column)| (column.field.clone(), value((at, column)))).collect()
    };
    json!({
        "id": "organize",
        "options": {
            "excludeByName": excluded,
            "indexByName": each(|(at, _)| json!(at)),
            "renameByName": each(|(_, column)| json!(column.title)),
        },
    })
}

/// How each column differs from the panel's other fields.
pub fn overrides(panel: &Panel) -> Vec<Value> {
    let from_prometheus = panel.queries.iter().all(|query| query.source == DataSource::Prometheus);
    let all = panel.columns.iter().map(|column| (column, properties(column, from_prometheus)));
    all.map(|(column, properties)| json!({ "matcher": { "id": "byName", "options": column.title }, "properties": properties }))
        .collect()
}

fn properties(column: &Column, from_prometheus: bool) -> Vec<Value> {
    // A word that looks like a number, such as a revision of digits only, would be shown in the panel's unit.
    let words = from_prometheus && !column.field.starts_with("Value");
    let unit = column.unit.as_deref().or(words.then_some(WORDS)).map(|unit| json!({ "id": "unit", "value": unit }));
    let nothing = json!({ "id": "noValue", "value": NOTHING });
    let colored = column.colored.then(|| json!({ "id": "custom.cellOptions", "value": { "type": "color-text" } }));
    let width = column.width.iter().map(|width| json!({ "id": "custom.width", "value": width }));
    unit.into_iter().chain([nothing]).chain(colored).chain(width).collect()
}

/// The order of the rows.
pub fn order(panel: &Panel) -> Vec<Value> {
    let ordered = panel.columns.iter().filter(|column| column.descending);
    ordered.map(|column| json!({ "desc": true, "displayName": column.title })).collect()
}
