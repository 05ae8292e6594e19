//! Segments of letters: their numbers, lists, and what is removed.

use super::*;

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
