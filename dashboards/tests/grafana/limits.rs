//! Limits that are promised, or at which somebody is told, are drawn; and nothing is set that has no effect.

use dashboards::grafana::{Kind, Panel};
use serde_json::json;

use crate::board::{boards, list, panels, sources, text};

/// A dashboard, a panel, and a limit of it.
const LIMITS: &[(&str, u64, f64)] = &[
    ("minitwit-overview", 2, 0.005),
    ("minitwit-overview", 3, 0.3),
    ("minitwit-overview", 4, 90.0),
    ("minitwit-overview", 6, 1.0),
    ("minitwit-overview", 7, 0.0),
    ("minitwit-overview", 9, 300.0),
    ("minitwit-business", 14, 300.0),
    ("minitwit-infrastructure", 1, 90.0),
    ("minitwit-infrastructure", 3, 0.995),
    ("minitwit-infrastructure", 6, 0.3),
    ("minitwit-infrastructure", 7, 0.3),
    ("minitwit-infrastructure", 8, 0.3),
    ("minitwit-infrastructure", 11, 0.1),
    ("minitwit-infrastructure", 12, 1.0),
    ("minitwit-infrastructure", 13, 20.0),
    ("minitwit-infrastructure", 16, 300.0),
    ("minitwit-infrastructure", 18, 90.0),
    ("minitwit-infrastructure", 19, 95.0),
    ("minitwit-infrastructure", 24, 0.8),
    ("minitwit-infrastructure", 26, 1.0),
    ("minitwit-infrastructure", 28, 0.5),
    ("minitwit-infrastructure", 29, 1_209_600.0),
    ("minitwit-infrastructure", 30, 93_600.0),
    ("minitwit-infrastructure", 31, 2.0),
    ("minitwit-infrastructure", 32, 0.85),
    ("minitwit-infrastructure", 34, 1.0),
    ("minitwit-infrastructure", 37, 1.0),
    ("minitwit-infrastructure", 38, 60.0),
    ("minitwit-infrastructure", 39, 1.0),
    ("minitwit-log-pipeline", 3, 300.0),
    ("minitwit-log-pipeline", 7, 1.0),
    ("minitwit-log-pipeline", 8, 0.9),
    ("minitwit-log-pipeline", 9, 1.0),
    ("minitwit-log-pipeline", 10, 1.0),
    ("minitwit-log-pipeline", 16, 1.0),
    ("minitwit-log-pipeline", 18, 1.0),
    ("minitwit-service-levels", 1, 0.995),
    ("minitwit-service-levels", 2, 0.99),
    ("minitwit-service-levels", 3, 0.0),
    ("minitwit-service-levels", 4, 0.0),
    ("minitwit-service-levels", 5, 14.4),
    ("minitwit-service-levels", 6, 14.4),
];

#[test]
fn every_limit_is_drawn() {
    let boards = boards();
    for (uid, id, limit) in LIMITS {
        let board = boards.iter().find(|board| text(board, "/uid") == *uid).unwrap();
        let panel = panels(board).into_iter().find(|panel| panel["id"] == json!(id)).unwrap();
        let steps = list(panel, "/fieldConfig/defaults/thresholds/steps");
        assert!(steps.iter().any(|step| step["value"] == json!(limit)), "{uid}/{id} has no limit at {limit}");
        let hidden = panel.pointer("/fieldConfig/defaults/custom/thresholdsStyle/mode") == Some(&json!("off"));
        assert!(!hidden, "{uid}/{id} does not draw its limit");
    }
}

#[test]
fn limits_grow_and_the_first_has_no_lower_end() {
    for board in boards() {
        for panel in panels(&board) {
            let steps = list(panel, "/fieldConfig/defaults/thresholds/steps");
            assert!(steps[0]["value"].is_null());
            let values: Vec<_> = steps[1..].iter().map(|step| step["value"].as_f64().unwrap()).collect();
            assert!(values.is_sorted_by(|one, other| one < other), "{}", crate::board::name(panel));
        }
    }
}

#[test]
fn nothing_is_written_that_has_no_effect() {
    for panel in sources().iter().flat_map(dashboards::grafana::Dashboard::panels) {
        let idle = without_effect(panel);
        assert!(idle.is_empty(), "{}: {idle:?}", panel.title);
    }
}

fn without_effect(panel: &Panel) -> Vec<&'static str> {
    let lines = panel.kind == Kind::TimeSeries;
    let written = [
        ("columns", panel.columns.is_empty() || panel.kind == Kind::Table),
        ("course", !panel.course || panel.kind == Kind::Stat),
        ("legend", panel.legend.is_empty() || lines || panel.kind == Kind::BarChart),
        ("stack", !panel.stack || lines || panel.kind == Kind::BarChart),
        ("draw", panel.draw == dashboards::grafana::Draw::Line || lines),
        ("axis", lines || panel.queries.iter().all(|query| query.axis.is_none() && query.draw.is_none())),
        ("step", panel.step.is_none() || panel.kind.over_time()),
        ("colors", panel.colors.is_empty() || lines || panel.kind == Kind::BarChart),
        ("columns of a table", panel.kind != Kind::Table || !panel.columns.is_empty()),
    ];
    written.into_iter().filter(|(_, good)| !good).map(|(name, _)| name).collect()
}

#[test]
fn every_colour_of_a_description_can_be_seen() {
    for board in boards() {
        for panel in panels(&board) {
            let (fields, description) = (panel["fieldConfig"].to_string(), text(panel, "/description"));
            for color in ["red", "orange", "yellow", "green"].map(|color| (color, format!("({color}"))) {
                let shown = !description.contains(&color.1) || fields.contains(&format!("\"{}\"", color.0));
                assert!(shown, "{} is never {}", crate::board::name(panel), color.0);
            }
        }
    }
}

#[test]
fn a_number_with_limits_is_that_of_now() {
    // With its course behind it, a number is the last one of the range, however long ago that was.
    for panel in sources().iter().flat_map(dashboards::grafana::Dashboard::panels) {
        let limited = panel.thresholds.is_some() || panel.queries.iter().any(|query| query.thresholds.is_some());
        assert!(!(panel.course && limited), "{}", panel.title);
    }
}
