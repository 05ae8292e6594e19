//! Whoever writes a dashboard is told what is wrong with it: where, and what is accepted.

use std::fs;

use dashboards::grafana;

use crate::board::folder;

/// What is said of the overview with one text of it replaced by another.
fn said(from: &str, to: &str) -> String {
    let text = fs::read_to_string(folder("sources").join("overview.yml")).unwrap();
    assert!(text.contains(from), "the overview has no {from}");
    let place = std::env::temp_dir().join(format!("written-{}-{:x}", std::process::id(), from.len() * 1000 + to.len()));
    fs::create_dir_all(&place).unwrap();
    fs::write(place.join("overview.yml"), text.replacen(from, to, 1)).unwrap();
    let error = grafana::read(&place).map(|_| ()).unwrap_err();
    fs::remove_dir_all(&place).unwrap();
    format!("{error:#}")
}

fn assert_says(said: &str, parts: &[&str]) {
    for part in parts.iter().chain(&["overview.yml", "line", "column"]) {
        assert!(said.contains(part), "{part} is not in\n{said}");
    }
}

#[test]
fn an_unknown_field_is_named_with_its_place_and_those_that_exist() {
    assert_says(
        &said("        kind: timeseries", "        kinds: timeseries"),
        &["kinds", "kind", "thresholds", "queries"],
    );
}

#[test]
fn an_unknown_word_is_named_with_those_that_exist() {
    assert_says(&said("kind: timeseries", "kind: graph"), &["graph", "timeseries", "stat", "table", "heatmap"]);
    assert_says(&said("orange: 0.005", "pink: 0.005"), &["pink", "orange", "red"]);
}

#[test]
fn a_missing_field_is_named() {
    assert_says(&said("        none: No request was counted\n", ""), &["none"]);
}

#[test]
fn a_query_has_one_language() {
    assert_says(
        &said("          - promql: sum", "          - sql: SELECT 1\n            promql: sum"),
        &["exactly one of", "promql", "sql", "lucene"],
    );
    assert_says(
        &said("            legend: '{{via}}'", "            legends: '{{via}}'"),
        &["legends", "legend", "axis"],
    );
}

#[test]
fn a_detail_is_a_dashboard_and_a_panel() {
    assert_says(
        &said("detail: minitwit-infrastructure/4", "detail: minitwit-infrastructure/four"),
        &["DASHBOARD/PANEL"],
    );
}

#[test]
fn a_value_of_another_type_is_told() {
    assert_says(&said("min: 0", "min: zero"), &["zero"]);
    assert_says(&said("id: 1", "id: -1"), &["-1"]);
}

#[test]
fn a_folder_that_is_not_there_is_named() {
    let error = grafana::read(&folder("nowhere")).map(|_| ()).unwrap_err();
    assert!(format!("{error:#}").contains("nowhere"));
}
