//! Where panels stand, and that each number and uid stands for one thing.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::board::{boards, list, name, panels, sources, text};

#[derive(Clone, Copy)]
struct Area {
    x: u64,
    y: u64,
    w: u64,
    h: u64,
}

impl Area {
    fn of(panel: &Value) -> Self {
        let at = |side: &str| panel["gridPos"][side].as_u64().unwrap();
        Self { x: at("x"), y: at("y"), w: at("w"), h: at("h") }
    }

    fn overlaps(self, other: Self) -> bool {
        self.x < other.x + other.w
            && other.x < self.x + self.w
            && self.y < other.y + other.h
            && other.y < self.y + self.h
    }
}

#[test]
fn no_uid_and_no_number_stands_twice() {
    let boards = boards();
    let uids: BTreeSet<_> = boards.iter().map(|board| text(board, "/uid")).collect();
    assert_eq!(uids.len(), boards.len());
    for board in &boards {
        let all = list(board, "/panels").iter().flat_map(|panel| [panel].into_iter().chain(list(panel, "/panels")));
        let ids: Vec<_> = all.map(|panel| panel["id"].as_u64().unwrap()).collect();
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{}: {ids:?}", text(board, "/uid"));
    }
}

#[test]
fn no_panel_overlaps_another_or_leaves_the_24_columns() {
    for board in boards() {
        let top = list(&board, "/panels");
        let closed = top.iter().map(|row| list(row, "/panels")).filter(|inside| !inside.is_empty());
        for panels in [top].into_iter().chain(closed) {
            for (at, panel) in panels.iter().enumerate() {
                let area = Area::of(panel);
                assert!(area.w > 0 && area.h > 0 && area.x + area.w <= 24, "{}", name(panel));
                let other = panels[..at].iter().find(|other| area.overlaps(Area::of(other)));
                assert!(other.is_none(), "{} overlaps {}", name(panel), name(other.unwrap()));
            }
        }
    }
}

#[test]
fn no_panel_is_wider_than_the_grid() {
    for panel in sources().iter().flat_map(dashboards::grafana::Dashboard::panels) {
        assert!(panel.width.is_none_or(|width| (1..=24).contains(&width)), "{}", panel.title);
    }
}

#[test]
fn rows_are_filled_to_the_right() {
    for board in boards() {
        for panel in panels(&board) {
            let area = Area::of(panel);
            let line: Vec<_> = panels(&board).into_iter().filter(|other| Area::of(other).y == area.y).collect();
            let used: u64 = line.iter().map(|panel| Area::of(panel).w).sum();
            assert_eq!(
                used,
                24,
                "{}: {:?}",
                text(&board, "/uid"),
                line.iter().map(|panel| name(panel)).collect::<Vec<_>>()
            );
        }
    }
}

#[test]
fn a_closed_row_holds_its_panels_below_its_heading() {
    let text = include_str!("../../grafana/sources/overview.yml").replacen(
        "    panels:",
        "    collapsed: true\n    panels:",
        1,
    );
    let folder = std::env::temp_dir().join(format!("closed-row-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("overview.yml"), text).unwrap();
    let board = dashboards::grafana::render(&dashboards::grafana::read(&folder).unwrap()[0]);
    std::fs::remove_dir_all(&folder).unwrap();
    assert_eq!(list(&board, "/panels").len(), 1);
    assert_eq!(
        panels(&board).len(),
        sources().iter().find(|dashboard| dashboard.uid == "minitwit-overview").unwrap().panels().count()
    );
    assert!(panels(&board).iter().all(|panel| Area::of(panel).y >= 1));
}
