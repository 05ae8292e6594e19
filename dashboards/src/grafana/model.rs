//! The whole dashboard in Grafana's form.

use serde_json::{Value, json};

use super::layout::{self, COLUMNS, Place};
use super::source::{Dashboard, Row};
use super::{annotations, links, panel, variables};

/// The schema of Grafana 11.0.
const SCHEMA: u32 = 39;

/// Rows are panels too; their numbers begin where nobody's panel has any.
const FIRST_ROW: u32 = 1001;

/// A dashboard as Grafana is given it.
#[must_use]
pub fn render(dashboard: &Dashboard) -> Value {
    let mut model = json!({
        "annotations": { "list": annotations::all() },
        "description": dashboard.description,
        "editable": false,
        "fiscalYearStartMonth": 0,
        "graphTooltip": 1,
        "id": null,
        "links": links::to_others(dashboard),
        "liveNow": false,
        "panels": panels(dashboard),
        "refresh": dashboard.refresh,
        "schemaVersion": SCHEMA,
        "tags": tags(dashboard),
        "templating": { "list": variables::all(dashboard) },
        "time": { "from": dashboard.from, "to": "now" },
        "timepicker": {},
        "timezone": "browser",
        "title": dashboard.title,
        "uid": dashboard.uid,
        "version": 1,
        "weekStart": "monday",
    });
    model.sort_all_objects();
    model
}

/// The text of the file that Grafana reads: the same for the same dashboard, whatever is built along with this program.
#[must_use]
pub fn json(dashboard: &Dashboard) -> String {
    format!("{:#}\n", render(dashboard))
}

fn tags(dashboard: &Dashboard) -> Vec<&str> {
    [links::TAG].into_iter().chain(dashboard.tags.iter().map(String::as_str)).collect()
}

fn panels(dashboard: &Dashboard) -> Vec<Value> {
    let mut top = 0;
    let mut all = Vec::new();
    for (row, id) in dashboard.rows.iter().zip(FIRST_ROW..) {
        let (places, bottom) = layout::flow(row, top + 1);
        let panels: Vec<_> =
            row.panels.iter().zip(places).map(|(panel, place)| panel::render(dashboard, panel, place)).collect();
        let place = Place { x: 0, y: top, width: COLUMNS, height: 1 };
        // What is in a closed row lies in it, and takes no room until it is opened.
        let (inside, after) = if row.collapsed { (panels, Vec::new()) } else { (Vec::new(), panels) };
        top = if row.collapsed { top + 1 } else { bottom };
        all.push(heading(row, id, place, &inside));
        all.extend(after);
    }
    all
}

fn heading(row: &Row, id: u32, place: Place, panels: &[Value]) -> Value {
    json!({
        "collapsed": row.collapsed,
        "gridPos": panel::position(place),
        "id": id,
        "panels": panels,
        "title": row.title,
        "type": "row",
    })
}
