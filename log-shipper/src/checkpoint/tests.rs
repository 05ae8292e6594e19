//! Positions through restarts, disks that fail, and damage.

mod damage;
mod disk;
mod scale;

use std::fs;
use std::io::ErrorKind;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use tempfile::TempDir;

use super::*;
use crate::line::Stream;
use crate::place::{OpenLines, Place, Window};

const NOW: u64 = 1_750_000_000;
const INDEX: &str = ".ds-logs-minitwit-default-2025.06.15-000001";

fn identity(name: &str) -> Identity {
    Identity {
        source: format!("container/{name}").into(),
        path: Path::new(&format!("/var/lib/docker/containers/{name}/{name}-json.log")).into(),
        device: 64_512,
        inode: 4_711,
        head: Window::of(name.as_bytes()),
        generation: 0,
        id_prefix: *b"0123456789abcdef",
        compressed: false,
    }
}

fn progress(file: FileKey, position: u64) -> Progress {
    Progress { file, position, open: OpenLines::default(), window: Window::of(&position.to_le_bytes()) }
}

fn cut(file: FileKey, start: u64) -> Cut {
    let place = |offset| Place { file, offset };
    Cut { stream: Stream::Stderr, start: place(start), end: place(start + 100) }
}

fn open(folder: &TempDir) -> State {
    let (state, _, damage) = State::open(folder.path()).unwrap();
    assert_eq!(damage, None);
    state
}

fn log_length(folder: &TempDir) -> u64 {
    fs::metadata(folder.path().join("positions")).unwrap().len()
}

/// What a new process finds.
fn after_restart(folder: &TempDir, state: State) -> Vec<Known> {
    drop(state);
    let (_, known, damage) = State::open(folder.path()).unwrap();
    assert_eq!(damage, None);
    known
}

#[test]
fn everything_that_was_told_is_there_after_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let state = open(&folder);
    let (web, api, gone) = (
        state.register(&identity("web")).unwrap(),
        state.register(&identity("api")).unwrap(),
        state.register(&identity("gone")).unwrap(),
    );
    let renamed = Identity { path: Path::new("/renamed.1").into(), compressed: true, ..identity("web") };
    state.update(web, &renamed).unwrap();
    state.sent(&[(web, 900), (api, 50)], INDEX).unwrap();
    let open = OpenLines([None, Some(300)]);
    state.acknowledged(&[Progress { open, ..progress(web, 500) }, progress(api, 50)], NOW).unwrap();
    state.cut(&cut(web, 600)).unwrap();
    state.seen(web, 1_000, NOW);
    state.sync().unwrap();
    state.forget(gone).unwrap();

    let told = state.snapshot();
    let known = after_restart(&folder, state);
    assert_eq!(known, told);
    assert_eq!(known.iter().map(|known| known.key).collect::<Vec<_>>(), [web, api]);
    let of_web = &known[0];
    assert_eq!(of_web.identity, renamed);
    assert_eq!(of_web.progress, Some(Progress { open, ..progress(web, 500) }));
    assert_eq!(of_web.sent_to(899).collect::<Vec<_>>(), [INDEX]);
    assert_eq!(of_web.cuts, [cut(web, 600)]);
    assert_eq!((of_web.size_seen, of_web.last_seen), (1_000, NOW));
    assert_eq!(known[1].sent, []);
}

#[test]
fn a_key_is_not_given_again_after_its_file_is_forgotten() {
    let folder = tempfile::tempdir().unwrap();
    let state = open(&folder);
    let first = state.register(&identity("a")).unwrap();
    state.forget(first).unwrap();
    let second = state.register(&identity("a")).unwrap();
    state.forget(second).unwrap();
    let mut inner = state.lock();
    let Inner { table, log, .. } = &mut *inner;
    log.rewrite(table).unwrap();
    drop(inner);
    assert_eq!(after_restart(&folder, state), []);
    let third = open(&folder).register(&identity("a")).unwrap();
    assert!(first < second && second < third);
}

