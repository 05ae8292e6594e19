//! Damaged logs: what can be read is used, and no position is ahead of what was acknowledged.

use std::collections::HashMap;
use std::os::unix::ffi::OsStringExt;

use proptest::prelude::*;

use super::*;
use crate::checkpoint::header::Header;
use crate::checkpoint::reading::{Flaws, Reading};

/// A call of the program.
#[derive(Clone, Debug)]
enum Call {
    Register,
    Grow(usize),
    Sent(usize, u64),
    Acknowledge(usize, u64),
    Cut(usize),
    Seen(usize, u64),
    Forget(usize),
    Rewrite,
}

fn call() -> impl Strategy<Value = Call> {
    let (which, bytes) = (0..100_usize, 1..10_000_u64);
    prop_oneof![
        3 => Just(Call::Register),
        2 => which.clone().prop_map(Call::Grow),
        3 => (which.clone(), bytes.clone()).prop_map(|(which, bytes)| Call::Sent(which, bytes)),
        8 => (which.clone(), bytes.clone()).prop_map(|(which, bytes)| Call::Acknowledge(which, bytes)),
        1 => which.clone().prop_map(Call::Cut),
        1 => (which.clone(), bytes).prop_map(|(which, bytes)| Call::Seen(which, bytes)),
        1 => which.prop_map(Call::Forget),
        1 => Just(Call::Rewrite),
    ]
}

/// A log, and what it said at each length since it was last written anew.
struct History {
    log: Vec<u8>,
    said: Vec<(usize, Vec<Known>)>,
    /// All that was ever true of each file.
    truths: HashMap<FileKey, (Vec<Identity>, Vec<Option<Progress>>)>,
}

impl History {
    fn of(calls: &[Call]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let state = open(&folder);
        let mut history = Self { log: Vec::new(), said: Vec::new(), truths: HashMap::new() };
        for call in calls {
            play(&state, call);
            if matches!(call, Call::Rewrite) {
                history.said.clear();
            }
            history.note(&folder, state.snapshot());
        }
        history.log = fs::read(folder.path().join("positions")).unwrap();
        history
    }

    fn note(&mut self, folder: &TempDir, now: Vec<Known>) {
        for known in &now {
            let (identities, positions) = self.truths.entry(known.key).or_default();
            identities.push(known.identity.clone());
            positions.push(known.progress);
        }
        let length = usize::try_from(log_length(folder)).unwrap();
        self.said.push((length, now));
    }

    /// What the first `length` bytes say, if that was noted: a rewrite has no steps.
    fn said_by(&self, length: usize) -> Option<&[Known]> {
        self.said.iter().rfind(|(noted, _)| *noted <= length).map(|(_, said)| &**said)
    }

    fn last(&self) -> &[Known] {
        self.said.last().map_or(&[], |(_, said)| said)
    }

    /// Nothing is ahead, of another file, or of a key that is given again.
    fn check(&self, reading: &Reading) {
        for known in reading.table.all() {
            let (identities, positions) = self.truths.get(&known.key).expect("a key that was given");
            assert!(identities.contains(&known.identity), "{known:?}");
            assert!(known.progress.is_none() || positions.contains(&known.progress), "{known:?}");
        }
        assert!(self.truths.keys().all(|key| key.0 < reading.table.next), "a key could be given again");
    }
}

