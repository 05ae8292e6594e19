//! What queries ask for is what the programs write.

use std::fs;
use std::path::Path;

use dashboards::kibana::Flavour;
use dashboards::kibana::kql::{self, Test};
use dashboards::kibana::source::Show;

use crate::exports::{file, objects, source};

/// The text of all of the two programs' own files.
fn programs() -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    ["app/src", "event-log/src", "log-shipper/src"].iter().map(|folder| text_of(&root.join(folder))).collect()
}

fn text_of(folder: &Path) -> String {
    let mut text = String::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            text += &text_of(&path);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            text += &fs::read_to_string(path).unwrap();
        }
    }
    text
}

/// Every query of the source.
fn queries() -> Vec<String> {
    let source = source();
    let panels = source.dashboard.panels.iter().flat_map(|panel| match &panel.show {
        Show::Text(_) | Show::Search(_) => Vec::new(),
        Show::Counts(counts) => counts.series.iter().map(|series| &series.query).chain([&counts.query]).collect(),
        Show::Lines(lines) => vec![&lines.query],
        Show::Table(table) => vec![&table.query],
    });
    panels.chain(source.searches.iter().map(|search| &search.query)).map(|query| query.value.clone()).collect()
}

/// How a program's source says that a field has this value.
fn sayings(field: &str, value: &str) -> Vec<String> {
    match field {
        "event.dataset" => [r#""dataset":"V""#, r#""dataset": "V""#].map(|saying| saying.replace('V', value)).into(),
        "minitwit.role" => vec![format!("role(\"{value}\")")],
        "minitwit.route" => vec![format!("(\"{value}\""), format!("(\n            \"{value}\"")],
        "log.level" => vec![format!("=> \"{value}\"")],
        "message" => vec![format!("\"{value}")],
        _ => vec![format!("\"{value}\"")],
    }
}

fn is_said(field: &str, value: &str, programs: &str) -> bool {
    value.parse::<i64>().is_ok() || sayings(field, value).iter().any(|saying| programs.contains(saying))
}

/// Words that a query asks for, and no program writes.
fn unwritten(query: &str, programs: &str) -> Vec<String> {
    let query = kql::parse(query).unwrap();
    let asked = query.conditions().into_iter().filter_map(|condition| match &condition.test {
        Test::Phrase(value) | Test::Word(value) => Some((condition.field.as_str(), value)),
        _ => None,
    });
    asked.filter(|(field, value)| !is_said(field, value, programs)).map(|(_, value)| value.clone()).collect()
}

#[test]
fn each_word_that_is_asked_for_is_one_that_a_program_writes() {
    let programs = programs();
    for query in queries() {
        assert_eq!(unwritten(&query, &programs), [""; 0], "{query}");
    }
    for filter in source().searches.iter().flat_map(|search| &search.filters) {
        let value = filter.is.as_deref().unwrap_or_default();
        assert!(is_said(&filter.field.value, value, &programs), "{value}");
    }
}

/// The lines of what the server refuses unread have a door, and no route, type of answer or role.
#[test]
fn what_the_simulator_asked_for_is_told_by_its_door() {
    let source = source();
    let search = source.searches.iter().find(|search| search.id.value == "minitwit-simulator-errors").unwrap();
    let panel = source.dashboard.panels.iter().find(|panel| panel.id.value == "simulator").unwrap();
    let Show::Counts(counts) = &panel.show else { panic!("it counts") };
    for query in [&search.query.value, &counts.query.value] {
        assert!(query.contains(r#"minitwit.via: "api""#) && !query.contains("minitwit.route"), "{query}");
    }
}

#[test]
fn every_failed_request_is_in_the_table_of_failing_routes() {
    for flavour in Flavour::ALL {
        let all = objects(&file(flavour));
        let table = all.iter().find(|object| object["id"] == "minitwit-on-call-failing-routes").unwrap();
        let text = table.to_string().replace('\\', "");
        for rest in ["otherBucket", "missingBucket"] {
            assert_eq!(text.matches(&format!("\"{rest}\":true")).count(), 2, "{}: {rest}", flavour.file());
        }
    }
}

#[test]
fn a_word_that_no_program_writes_would_be_noticed() {
    let programs = programs();
    let query = r#"error.type: ("busy" or "lazy") and message: "the shipper has landed" and minitwit.role: "busy""#;
    assert_eq!(unwritten(query, &programs), ["lazy", "the shipper has landed", "busy"]);
}