#[test]
fn a_second_process_is_told_who_has_the_folder() {
    let folder = tempfile::tempdir().unwrap();
    let state = open(&folder);
    let error = State::open(folder.path()).unwrap_err();
    assert!(matches!(error, Error::InUse { process: Some(process), .. } if process == std::process::id()), "{error}");
    assert!(error.to_string().contains("--state"), "{error}");
    drop(state);
    open(&folder);
}

#[test]
fn nobody_else_may_look_into_the_folder() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("new/state");
    State::open(&folder).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), 0o700);
    for file in fs::read_dir(&folder).unwrap() {
        assert_eq!(mode(&file.unwrap().path()), 0o600);
    }
}

#[test]
fn an_acknowledgement_of_one_file_is_one_small_write() {
    let folder = tempfile::tempdir().unwrap();
    let state = open(&folder);
    let file = state.register(&identity("web")).unwrap();
    let (before, writes) = (log_length(&folder), state.counts().writes);
    state.acknowledged(&[Progress { open: OpenLines([Some(1), Some(2)]), ..progress(file, 500) }], NOW).unwrap();
    assert!((1..100).contains(&(log_length(&folder) - before)));
    assert_eq!(state.counts().writes, writes + 1);
}

#[test]
fn what_comes_late_for_a_forgotten_file_does_not_bring_it_back() {
    let folder = tempfile::tempdir().unwrap();
    let state = open(&folder);
    let file = state.register(&identity("web")).unwrap();
    state.forget(file).unwrap();
    let before = log_length(&folder);
    state.acknowledged(&[progress(file, 500)], NOW).unwrap();
    state.sent(&[(file, 500)], INDEX).unwrap();
    state.seen(file, 500, NOW);
    state.forget(file).unwrap();
    assert!(state.update(file, &identity("web")).is_err());
    assert!(state.cut(&cut(file, 1)).is_err());
    assert_eq!(log_length(&folder), before);
    assert_eq!(after_restart(&folder, state), []);
}

#[test]
fn another_generation_of_a_file_does_not_inherit_its_position() {
    let folder = tempfile::tempdir().unwrap();
    let state = open(&folder);
    let file = state.register(&identity("web")).unwrap();
    state.acknowledged(&[progress(file, 500)], NOW).unwrap();
    let truncated = Identity { generation: 1, ..identity("web") };
    assert_eq!(state.update(file, &truncated).unwrap_err().kind(), ErrorKind::InvalidInput);
    let file = state.register(&truncated).unwrap();
    assert_eq!(state.known(file).unwrap().position(), 0);
}

#[test]
fn a_line_in_doubt_knows_every_index_that_it_may_be_in() {
    let folder = tempfile::tempdir().unwrap();
    let state = open(&folder);
    let file = state.register(&identity("web")).unwrap();
    state.sent(&[(file, 100)], "first").unwrap();
    state.sent(&[(file, 200)], "first").unwrap();
    state.sent(&[(file, 300)], "second").unwrap();
    // Lines up to 200 had no answer and are sent once more.
    state.sent(&[(file, 200)], "third").unwrap();
    let indices = |offset| state.known(file).unwrap().sent_to(offset).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(indices(0), ["first", "second", "third"]);
    assert_eq!(indices(200), ["second"]);
    assert_eq!(indices(300), [""; 0]);
    state.acknowledged(&[progress(file, 200)], NOW).unwrap();
    assert_eq!(indices(0), ["second"]);
    state.acknowledged(&[progress(file, 300)], NOW).unwrap();
    assert_eq!(indices(0), [""; 0]);
    assert_eq!(after_restart(&folder, state)[0].sent, []);
}

#[test]
fn an_intent_that_says_nothing_new_is_not_written() {
    let folder = tempfile::tempdir().unwrap();
    let state = open(&folder);
    let file = state.register(&identity("web")).unwrap();
    state.sent(&[(file, 200)], INDEX).unwrap();
    let writes = state.counts().writes;
    state.sent(&[(file, 200)], INDEX).unwrap();
    state.sent(&[(file, 100)], INDEX).unwrap();
    assert_eq!(state.counts().writes, writes);
}