fn play(state: &State, call: &Call) {
    let known = state.snapshot();
    let pick = |which: usize| known.get(which % known.len().max(1));
    let with = |which, call: &dyn Fn(FileKey, u64)| {
        if let Some(known) = pick(which) {
            call(known.key, known.position());
        }
    };
    match *call {
        Call::Register => _ = state.register(&identity(&format!("c{}", state.lock().table.next))).unwrap(),
        Call::Rewrite => {
            let mut inner = state.lock();
            let Inner { table, log, .. } = &mut *inner;
            log.rewrite(table).unwrap();
        }
        Call::Grow(which) => {
            let Some(known) = pick(which) else { return };
            let head = Window { length: known.identity.head.length + 1, ..known.identity.head };
            state.update(known.key, &Identity { head, ..known.identity.clone() }).unwrap();
        }
        Call::Forget(which) => with(which, &|key, _| state.forget(key).unwrap()),
        Call::Cut(which) => with(which, &|key, at| state.cut(&cut(key, at)).unwrap()),
        Call::Sent(which, bytes) => with(which, &|key, at| state.sent(&[(key, at + bytes)], INDEX).unwrap()),
        Call::Acknowledge(which, bytes) => {
            with(which, &|key, at| state.acknowledged(&[progress(key, at + bytes)], NOW).unwrap());
        }
        Call::Seen(which, bytes) => {
            with(which, &|key, _| state.seen(key, bytes, NOW));
            state.sync().unwrap();
        }
    }
}

fn read(log: &[u8]) -> Reading {
    reading::all(log).unwrap().unwrap()
}

fn copies_of(reading: &Reading) -> Vec<Known> {
    reading.table.all().into_iter().cloned().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_log_that_ends_anywhere_says_what_it_said_then(calls in prop::collection::vec(call(), 1..40)) {
        let history = History::of(&calls);
        for length in 0..=history.log.len() {
            let reading = read(&history.log[..length]);
            history.check(&reading);
            if let Some(said) = history.said_by(length) {
                prop_assert_eq!(copies_of(&reading), said);
            }
        }
    }

    #[test]
    fn a_flipped_bit_costs_at_most_what_one_record_said(
        calls in prop::collection::vec(call(), 1..40), bit in 0_u8..8,
    ) {
        let history = History::of(&calls);
        for at in 0..history.log.len() {
            let mut log = history.log.clone();
            log[at] ^= 1 << bit;
            let reading = read(&log);
            prop_assert!(reading.flaws.any());
            history.check(&reading);
            let found: HashMap<_, _> = copies_of(&reading).into_iter().map(|known| (known.key, known)).collect();
            let changed = history.last().iter().filter(|known| found.get(&known.key) != Some(known)).count();
            let back = found.keys().filter(|key| history.last().iter().all(|known| known.key != **key)).count();
            prop_assert!(changed + back <= 1, "{} files changed, {} came back", changed, back);
        }
    }

    #[test]
    fn zeros_anywhere_leave_what_was_said_before_and_nothing_false(
        calls in prop::collection::vec(call(), 1..40), from in 0.0..1.0, length in 1..400_usize,
    ) {
        let history = History::of(&calls);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a share")]
        let from = (history.log.len() as f64 * from) as usize;
        let mut log = history.log.clone();
        let end = (from + length).min(log.len());
        log[from..end].fill(0);
        let reading = read(&log);
        history.check(&reading);
        for before in history.said_by(from).filter(|_| from >= Header::BYTES).into_iter().flatten() {
            // Unless it was forgotten afterwards.
            if let Some(now) = reading.table.get(before.key) {
                prop_assert!(now.position() >= before.position());
            }
        }
    }

    #[test]
    fn garbage_is_no_position(garbage in prop::collection::vec(any::<u8>(), 0..2_000)) {
        prop_assert_eq!(copies_of(&read(&garbage)), []);
    }
}

fn damaged(damage: impl FnOnce(&mut Vec<u8>)) -> (TempDir, FileKey) {
    let folder = tempfile::tempdir().unwrap();
    let state = open(&folder);
    let file = state.register(&identity("web")).unwrap();
    state.acknowledged(&[progress(file, 500)], NOW).unwrap();
    drop(state);
    let log = folder.path().join("positions");
    let mut bytes = fs::read(&log).unwrap();
    damage(&mut bytes);
    fs::write(&log, bytes).unwrap();
    (folder, file)
}

