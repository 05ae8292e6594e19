//! What is made is up to date with its sources, and the same whenever it is made.

use std::fs;

use dashboards::grafana::{self, Origin};

use crate::board::{boards, folder, panels, sources, text};

#[test]
fn every_dashboard_is_up_to_date_with_its_source() {
    for dashboard in sources() {
        let file = folder("dashboards").join(format!("{}.json", dashboard.uid));
        let made = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        assert!(made == grafana::json(&dashboard), "{} is stale: cargo run -p dashboards", file.display());
    }
}

#[test]
fn nothing_is_left_of_dashboards_that_are_gone() {
    let uids: Vec<_> = sources().iter().map(|dashboard| format!("{}.json", dashboard.uid)).collect();
    for entry in fs::read_dir(folder("dashboards")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(uids.contains(&name), "{name} has no source");
    }
}

#[test]
fn the_same_source_makes_the_same_file_with_sorted_keys() {
    for dashboard in sources() {
        let made = grafana::json(&dashboard);
        assert_eq!(made, grafana::json(&dashboard));
        let again: serde_json::Value = serde_json::from_str(&made).unwrap();
        assert_eq!(format!("{again:#}\n"), made);
    }
}

#[test]
fn every_query_of_every_panel_can_be_tried() {
    for (dashboard, board) in sources().iter().zip(boards()) {
        let queries = grafana::queries(dashboard);
        let targets: usize = panels(&board).iter().map(|panel| panel["targets"].as_array().unwrap().len()).sum();
        assert_eq!(queries.len(), targets, "{}", dashboard.uid);
        assert!(queries.iter().all(|query| query.dashboard == dashboard.uid && !query.text.is_empty()));
        assert!(queries.iter().all(|query| matches!(query.origin, Origin::Panel { id, .. } if id > 0)));
    }
}

#[test]
fn annotations_and_variables_can_be_tried_too() {
    for dashboard in sources() {
        let hidden = grafana::hidden_queries(&dashboard);
        let names: Vec<_> = hidden.iter().map(|query| query.origin).collect();
        assert!(names.contains(&Origin::Annotation("Deployments")), "{names:?}");
        assert!(names.contains(&Origin::Variable("job")) && names.contains(&Origin::Variable("instance")), "{names:?}");
    }
}

#[test]
fn the_readme_gets_a_line_for_each_dashboard_with_all_its_panels() {
    let (sources, table) = (sources(), grafana::table(&sources()));
    let lines: Vec<_> = table.lines().skip(2).collect();
    assert_eq!(lines.len(), sources.len());
    for (line, dashboard) in lines.iter().zip(&sources) {
        assert!(line.contains(&dashboard.question) && line.contains(&dashboard.uid));
        assert_eq!(line.matches('|').count(), 4, "{line}");
        assert!(dashboard.panels().all(|panel| line.contains(&panel.title)));
    }
}

#[test]
fn every_dashboard_shows_deployments_and_critical_alerts() {
    for board in boards() {
        let marks: Vec<_> =
            board["annotations"]["list"].as_array().unwrap().iter().map(|mark| text(mark, "/name")).collect();
        assert_eq!(marks, ["Deployments", "Critical alerts"]);
    }
}
