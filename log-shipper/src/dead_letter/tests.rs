//! Letters through full folders, crashes, replays and purges.

use std::collections::BTreeSet;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
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

#[test]
fn nobody_else_may_read_letters() {
    let state = tempfile::tempdir().unwrap();
    append(&new(&state), [1]);
    let mode = |path: PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(state.path().join("dead-letters")), 0o700);
    assert_eq!(mode(segment(&state, 1)), 0o600);
}

#[test]
fn a_full_folder_keeps_what_fits_and_says_how_many_until_there_is_room() {
    let state = tempfile::tempdir().unwrap();
    append(&new(&state), [1]);
    let one = fs::metadata(segment(&state, 1)).unwrap().len();
    let letters = DeadLetters::new(state.path(), 3 * one + 10);
    let unfinished = with([2, 3, 4, 5], |group| letters.append_all(group)).unwrap_err();
    assert_eq!(unfinished.written, 2);
    assert!(matches!(unfinished.cause, Error::Full { .. }), "{unfinished}");
    assert!(unfinished.to_string().contains("dead-letter list"), "{unfinished}");
    assert_eq!(numbers(&letters), [at(1, 1), at(1, 2), at(1, 3)]);
    assert_eq!(letters.usage().unwrap(), Usage { bytes: 3 * one, limit: 3 * one + 10 });
    assert!(with([4], |group| letters.append(&group[0])).is_err());

    assert_eq!(letters.purge(&Selection::Numbers(vec![at(1, 2)])).unwrap(), 1);
    with([4], |group| letters.append(&group[0])).unwrap();
    assert_eq!(numbers(&letters), [at(1, 1), at(1, 3), at(1, 4)]);
}

#[test]
fn letters_that_are_handed_over_until_there_is_room_are_kept_once() {
    let state = tempfile::tempdir().unwrap();
    append(&new(&state), [1]);
    let one = fs::metadata(segment(&state, 1)).unwrap().len();
    let letters = DeadLetters::new(state.path(), 3 * one + 10);
    for _ in 0..3 {
        assert_eq!(with(2..6, |group| letters.append_all(group)).unwrap_err().written, 2);
    }
    assert_eq!(numbers(&letters), [at(1, 1), at(1, 2), at(1, 3)]);
    let more = Selection::Numbers(vec![at(1, 1), at(1, 2)]);
    assert_eq!(letters.purge(&more).unwrap(), 2);
    append(&letters, 2..6);
    assert_eq!(numbers(&letters), [at(1, 3), at(1, 4), at(1, 5)]);
    assert_eq!(letters.show(at(1, 4)).unwrap().unwrap().id, id(4));
    // What is refused later, after it was replayed for example, is a letter again.
    assert_eq!(letters.purge(&Selection::All).unwrap(), 3);
    append(&letters, [2]);
    assert_eq!(numbers(&letters).len(), 1);
}

#[test]
fn a_disk_that_fails_keeps_no_letter_and_the_next_attempt_does() {
    let state = tempfile::tempdir().unwrap();
    let letters = new(&state);
    fs::create_dir(state.path().join("dead-letters")).unwrap();
    // One takes nothing, the other cannot be synced.
    for device in ["/dev/full", "/dev/null"] {
        std::os::unix::fs::symlink(device, segment(&state, 1)).unwrap();
        let unfinished = with([1, 2], |group| letters.append_all(group)).unwrap_err();
        assert_eq!(unfinished.written, 0);
        assert!(matches!(unfinished.cause, Error::Io { .. }), "{unfinished}");
        fs::remove_file(segment(&state, 1)).unwrap();
    }
    append(&letters, [1, 2]);
    assert_eq!(numbers(&letters), [at(1, 1), at(1, 2)]);
}

