//! Every link of an alert leads to a panel and a search that exist.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use crate::annotations::{dashboard, search};
use crate::folder::{all_alerts, described, text, with_extension};

fn dashboards() -> BTreeMap<String, BTreeSet<u64>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("grafana/dashboards");
    let read = |file: &Path| serde_json::from_str::<Value>(&text(file)).unwrap();
    let boards = with_extension(&folder, "json").iter().map(|file| read(file)).collect::<Vec<_>>();
    let panels =
        |board: &Value| board["panels"].as_array().unwrap().iter().filter_map(|panel| panel["id"].as_u64()).collect();
    boards.iter().map(|board| (board["uid"].as_str().unwrap().to_owned(), panels(board))).collect()
}

fn searches() -> BTreeSet<String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("kibana/kibana.ndjson");
    let objects = text(&file).lines().map(|line| serde_json::from_str::<Value>(line).unwrap()).collect::<Vec<_>>();
    let searches = objects.iter().filter(|object| object["type"] == "search");
    searches.map(|object| object["id"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn each_alert_leads_to_a_panel_that_grafana_is_given() {
    let dashboards = dashboards();
    for alert in all_alerts() {
        let (uid, panel) = dashboard(&alert).unwrap();
        let panels =
            dashboards.get(&uid).unwrap_or_else(|| panic!("{}: there is no dashboard {uid}", described(&alert)));
        assert!(panels.contains(&panel), "{}: {uid} has no panel {panel}", described(&alert));
    }
}

#[test]
fn each_alert_leads_to_a_search_that_kibana_is_given() {
    let searches = searches();
    for alert in all_alerts() {
        let id = search(&alert).unwrap();
        assert!(searches.contains(&id), "{}: there is no search {id}", described(&alert));
    }
}
