//! Full folders, disks that fail, crashes, and whose the files are.

use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};

use super::*;

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