#[test]
fn a_letter_that_a_crash_cut_is_reported_and_hurts_no_other() {
    let state = tempfile::tempdir().unwrap();
    append(&new(&state), [1, 2]);
    let bytes = fs::read(segment(&state, 1)).unwrap();
    let first = bytes.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    for end in first + 1..bytes.len() {
        fs::write(segment(&state, 1), &bytes[..end]).unwrap();
        let letters = new(&state);
        // All but the end of the line: then it is a letter.
        let is_whole = end + 1 == bytes.len();
        append(&letters, [3]);
        let listing = letters.list(10).unwrap();
        assert_eq!(listing.rows.last().unwrap().number, at(1, 3));
        assert_eq!(listing.letters, if is_whole { 3 } else { 2 });
        assert_eq!(listing.damaged, if is_whole { vec![] } else { vec![at(1, 2)] });
        assert_eq!(letters.show(at(1, 2)).is_err(), !is_whole);
    }
    assert_eq!(new(&state).purge(&Selection::Numbers(vec![at(1, 2)])).unwrap(), 1);
    assert_eq!(new(&state).list(10).unwrap().damaged, []);
}

#[test]
fn what_is_refused_again_after_a_crash_is_not_kept_twice() {
    let state = tempfile::tempdir().unwrap();
    append(&new(&state), [1, 2, 3]);
    // The process was killed before the position moved past them.
    let letters = new(&state);
    append(&letters, [2, 3, 4]);
    assert_eq!(letters.list(10).unwrap().letters, 4);
    append(&letters, [5]);
    assert_eq!(numbers(&letters).len(), 5);
}

#[test]
fn a_list_has_the_newest_letters_and_counts_all_by_reason() {
    let state = tempfile::tempdir().unwrap();
    let letters = new(&state);
    append(&letters, 0..5);
    let (id, document) = (id(9), document(9));
    let kind = "illegal\u{1b}[2Jargument";
    letters.append(&Letter { kind, reason: "value 'hunter2'", ..letter(&id, &document) }).unwrap();
    let listing = letters.list(2).unwrap();
    assert_eq!(listing.rows.iter().map(|row| row.number).collect::<Vec<_>>(), [at(1, 5), at(1, 6)]);
    assert_eq!(listing.letters, 6);
    assert_eq!(listing.by_reason[0], ("document_parsing_exception: failed to parse field [a] of type [ip]".into(), 5));
    let table = listing.to_string();
    assert!(!table.contains('\u{1b}') && !table.contains("hunter2"), "{table}");
    assert!(table.contains("6 dead letters, 2 of them above"), "{table}");
    assert_eq!(new(&tempfile::tempdir().unwrap()).list(2).unwrap(), Listing::default());
}

#[tokio::test]
async fn a_replay_sends_the_same_documents_and_removes_those_that_are_stored() {
    let state = tempfile::tempdir().unwrap();
    let letters = new(&state);
    append(&letters, 1..=5);
    let mut seen = Vec::new();
    let replayed = letters
        .replay(&Selection::All, async |group: &[Stored]| {
            seen.extend(group.iter().map(|letter| (letter.id.clone(), letter.document.clone())));
            group.iter().map(|letter| letter.number != at(1, 3)).collect()
        })
        .await
        .unwrap();
    assert_eq!(seen, (1..=5).map(|number| (id(number), document(number))).collect::<Vec<_>>());
    assert_eq!(replayed, Replayed { stored: 4, refused: 1, damaged: vec![] });
    assert_eq!(numbers(&letters), [at(1, 3)]);
    append(&letters, [6]);
    assert_eq!(numbers(&letters), [at(1, 3), at(1, 6)]);
}

#[tokio::test]
async fn letters_that_come_during_a_replay_stay() {
    let state = tempfile::tempdir().unwrap();
    let (letters, shipper) = (new(&state), new(&state));
    append(&shipper, 1..=3);
    let send = async |group: &[Stored]| {
        append(&shipper, [100 + group.len()]);
        vec![true; group.len()]
    };
    assert_eq!(letters.replay(&Selection::All, send).await.unwrap().stored, 3);
    assert_eq!(numbers(&letters), [at(1, 4)]);
}

