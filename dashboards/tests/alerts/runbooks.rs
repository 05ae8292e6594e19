//! Each alert has a runbook, whose blocks can be pasted.

use std::collections::BTreeSet;
use std::path::Path;

use dashboards::alerts::{Runbook, SECTIONS};
use serde_json::Value;

use crate::folder::{all_alerts, runbooks, text};

const LANGUAGES: [&str; 4] = ["promql", "kql", "sh", "sql"];

#[test]
fn each_alert_has_a_runbook_and_each_runbook_an_alert() {
    let alerts: BTreeSet<_> = all_alerts().iter().map(|alert| alert.name().to_owned()).collect();
    let books: BTreeSet<_> = runbooks().into_iter().map(|book| book.name).collect();
    assert_eq!(alerts, books);
}

#[test]
fn each_has_its_name_and_these_sections_in_this_order() {
    for book in runbooks() {
        assert_eq!(book.title, book.name);
        let headings: Vec<_> = book.sections.iter().map(|section| section.heading.as_str()).collect();
        assert_eq!(headings, SECTIONS, "{}", book.name);
        for section in &book.sections {
            let words = section.text.split_whitespace().count();
            assert!(words > 7, "{}: {} says nothing", book.name, section.heading);
        }
    }
}

#[test]
fn each_has_a_query_a_search_and_a_way_to_make_it_fire() {
    for book in runbooks() {
        assert!(book.blocks("promql").next().is_some(), "{} has no query", book.name);
        assert!(book.blocks("kql").next().is_some(), "{} has no search", book.name);
        let test = book.sections.last().unwrap();
        assert!(!test.blocks.is_empty(), "{} does not say how to try it", book.name);
    }
}

#[test]
fn blocks_say_what_they_are_written_in_and_are_not_empty() {
    for book in runbooks() {
        for block in book.sections.iter().flat_map(|section| &section.blocks) {
            assert!(LANGUAGES.contains(&block.language.as_str()), "{}: {:?}", book.name, block.language);
            assert!(!block.text.trim().is_empty(), "{}", book.name);
        }
    }
}

#[test]
fn queries_can_be_read() {
    for book in runbooks() {
        for block in book.blocks("promql") {
            let parsed = promql_parser::parser::parse(block.text.trim());
            assert!(parsed.is_ok(), "{}: {}\n{:?}", book.name, block.text, parsed.err());
        }
    }
}

#[test]
fn searches_ask_for_fields_that_the_log_has() {
    let template = Path::new(env!("CARGO_MANIFEST_DIR")).join("../log-shipper/setup/fields.json");
    let fields: Value = serde_json::from_str(&text(&template)).unwrap();
    for book in runbooks() {
        for (block, field) in book.blocks("kql").flat_map(|block| asked(&block.text).map(move |field| (block, field))) {
            assert!(fields.get(field).is_some(), "{}: {}there is no field {field}", book.name, block.text);
        }
    }
}

/// The fields of a query: what stands before a colon or a comparison, outside of quotes.
fn asked(kql: &str) -> impl Iterator<Item = &str> {
    let outside = kql.split('"').step_by(2);
    let words = outside.flat_map(|text| text.split([' ', '(', ')', '\n']).collect::<Vec<_>>());
    let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
    let before = words.clone().into_iter().zip(words.clone().into_iter().skip(1));
    let compared = before.filter(|(_, sign)| [">", ">=", "<", "<="].contains(sign)).map(|(field, _)| field);
    let equal = words.into_iter().filter_map(|word| word.split_once(':').map(|(field, _)| field));
    compared.collect::<Vec<_>>().into_iter().chain(equal.collect::<Vec<_>>())
}

#[test]
fn fields_are_found_in_a_search() {
    let kql = "event.dataset: \"a: b\" and not (user.name:ada or event.duration > 300)\nlog.level: error";
    let mut found: Vec<_> = asked(kql).collect();
    found.sort_unstable();
    assert_eq!(found, ["event.dataset", "event.duration", "log.level", "user.name"]);
}

#[test]
fn links_lead_to_runbooks_that_are_there() {
    let names: BTreeSet<_> = runbooks().into_iter().map(|book| book.name).collect();
    for book in runbooks() {
        for link in links(&book) {
            let target = link.strip_suffix(".md").unwrap_or_else(|| panic!("{}: {link}", book.name));
            assert!(names.contains(target), "{} leads to {link}", book.name);
        }
    }
}

/// Where the links of a runbook lead.
fn links(book: &Runbook) -> Vec<&str> {
    let texts = book.sections.iter().map(|section| section.text.as_str());
    let ends = texts.flat_map(|text| text.split("](").skip(1));
    ends.filter_map(|rest| rest.split_once(')')).map(|(link, _)| link).collect()
}
