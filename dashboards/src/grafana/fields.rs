//! How values are shown: unit, limits, colours, words.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::choices::{Color, Kind};
use super::source::{Meaning, Panel, Thresholds, Written};
use super::{columns, links, options, targets};

/// The panel's field configuration.
pub fn config(panel: &Panel) -> Value {
    let queries = panel.queries.iter().enumerate().filter_map(|(at, query)| of_query(panel, at, query));
    let colors = panel.colors.iter().map(|(name, color)| {
        let color = json!({ "fixedColor": color, "mode": "fixed" });
        overriding("byName", name, &[json!({ "id": "color", "value": color })])
    });
    let overrides: Vec<_> = queries.chain(colors).chain(columns::overrides(panel)).collect();
    json!({ "defaults": defaults(panel), "overrides": overrides })
}

fn defaults(panel: &Panel) -> Value {
    let mut fields = json!({
        "color": { "mode": color_mode(panel) },
        "links": links::of_series(panel),
        "mappings": mappings(&panel.meanings),
        "noValue": panel.none,
        "thresholds": thresholds(panel.thresholds),
        "unit": panel.unit,
    });
    set(&mut fields, "custom", options::custom(panel));
    set(&mut fields, "decimals", panel.decimals);
    set(&mut fields, "max", panel.max);
    set(&mut fields, "min", panel.min);
    fields
}

/// Gives an object a member, if there is one.
pub fn set(object: &mut Value, name: &str, value: Option<impl Serialize>) {
    if let Some(value) = value {
        object[name] = json!(value);
    }
}

/// Numbers and bands are coloured by what they mean; of lines, each has its own colour.
fn color_mode(panel: &Panel) -> &'static str {
    match panel.kind {
        Kind::Stat | Kind::Table | Kind::StateTimeline => "thresholds",
        Kind::TimeSeries | Kind::BarChart | Kind::HeatMap => "palette-classic",
    }
}

fn thresholds(thresholds: Option<Thresholds>) -> Value {
    let base = thresholds.map_or(Color::Text, |thresholds| thresholds.base);
    let limits = thresholds.iter().flat_map(Thresholds::limits);
    let mut steps = vec![json!({ "color": base, "value": null })];
    steps.extend(limits.map(|(limit, color)| json!({ "color": color, "value": limit })));
    json!({ "mode": "absolute", "steps": steps })
}

fn mappings(meanings: &[Meaning]) -> Vec<Value> {
    let words: Map<_, _> = meanings.iter().enumerate().map(word).collect();
    if words.is_empty() { Vec::new() } else { vec![json!({ "options": words, "type": "value" })] }
}

fn word((at, meaning): (usize, &Meaning)) -> (String, Value) {
    (meaning.is.clone(), json!({ "color": meaning.color, "index": at, "text": meaning.text }))
}

fn of_query(panel: &Panel, at: usize, query: &Written) -> Option<Value> {
    let unit = query.unit.iter().map(|unit| json!({ "id": "unit", "value": unit }));
    let axis = query.axis.iter().map(|axis| json!({ "id": "custom.axisPlacement", "value": axis }));
    let color =
        query.color.iter().map(|color| json!({ "id": "color", "value": { "fixedColor": color, "mode": "fixed" } }));
    let limits =
        query.thresholds.iter().map(|limits| json!({ "id": "thresholds", "value": thresholds(Some(*limits)) }));
    let draw =
        query.draw.iter().flat_map(|draw| options::drawn(*draw)).map(|(id, value)| json!({ "id": id, "value": value }));
    let side = options::side(panel, at).map(|side| json!({ "id": "custom.barAlignment", "value": side }));
    let properties: Vec<_> = unit.chain(axis).chain(color).chain(limits).chain(draw).chain(side).collect();
    (!properties.is_empty()).then(|| overriding("byFrameRefID", &targets::reference_id(at), &properties))
}

fn overriding(matcher: &str, of: &str, properties: &[Value]) -> Value {
    json!({ "matcher": { "id": matcher, "options": of }, "properties": properties })
}