#[test]
fn what_an_administrator_changes_stays_the_shippers() {
    let state = tempfile::tempdir().unwrap();
    if chown(state.path(), Some(4_711), Some(4_712)).is_err() {
        // Only an administrator can give files away, and so there is nothing to test for others.
        return;
    }
    let letters = new(&state);
    append(&letters, [1, 2]);
    assert_eq!(letters.purge(&Selection::Numbers(vec![at(1, 1)])).unwrap(), 1);
    let is_theirs = |path: &Path| {
        let metadata = fs::metadata(path).unwrap();
        assert_eq!((metadata.uid(), metadata.gid()), (4_711, 4_712), "{}", path.display());
    };
    let folder = state.path().join("dead-letters");
    for path in [&folder, &folder.join("lock"), &segment(&state, 1)] {
        is_theirs(path);
    }
    assert_eq!(letters.purge(&Selection::All).unwrap(), 1);
    is_theirs(&segment(&state, 2));
}

#[tokio::test]
async fn a_replay_that_is_given_up_may_be_repeated() {
    let state = tempfile::tempdir().unwrap();
    let letters = new(&state);
    append(&letters, 1..=3);
    let replay = letters.replay(&Selection::All, async |_: &[Stored]| std::future::pending().await);
    tokio::select! {
        biased;
        _ = replay => unreachable!("the server never answers"),
        () = std::future::ready(()) => {}
    }
    let replayed = letters.replay(&Selection::All, async |group: &[Stored]| vec![true; group.len()]).await.unwrap();
    assert_eq!((replayed.stored, numbers(&letters)), (3, vec![]));
}

#[test]
fn a_number_is_not_given_twice_even_when_everything_was_purged() {
    let state = tempfile::tempdir().unwrap();
    append(&new(&state), 1..=3);
    assert_eq!(new(&state).purge(&Selection::All).unwrap(), 3);
    assert_eq!(new(&state).purge(&Selection::All).unwrap(), 0);
    assert_eq!(new(&state).usage().unwrap().bytes, 0);
    append(&new(&state), [4]);
    assert_eq!(numbers(&new(&state)), [at(2, 1)]);
}

#[test]
fn letters_of_one_type_can_be_purged() {
    let state = tempfile::tempdir().unwrap();
    let letters = new(&state);
    append(&letters, [1]);
    let (id, document) = (id(2), document(2));
    letters.append(&Letter { kind: "other", ..letter(&id, &document) }).unwrap();
    assert_eq!(letters.purge(&Selection::Type("other".into())).unwrap(), 1);
    assert_eq!(numbers(&letters), [at(1, 1)]);
}

#[test]
fn a_long_segment_is_followed_by_the_next() {
    let state = tempfile::tempdir().unwrap();
    let letters = new(&state);
    let large = format!("{{\"message\":\"{}\"}}", "x".repeat(1024 * 1024));
    for number in 0..6 {
        letters.append(&letter(&id(number), &large)).unwrap();
    }
    let found = numbers(&letters);
    assert_eq!((found[0], found[5], found.len()), (at(1, 1), at(2, 2), 6));
    assert_eq!(letters.purge(&Selection::All).unwrap(), 6);
    assert!(!segment(&state, 1).exists() && !segment(&state, 2).exists());
}

#[test]
fn purging_while_letters_are_appended_loses_none() {
    let state = tempfile::tempdir().unwrap();
    append(&new(&state), 0..50);
    let known = numbers(&new(&state));
    thread::scope(|scope| {
        scope.spawn(|| (50..100).for_each(|number| append(&new(&state), [number])));
        scope.spawn(|| {
            for number in &known {
                new(&state).purge(&Selection::Numbers(vec![*number])).unwrap();
            }
        });
    });
    let left = numbers(&new(&state));
    assert_eq!(left.iter().copied().collect::<BTreeSet<_>>().len(), 50);
    let shown = left.iter().map(|number| new(&state).show(*number).unwrap().unwrap().id);
    assert_eq!(shown.collect::<Vec<_>>(), (50..100).map(id).collect::<Vec<_>>());
}

#[test]
fn a_segment_with_other_files_beside_it_is_read_alone() {
    let state = tempfile::tempdir().unwrap();
    append(&new(&state), [1]);
    let folder = state.path().join("dead-letters");
    fs::write(folder.join("000002.new"), "left by a crash").unwrap();
    fs::write(folder.join("notes.ndjson"), "{}").unwrap();
    let mut last = OpenOptions::new().append(true).open(segment(&state, 1)).unwrap();
    last.write_all(b"{\"half").unwrap();
    assert_eq!(numbers(&new(&state)), [at(1, 1)]);
}