#[test]
fn indices_in_doubt_are_bounded_and_the_newest_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let state = open(&folder);
    let file = state.register(&identity("web")).unwrap();
    for index in 0..100_u64 {
        state.sent(&[(file, index + 1)], &format!("index-{index}")).unwrap();
    }
    let sent = state.known(file).unwrap().sent;
    assert_eq!((sent.len(), &*sent.last().unwrap().index), (16, "index-99"));
    assert_eq!(after_restart(&folder, state)[0].sent, sent);
}

#[test]
fn a_cut_is_kept_until_its_line_is_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let state = open(&folder);
    let file = state.register(&identity("web")).unwrap();
    let cuts = || state.known(file).unwrap().cuts;
    state.cut(&cut(file, 100)).unwrap();
    state.cut(&cut(file, 100)).unwrap();
    // Its pieces are passed, but it is still open.
    state.acknowledged(&[Progress { open: OpenLines([None, Some(100)]), ..progress(file, 500) }], NOW).unwrap();
    assert_eq!(cuts(), [cut(file, 100)]);
    state.acknowledged(&[progress(file, 500)], NOW).unwrap();
    assert_eq!(cuts(), []);
}

#[test]
fn cuts_of_one_file_are_bounded_and_one_too_many_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let state = open(&folder);
    let file = state.register(&identity("web")).unwrap();
    let first = (0..10_000).find(|start| state.cut(&cut(file, *start)).is_err());
    assert_eq!(first, Some(4_096));
    state.cut(&cut(file, 4_095)).unwrap();
    assert_eq!(after_restart(&folder, state)[0].cuts.len(), 4_096);
}

#[test]
fn a_file_that_is_just_there_is_written_once_an_hour() {
    let folder = tempfile::tempdir().unwrap();
    let state = open(&folder);
    let file = state.register(&identity("web")).unwrap();
    let written = |size, now| {
        let before = state.counts().writes;
        state.seen(file, size, now);
        state.sync().unwrap();
        state.counts().writes - before
    };
    assert_eq!(written(10, NOW), 1);
    assert_eq!(written(10, NOW + 1), 0);
    assert_eq!(written(11, NOW + 2), 1);
    assert_eq!(written(11, NOW + 3_602), 1);
    // The clock was set back a day.
    assert_eq!(written(11, NOW - 86_400), 1);
}

#[test]
fn the_log_stays_short_however_long_the_program_runs() {
    let folder = tempfile::tempdir().unwrap();
    let state = open(&folder);
    let file = state.register(&identity("web")).unwrap();
    for position in 0..30_000 {
        state.acknowledged(&[progress(file, position)], NOW).unwrap();
    }
    let long = log_length(&folder);
    state.sync().unwrap();
    assert!(long > 1024 * 1024 && log_length(&folder) < 1_000, "{long} bytes, then {}", log_length(&folder));
    state.acknowledged(&[progress(file, 77_777)], NOW).unwrap();
    assert_eq!(after_restart(&folder, state)[0].position(), 77_777);
}

#[test]
fn positions_can_be_read_while_another_process_writes_them() {
    let folder = tempfile::tempdir().unwrap();
    let state = open(&folder);
    assert_eq!(State::read(folder.path()).unwrap(), []);
    let file = state.register(&identity("web")).unwrap();
    state.acknowledged(&[progress(file, 500)], NOW).unwrap();
    assert_eq!(State::read(folder.path()).unwrap(), state.snapshot());
    assert!(State::read(&folder.path().join("nowhere")).is_err());
}

#[test]
fn a_name_that_no_record_can_hold_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let state = open(&folder);
    let long = Identity { path: Path::new(&"x".repeat(5_000)).into(), ..identity("web") };
    assert_eq!(state.register(&long).unwrap_err().kind(), ErrorKind::InvalidInput);
    for index in ["x".repeat(5_000), "a\0b".to_owned()] {
        assert_eq!(state.sent(&[], &index).unwrap_err().kind(), ErrorKind::InvalidInput);
    }
    assert_eq!(after_restart(&folder, state), []);
}
