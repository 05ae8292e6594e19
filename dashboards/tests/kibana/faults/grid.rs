//! Panels lie within the dashboard's grid, and not over each other.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::exports::embedded;

/// Columns of the grid.
const COLUMNS: u64 = 48;

/// What is wrong with a dashboard's panels.
pub fn of(dashboard: &Value) -> Vec<String> {
    let panels = embedded(&dashboard["attributes"]["panelsJSON"]);
    let mut taken = BTreeMap::new();
    let mut faults = Vec::new();
    for panel in panels.as_array().into_iter().flatten() {
        let name = panel["panelIndex"].as_str().unwrap_or_default();
        let [x, y, w, h] = ["x", "y", "w", "h"].map(|side| panel["gridData"][side].as_u64().unwrap_or(u64::MAX / 4));
        if w == 0 || h == 0 || x + w > COLUMNS || h > 100 || panel["gridData"]["i"] != panel["panelIndex"] {
            faults.push(format!("{name} has no place on the grid"));
            continue;
        }
        let cells = (x..x + w).flat_map(|column| (y..y + h).map(move |row| (column, row)));
        let below: BTreeSet<_> = cells.filter_map(|cell| taken.insert(cell, name)).collect();
        faults.extend(below.into_iter().map(|other| format!("{name} lies over {other}")));
    }
    if taken.is_empty() {
        faults.push("the dashboard has no panels".into());
    }
    faults
}
