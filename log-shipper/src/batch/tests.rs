use std::sync::mpsc;
use std::thread;
use std::time::Instant;

use super::*;
use crate::place::{FileKey, OpenLines, Window};

const LIMITS: Limits = Limits { bytes: 1_000, count: 3, age: Duration::from_millis(200) };

fn id(text: &str) -> Id {
    let mut id = [b'-'; 24];
    id[..text.len()].copy_from_slice(text.as_bytes());
    id
}

fn add(open: &mut Open, name: &str, target: &Arc<str>, document: &str) {
    open.begin(&id(name), target, Instant::now());
    open.buffer().extend_from_slice(document.as_bytes());
    open.end();
}

fn progress(file: u32, position: u64) -> Progress {
    Progress { file: FileKey(file), position, open: OpenLines::default(), window: Window::default() }
}

fn opened(pool: &Pool) -> (Open, Arc<str>) {
    let target = Arc::from("logs-app-default");
    (pool.try_open(&target).unwrap(), target)
}

#[test]
fn an_item_is_read_back_from_the_body() {
    let (mut open, target) = opened(&Pool::new(LIMITS, 10_000));
    add(&mut open, "one", &target, r#"{"message":"a"}"#);
    add(&mut open, "two", &Arc::from("logs-other-default"), r#"{"message":"b"}"#);
    let batch = open.seal(Instant::now());

    assert_eq!(
        batch.body(),
        &br#"{"create":{"_id":"one---------------------"}}
{"message":"a"}
{"create":{"_index":"logs-other-default","_id":"two---------------------"}}
{"message":"b"}
"#[..]
    );
    assert_eq!((batch.id(0), batch.target_of(0)), ("one---------------------", "logs-app-default"));
    assert_eq!((batch.id(1), batch.target_of(1)), ("two---------------------", "logs-other-default"));
    assert_eq!(batch.document(1), br#"{"message":"b"}"#);
    assert_eq!(batch.item(0).len() + batch.item(1).len(), batch.body().len());
    assert_eq!(
        batch.targets.iter().map(|target| &**target).collect::<Vec<_>>(),
        ["logs-app-default", "logs-other-default"]
    );
}

#[test]
fn an_abandoned_item_leaves_nothing() {
    let (mut open, target) = opened(&Pool::new(LIMITS, 10_000));
    open.begin(&id("gone"), &target, Instant::now());
    open.buffer().extend_from_slice(b"{");
    open.abandon();
    assert!(open.is_empty() && open.due().is_none());
    add(&mut open, "kept", &target, "{}");
    assert_eq!(open.seal(Instant::now()).id(0), "kept--------------------");
}

#[test]
fn a_batch_is_full_by_bytes_and_by_count() {
    let pool = Pool::new(LIMITS, 10_000);
    let (mut open, target) = opened(&pool);
    add(&mut open, "large", &target, &"x".repeat(1_000));
    assert!(open.is_full());

    let (mut open, target) = opened(&pool);
    for _ in 0..3 {
        assert!(!open.is_full());
        add(&mut open, "small", &target, "{}");
    }
    assert!(open.is_full());
}

#[test]
fn its_age_counts_from_its_first_document() {
    let (mut open, target) = opened(&Pool::new(LIMITS, 10_000));
    let first = Instant::now();
    open.begin(&id("a"), &target, first);
    open.end();
    open.begin(&id("b"), &target, first + Duration::from_secs(1));
    open.end();
    assert_eq!(open.due(), Some(first + LIMITS.age));
}

#[test]
fn the_last_position_of_a_file_counts() {
    let (mut open, target) = opened(&Pool::new(LIMITS, 10_000));
    for (file, position) in [(1, 10), (2, 5), (1, 20)] {
        open.reach(progress(file, position), &target, Instant::now());
    }
    let steps = open.seal(Instant::now()).steps.clone();
    assert_eq!(steps.iter().map(|step| step.progress).collect::<Vec<_>>(), [progress(1, 20), progress(2, 5)]);
}

#[test]
fn doubt_is_noted_with_the_item() {
    let (mut open, target) = opened(&Pool::new(LIMITS, 10_000));
    add(&mut open, "sure", &target, "{}");
    open.begin(&id("unsure"), &target, Instant::now());
    open.end_in_doubt(&Arc::from(".ds-1"));
    let doubtful = open.seal(Instant::now()).doubtful.clone();
    assert_eq!((doubtful.len(), doubtful[0].item, &*doubtful[0].since), (1, 1, ".ds-1"));
}

#[test]
fn the_budget_is_lent_once_and_comes_back_with_the_batch() {
    let pool = Pool::new(LIMITS, 2_000);
    let (first, target) = opened(&pool);
    let second = pool.try_open(&target).unwrap();
    assert!(pool.try_open(&target).is_none());
    drop(first.seal(Instant::now()));
    assert!(pool.try_open(&target).is_some());
    drop(second);
    assert_eq!(pool.used(), 0);
}

#[test]
fn a_document_larger_than_a_batch_is_charged_in_full() {
    let pool = Pool::new(LIMITS, 2_000);
    let (mut open, target) = opened(&pool);
    add(&mut open, "huge", &target, &"x".repeat(5_000));
    assert!(pool.used() > 5_000);
    assert!(pool.try_open(&target).is_none());
    drop(open.seal(Instant::now()));
    assert_eq!(pool.used(), 0);
}

#[test]
fn a_buffer_is_used_again() {
    let pool = Pool::new(LIMITS, 2_000);
    let (mut open, target) = opened(&pool);
    add(&mut open, "a", &target, "{}");
    let place = open.buffer().as_ptr();
    drop(open.seal(Instant::now()));
    assert_eq!(opened(&pool).0.buffer().as_ptr(), place);
}

#[test]
fn who_waits_for_room_gets_it_or_is_woken_at_the_end() {
    let pool = Pool::new(LIMITS, 1_000);
    let (open, target) = opened(&pool);
    let (sender, answers) = mpsc::channel();
    let waiting = thread::spawn({
        let pool = pool.clone();
        move || {
            // It keeps the first one, so that the second has to wait until the end.
            let first = pool.open(&target);
            sender.send(first.is_some()).unwrap();
            sender.send(pool.open(&target).is_some()).unwrap();
        }
    });
    drop(open);
    assert!(answers.recv().unwrap());
    pool.close();
    assert!(!answers.recv().unwrap());
    waiting.join().unwrap();
}
