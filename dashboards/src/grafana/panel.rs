//! One panel in Grafana's form.

use serde_json::{Value, json};

use super::layout::Place;
use super::source::{Dashboard, Panel};
use super::{columns, fields, links, options, targets};

/// More points of a series than these Prometheus refuses.
const MOST_POINTS: u32 = 11_000;

/// The shortest step of a panel that counts events. `$__rate_interval` is a minute at least, since a scrape is every 15 s:
/// with shorter steps an event would be counted by several points, and stand there as several.
const COUNTING_STEP: &str = "1m";

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
    fields::set(&mut model, "interval", panel.step.as_deref().or_else(|| counts(panel).then_some(COUNTING_STEP)));
    // Who gives a step wants that one, also over months.
    fields::set(&mut model, "maxDataPoints", panel.step.as_ref().map(|_| MOST_POINTS));
    model
}

/// Whether it shows how often something happened in each interval.
fn counts(panel: &Panel) -> bool {
    let mut queries = panel.queries.iter().map(|query| query.text.as_str());
    panel.kind.over_time() && queries.any(|text| text.contains("increase(") && text.contains("[$__rate_interval]"))
}

/// A place in the grid.
pub fn position(Place { x, y, width, height }: Place) -> Value {
    json!({ "h": height, "w": width, "x": x, "y": y })
}
