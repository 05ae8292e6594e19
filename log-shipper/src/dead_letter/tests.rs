//! Letters through full folders, crashes, replays and purges.

mod disk;
mod replay;
mod segments;

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::PathBuf;
use std::thread;

use tempfile::TempDir;

use super::*;

const LIMIT: u64 = 16 * 1024 * 1024;

fn id(number: usize) -> String {
    format!("AAAAAAAAAAAAAAAA{number:08}")
}

fn document(number: usize) -> String {
    format!(
        "{{\"log.file.path\":\"/logs/a\",\"container.id\":\"f00\",\"container.name\":\"web\",\"log.offset\":{number},\
         \"message\":\"line {number}\"}}"
    )
}

/// Gives `take` letters with these numbers.
fn with<T>(numbers: impl IntoIterator<Item = usize>, take: impl FnOnce(&[Letter<'_>]) -> T) -> T {
    let texts: Vec<_> = numbers.into_iter().map(|number| (id(number), document(number))).collect();
    let letters: Vec<_> = texts.iter().map(|(id, document)| letter(id, document)).collect();
    take(&letters)
}

fn letter<'a>(id: &'a str, document: &'a str) -> Letter<'a> {
    Letter {
        time: 1_750_000_000_123_456,
        id,
        target: "logs-minitwit-default",
        status: 400,
        kind: "document_parsing_exception",
        reason: "failed to parse field [a] of type [ip]",
        line: None,
        document: document.as_bytes(),
    }
}

fn append(letters: &DeadLetters, numbers: impl IntoIterator<Item = usize>) {
    with(numbers, |group| letters.append_all(group)).unwrap();
}

fn at(segment: u32, line: u32) -> Number {
    Number { segment, line }
}

fn numbers(letters: &DeadLetters) -> Vec<Number> {
    letters.list(usize::MAX).unwrap().rows.into_iter().map(|row| row.number).collect()
}

fn new(state: &TempDir) -> DeadLetters {
    DeadLetters::new(state.path(), LIMIT)
}

fn segment(state: &TempDir, number: u32) -> PathBuf {
    state.path().join(format!("dead-letters/{number:06}.ndjson"))
}

#[test]
fn a_letter_says_what_a_person_needs_and_has_the_document_byte_for_byte() {
    let state = tempfile::tempdir().unwrap();
    let letters = new(&state);
    append(&letters, [7]);
    let stored = letters.show(at(1, 1)).unwrap().unwrap();
    assert_eq!(stored.document, document(7));
    assert_eq!((&*stored.id, &*stored.target, stored.status), (&*id(7), "logs-minitwit-default", 400));
    assert_eq!(stored.time, "2025-06-15T15:06:40.123456Z");
    assert_eq!(stored.line.as_deref(), Some("line 7"));
    assert_eq!(stored.source.to_string(), "web, byte 7 of /logs/a");
    assert_eq!(letters.show(at(1, 2)).unwrap(), None);
    assert_eq!(letters.show(at(2, 1)).unwrap(), None);

    let text = fs::read_to_string(segment(&state, 1)).unwrap();
    let json: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(json["document"]["message"], "line 7");
    assert_eq!(json["error"]["type"], "document_parsing_exception");
    assert_eq!(json["source"]["offset"], 7);
}

#[test]
fn a_document_that_is_no_json_is_kept_all_the_same() {
    let state = tempfile::tempdir().unwrap();
    let letters = new(&state);
    for (line, document) in (1..).zip(["{\"a\":", "{\"a\":\n1}", "", "[1]"]) {
        letters.append(&letter(&id(document.len()), document)).unwrap();
        assert_eq!(letters.show(at(1, line)).unwrap().unwrap().document, document);
    }
}

#[test]
fn a_member_of_another_type_hides_no_other() {
    let state = tempfile::tempdir().unwrap();
    let letters = new(&state);
    let document =
        r#"{"log.file.path":"/logs/a","container.name":{"a":1},"log.offset":7,"event.original":3,"message":"x"}"#;
    letters.append(&letter(&id(1), document)).unwrap();
    let stored = letters.show(at(1, 1)).unwrap().unwrap();
    assert_eq!(stored.source.to_string(), "/logs/a, byte 7");
    assert!(stored.line.is_some());
}
