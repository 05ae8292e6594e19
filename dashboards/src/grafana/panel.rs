//! One panel in Grafana's form.

use serde_json::{Value, json};

use super::layout::Place;
use super::source::{Dashboard, Panel};
use super::{columns, fields, links, options, targets};

/// More points of a series than these Prometheus refuses.
const MOST_POINTS: u32 = 11_000;

/// The panel at its place.
pub fn render(dashboard: &Dashboard, panel: &Panel, place: Place) -> Value {
    let mut model = json!({
        "datasource": targets::data_source(panel),
        "description": panel.description,
        "fieldConfig": fields::config(panel),
        "gridPos": position(place),
        "id": panel.id,
        "links": links::of(dashboard, panel),
        "options": options::of(panel),
        "targets": targets::all(panel),
        "title": panel.title,
        "transformations": columns::transformations(panel),
        "type": panel.kind,
    });
    fields::set(&mut model, "timeFrom", panel.range.as_ref());
    fields::set(&mut model, "interval", panel.step.as_ref());
    // Who gives a step wants that one, also over months.
    fields::set(&mut model, "maxDataPoints", panel.step.as_ref().map(|_| MOST_POINTS));
    model
}

/// A place in the grid.
pub fn position(Place { x, y, width, height }: Place) -> Value {
    json!({ "h": height, "w": width, "x": x, "y": y })
}
