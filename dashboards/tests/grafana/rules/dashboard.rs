//! Rules on the dashboard itself.

use serde_json::{Value, json};

use super::Found;
use crate::board::text;

/// It is changed in its file only.
pub fn uneditable(board: &Value) -> Found {
    unless(board["editable"] == json!(false), "it can be edited, and the next deployment throws away what was edited")
}

/// It asks anew by itself, and not more often than there is something new.
pub fn refresh(board: &Value) -> Found {
    unless(["30s", "1m", "5m"].contains(&text(board, "/refresh")), "refresh is none of 30s, 1m and 5m")
}

/// It looks back from now.
pub fn time(board: &Value) -> Found {
    let from = text(board, "/time/from");
    unless(from.starts_with("now-") && text(board, "/time/to") == "now", "its time does not end now")
}

/// It can be read by the oldest Grafana that is supported; all panels share the pointer.
pub fn schema(board: &Value) -> Found {
    let oldest = board["schemaVersion"] == json!(39) && board["id"].is_null();
    let shared = unless(board["graphTooltip"] == json!(1), "panels do not share the pointer");
    [unless(oldest, "it is not in the form of Grafana 11.0, or belongs to one installation"), shared].concat()
}

fn unless(good: bool, what: &str) -> Found {
    if good { Vec::new() } else { vec![(0, what.to_owned())] }
}
