//! `log-shipper --stdin`

use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::sink::Fault;
use crate::stage::{Ended, Stage};

/// The program as it ships its standard input.
fn shipper(stage: &Stage, words: &[&str]) -> Command {
    let mut program = stage.program(&["run", "--stdin"]);
    program.args(["--elasticsearch", stage.sink.url().as_str()]).args(words).stdin(Stdio::piped());
    program
}

async fn ship(mut program: Command, input: impl AsRef<[u8]> + Send + 'static) -> Ended {
    let ended = tokio::task::spawn_blocking(move || {
        let mut child = program.spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let writing = std::thread::spawn(move || stdin.write_all(input.as_ref()));
        let output = child.wait_with_output().unwrap();
        writing.join().unwrap().unwrap();
        output
    });
    ended.await.unwrap().into()
}

fn documents(stage: &Stage) -> Vec<Value> {
    let mut documents: Vec<Value> =
        stage.sink.documents().iter().map(|document| serde_json::from_str(&document.source).unwrap()).collect();
    documents.sort_by_key(|document| document["log.offset"].as_u64());
    documents
}

#[tokio::test]
async fn lines_are_shipped_to_the_end_and_it_is_said_once_that_they_cannot_be_read_again() {
    let stage = Stage::start().await;
    let said = ship(shipper(&stage, &[]), "one\n{\"user.name\":\"ada\"}\nthree, without an end").await;
    assert_eq!(said.last(), "log-shipper: 3 documents, 0 repeated, 0 dead letters, 0 bytes missed");
    assert_eq!((said.code, said.err.matches("cannot be read again").count()), (Some(0), 1), "{}", said.err);
    let documents = documents(&stage);
    assert_eq!((&documents[0]["message"], &documents[1]["user.name"]), (&"one".into(), &"ada".into()));
    assert_eq!(documents[2]["message"], "three, without an end");
    assert!(documents.iter().all(|document| document.get("log.file.path").is_none()));
}

#[tokio::test]
async fn the_same_lines_of_another_run_are_other_documents_and_nothing_of_them_is_in_the_state() {
    let stage = Stage::start().await;
    ship(shipper(&stage, &[]), "one\ntwo\n").await;
    ship(shipper(&stage, &["--once"]), "one\ntwo\n").await;
    assert_eq!((stage.sink.count(), stage.sink.conflicts()), (4, 0));
    assert_eq!(stage.ask(&["status", "--json"]).await.out, "");
}

#[tokio::test]
async fn long_lines_are_cut_and_strange_bytes_do_no_harm() {
    let stage = Stage::start().await;
    let long = "x".repeat(3_000_000);
    let input = [b"a\0b\n\xff\xfe\n".as_slice(), long.as_bytes(), b"\nafter\n\n"].concat();
    let said = ship(shipper(&stage, &["--max-line=100KiB"]), input).await;
    assert_eq!(said.code, Some(0), "{}", said.err);
    let documents = documents(&stage);
    let flag = |at: usize| documents[at]["log.flags"][0].as_str();
    assert_eq!((documents[0]["message"].as_str(), flag(0)), (Some("a\0b"), None));
    assert_eq!(flag(1), Some("invalid_text"));
    assert_eq!((documents[2]["message"].as_str().unwrap().len(), flag(2)), (100 * 1_024, Some("truncated")));
    assert_eq!(documents[3]["message"], "after");
}

#[tokio::test]
async fn lines_that_belong_together_are_joined() {
    let stage = Stage::start().await;
    let said = ship(shipper(&stage, &[r"--multiline=^\S"]), "error\n at a\n at b\nnext\n more").await;
    assert!(!said.err.contains("state"), "{}", said.err);
    let messages: Vec<Value> = documents(&stage).iter().map(|document| document["message"].clone()).collect();
    assert_eq!(messages, ["error\n at a\n at b", "next\n more"]);
}

#[tokio::test]
async fn a_dry_run_prints_them() {
    let stage = Stage::start().await;
    let mut program = stage.program(&["--stdin", "--dry-run"]);
    program.stdin(Stdio::piped());
    let said = ship(program, "one\ntwo\n").await;
    let messages: Vec<_> = said.json().iter().map(|document| document["message"].clone()).collect();
    assert_eq!((messages, said.code), (vec!["one".into(), "two".into()], Some(0)));
}

#[tokio::test]
async fn no_more_is_read_than_there_is_room_for() {
    const ALL: usize = 24 << 20;
    let stage = Stage::start().await;
    stage.sink.keep_ids_only();
    stage.sink.always(Fault::Whole { status: 429, kind: "", retry_after: None });
    let words = ["--memory=1MiB", "--batch-bytes=256KiB", "--retry-min=10ms", "--retry-max=20ms"];
    let mut child = shipper(&stage, &words).stderr(Stdio::null()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let taken = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&taken);
    let writing = std::thread::spawn(move || {
        let line = [[b'x'; 1_023].as_slice(), b"\n"].concat();
        for _ in 0..ALL / line.len() {
            stdin.write_all(&line).unwrap();
            counted.fetch_add(line.len() as u64, Ordering::Relaxed);
        }
    });
    stage.sink.until("a request is there", |sink| !sink.seen().is_empty()).await;
    // Until nothing moves for a while.
    let (mut last, mut since) = (0, Instant::now());
    while since.elapsed() < Duration::from_millis(500) {
        let now = taken.load(Ordering::Relaxed);
        if now != last {
            (last, since) = (now, Instant::now());
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert!(last < 4 << 20, "{last} bytes were taken");
    stage.sink.calm();
    let ended = tokio::task::spawn_blocking(move || child.wait().unwrap()).await.unwrap();
    writing.join().unwrap();
    assert_eq!((ended.code(), stage.sink.count()), (Some(0), ALL / 1_024));
}

#[tokio::test]
async fn standard_input_that_cannot_be_read_is_no_success() {
    let stage = Stage::start().await;
    let mut program = shipper(&stage, &[]);
    program.stdin(std::fs::File::open("/").unwrap());
    let said = crate::stage::ended(program).await;
    assert_eq!(said.code, Some(1));
    assert!(said.last().starts_with("log-shipper: standard input cannot be read: "), "{}", said.err);
}
