//! What is drawn can be read: bars beside each other, each event once, the worst line first.

use serde_json::{Value, json};

use crate::board::{boards, list, name, panels, promql, sources, text};

const STYLE: &str = "/fieldConfig/defaults/custom";

/// Panels whose bars stand on the axis and not on each other.
fn bars(board: &Value) -> Vec<&Value> {
    let alone = |panel: &&Value| {
        panel.pointer(&format!("{STYLE}/drawStyle")) == Some(&json!("bars"))
            && panel.pointer(&format!("{STYLE}/stacking/mode")) == Some(&json!("none"))
    };
    panels(board).into_iter().filter(alone).collect()
}

/// How many series a query has, as far as its text says.
fn series(target: &Value) -> usize {
    let sql = text(target, "/rawSql");
    let columns = sql.split(" FROM").next().unwrap_or_default().split("\nFROM").next().unwrap_or_default();
    let values = columns.matches(',').count();
    if sql.is_empty() { 1 + usize::from(text(target, "/expr").contains("by (")) } else { values }
}

fn side(panel: &Value, reference: &str) -> Option<i64> {
    let of = list(panel, "/fieldConfig/overrides").iter().filter(|one| text(one, "/matcher/options") == reference);
    let mut properties = of.flat_map(|one| list(one, "/properties"));
    properties.find(|property| text(property, "/id") == "custom.barAlignment")?["value"].as_i64()
}

#[test]
fn no_bar_hides_another() {
    let mut pairs = 0;
    for board in boards() {
        for panel in bars(&board) {
            let targets = list(panel, "/targets");
            assert!(targets.iter().all(|target| series(target) == 1), "{}: bars of a query overlap", name(panel));
            let sides: Vec<_> = targets.iter().map(|target| side(panel, text(target, "/refId"))).collect();
            let apart = targets.len() == 1 || sides == [Some(-1), Some(1)];
            assert!(apart, "{}: bars stand at {sides:?}", name(panel));
            let width = panel.pointer(&format!("{STYLE}/barWidthFactor")).and_then(Value::as_f64).unwrap();
            assert!(targets.len() == 1 || width < 0.5, "{}: bars reach over the next ones", name(panel));
            pairs += usize::from(targets.len() == 2);
        }
    }
    assert!(pairs >= 4, "{pairs}");
}

#[test]
fn what_happened_once_is_not_drawn_in_four_bars() {
    // $__rate_interval is at least four scrapes: with a point for each scrape an event is in four of them.
    for board in boards() {
        for (panel, query) in promql(&board) {
            let counted = query.contains("increase(") && query.contains("[$__rate_interval]");
            assert!(!counted || !text(panel, "/interval").is_empty(), "{} counts events more than once", name(panel));
        }
    }
}

/// What a panel says of its own of one of its fields.
fn own<'a>(panel: &'a Value, field: &str) -> Vec<(&'a str, &'a str)> {
    let of = list(panel, "/fieldConfig/overrides").iter().filter(|one| text(one, "/matcher/options") == field);
    of.flat_map(|one| list(one, "/properties"))
        .map(|property| (text(property, "/id"), text(property, "/value")))
        .collect()
}

#[test]
fn a_cell_without_a_value_does_not_say_that_the_table_is_empty() {
    let made = boards();
    for panel in sources().iter().flat_map(dashboards::grafana::Dashboard::panels) {
        for column in &panel.columns {
            let of = |made: &&Value| text(made, "/title") == panel.title && text(made, "/type") == "table";
            let table = made.iter().flat_map(panels).find(of).unwrap();
            assert!(own(table, &column.title).contains(&("noValue", "–")), "{}: {}", panel.title, column.title);
        }
    }
}

#[test]
fn a_word_of_digits_is_no_number() {
    for (title, words) in
        [("Up-time per replica", "Revision"), ("Top authors", "Author"), ("Firing alerts", "Instance")]
    {
        let boards = boards();
        let table = boards.iter().flat_map(panels).find(|panel| text(panel, "/title") == title).unwrap();
        assert!(own(table, words).contains(&("unit", "string")), "{title}: {words}");
    }
}

#[test]
fn the_line_with_the_highest_peak_is_first_in_its_legend() {
    for board in boards() {
        for panel in panels(&board) {
            let calcs = list(panel, "/options/legend/calcs");
            let sorted = text(panel, "/options/legend/sortBy") == "Max"
                && panel.pointer("/options/legend/sortDesc") == Some(&json!(true));
            assert_eq!(sorted, calcs.contains(&json!("max")), "{}", name(panel));
        }
    }
}