#[test]
fn a_damaged_log_is_kept_and_described_and_the_next_start_finds_none() {
    let (folder, file) = damaged(|log| log.truncate(log.len() - 3));
    let bytes = fs::read(folder.path().join("positions")).unwrap();
    let (state, known, damage) = State::open(folder.path()).unwrap();
    let damage = damage.unwrap();
    assert!(damage.is_torn_end());
    assert_eq!(fs::read(damage.kept.as_ref().unwrap()).unwrap(), bytes);
    let text = damage.to_string();
    assert!(text.contains("positions is damaged: its last") && text.contains("kept as"), "{text}");
    assert_eq!((known[0].key, known[0].position()), (file, 0));
    assert!(state.register(&identity("api")).unwrap() > file);
    assert_eq!(after_restart(&folder, state).len(), 2);
}

#[test]
fn damage_in_the_middle_is_told_from_a_torn_end() {
    let (folder, _) = damaged(|log| log[30] ^= 1);
    let damage = State::open(folder.path()).unwrap().2.unwrap();
    assert!(!damage.is_torn_end());
    let text = damage.to_string();
    assert!(text.contains("1 places") && text.contains("1 records belong to files whose own record is lost"), "{text}");
}

#[test]
fn an_empty_log_is_a_damage_and_its_keys_are_not_given_again() {
    let (folder, file) = damaged(Vec::clear);
    let (state, known, damage) = State::open(folder.path()).unwrap();
    assert_eq!(known, []);
    assert!(damage.unwrap().to_string().contains("it is empty"));
    assert!(state.register(&identity("web")).unwrap() > file);
}

#[test]
fn three_damaged_logs_are_kept_the_newest_as_number_one() {
    let folder = tempfile::tempdir().unwrap();
    for text in ["one", "two", "three", "four", "five"] {
        fs::write(folder.path().join("positions"), text).unwrap();
        State::open(folder.path()).unwrap().2.unwrap();
    }
    let kept = |number| fs::read_to_string(folder.path().join(format!("positions.damaged-{number}"))).ok();
    assert_eq!([1, 2, 3, 4].map(kept), [Some("five".into()), Some("four".into()), Some("three".into()), None]);
}

#[test]
fn a_newer_version_is_refused_and_left_alone() {
    let newer = |log: &mut Vec<u8>| {
        log[8] = 2;
        let crc = crc32fast::hash(&log[..16]);
        log[16..20].copy_from_slice(&crc.to_le_bytes());
    };
    let (folder, _) = damaged(newer);
    let bytes = fs::read(folder.path().join("positions")).unwrap();
    let error = State::open(folder.path()).unwrap_err();
    assert!(matches!(error, Error::Version { version: 2, .. }), "{error}");
    assert_eq!(fs::read(folder.path().join("positions")).unwrap(), bytes);
}

#[test]
fn a_version_number_that_was_damaged_is_no_version() {
    let (folder, _) = damaged(|log| log[8] = 2);
    let (_, known, damage) = State::open(folder.path()).unwrap();
    assert_eq!(known[0].position(), 500);
    assert!(damage.unwrap().to_string().contains("does not begin as one of ours"));
}

#[test]
fn the_name_of_a_file_cannot_hold_a_record() {
    let folder = tempfile::tempdir().unwrap();
    let state = open(&folder);
    let victim = state.register(&identity("victim")).unwrap();
    let mut forged = Vec::new();
    Record::Progress(progress(victim, 999_999), NOW).append(&mut forged);
    assert_eq!(forged[0], 0, "no path has a zero byte");
    let name: Vec<u8> = forged.iter().copied().filter(|byte| *byte != 0).collect();
    let path = std::ffi::OsString::from_vec(name);
    state.register(&Identity { path: Path::new(&path).into(), ..identity("forger") }).unwrap();
    drop(state);
    let mut log = fs::read(folder.path().join("positions")).unwrap();
    for at in 0..log.len() {
        log[at] ^= 1;
        let reading = read(&log);
        assert!(reading.table.get(victim).is_none_or(|known| known.progress.is_none()));
        log[at] ^= 1;
    }
    assert_eq!(read(&log).flaws, Flaws::default());
}
