//! Files that are gone.

use std::fs;

use crate::sink::Fault;
use crate::stage::{Running, Stage, container, until};

#[tokio::test]
async fn a_file_that_vanished_before_it_was_read_to_its_end_is_reported_once() {
    let stage = Stage::start().await;
    stage.print("a.log", "one\n");
    stage.once().await;
    stage.print("a.log", "two\n");
    stage.sink.always(Fault::Stall { stored: false });
    let running = Running::start(stage.shipper(&["--shutdown-timeout=0s"]));
    stage.sink.until("the second line is sent", |sink| sink.seen().len() == 2).await;
    assert_eq!(running.stop().await, Some(0));
    stage.sink.calm();
    fs::remove_file(stage.log("a.log")).unwrap();
    let said = stage.once().await;
    assert_eq!(said.code, Some(1));
    let lines: Vec<&str> = said.err.lines().rev().take(2).collect();
    assert_eq!(lines[0], "log-shipper: lines are missing: 4 bytes of 1 files could not be read");
    assert_eq!(lines[1], "log-shipper: 0 documents, 0 repeated, 0 dead letters, 4 bytes missed");
    assert_eq!(said.err.matches("vanished").count(), 1, "{}", said.err);
    let again = stage.once().await;
    assert_eq!((again.code, again.err.matches("vanished").count()), (Some(0), 0), "{}", again.err);
}

#[tokio::test]
async fn a_file_that_was_renamed_to_a_name_that_is_read_is_not_missed() {
    let stage = Stage::start().await;
    stage.print("a.log", "one\n");
    stage.once().await;
    stage.print("a.log", "two\n");
    stage.sink.always(Fault::Stall { stored: false });
    let running = Running::start(stage.shipper(&["--shutdown-timeout=0s"]));
    stage.sink.until("the second line is sent", |sink| sink.seen().len() == 2).await;
    running.stop().await;
    stage.sink.calm();
    fs::rename(stage.log("a.log"), stage.log("b.log")).unwrap();
    let said = stage.once().await;
    assert_eq!(said.last(), "log-shipper: 1 documents, 0 repeated, 0 dead letters, 0 bytes missed");
    assert_eq!((said.code, stage.messages()), (Some(0), vec!["one".to_owned(), "two".to_owned()]));
}

#[tokio::test]
async fn a_container_that_is_stopped_and_removed_later_than_the_shipper_is_read_to_its_end() {
    let stage = Stage::start().await;
    let root = stage.path("containers");
    let log = container(&root, &"4e1f".repeat(16), "web");
    let line =
        |text: &str| format!("{{\"log\":\"{text}\\n\",\"stream\":\"stdout\",\"time\":\"2026-01-01T00:00:00Z\"}}\n");
    fs::write(&log, line("ready")).unwrap();
    let running = Running::start(stage.shipper(&["--docker-root", root.to_str().unwrap(), "--shutdown-linger=1h"]));
    stage.sink.until("the first line is sent", |sink| sink.documents().len() == 1).await;
    running.terminate();
    fs::write(&log, line("ready") + &line("stopped")).unwrap();
    fs::remove_dir_all(log.parent().unwrap()).unwrap();
    stage.sink.until("the last line is sent", |sink| sink.documents().len() == 2).await;
    assert_eq!(running.stop().await, Some(0));
}

async fn known(stage: &Stage) -> usize {
    stage.ask(&["status", "--json"]).await.json().len()
}

#[tokio::test]
async fn files_that_have_been_gone_for_long_are_forgotten_and_others_are_not() {
    let stage = Stage::start().await;
    let root = stage.path("containers");
    let entry = "{\"log\":\"hello\\n\",\"stream\":\"stdout\",\"time\":\"2026-01-01T00:00:00Z\"}\n";
    let [gone, stays, goes] = ["a", "b", "c"].map(|name| {
        let log = container(&root, &name.repeat(64), name);
        fs::write(&log, entry).unwrap();
        log
    });
    let rotated = |number: u32| stays.with_extension(format!("log.{number}"));
    fs::write(rotated(1), entry.replace("hello", "earlier")).unwrap();
    let shipper = |words: &[&str]| {
        let mut shipper = stage.shipper(words);
        shipper.arg("--docker-root").arg(&root);
        shipper
    };
    assert_eq!(crate::stage::ended(shipper(&["--once"])).await.code, Some(0));
    assert_eq!(known(&stage).await, 4);
    fs::remove_dir_all(gone.parent().unwrap()).unwrap();
    // Nobody knows yet what file this is going to be.
    stage.print("silent.log", "");
    let running = Running::start(shipper(&["--forget-after=1s"]));
    until("what was gone is forgotten", async || known(&stage).await == 3).await;
    fs::rename(rotated(1), rotated(2)).unwrap();
    fs::remove_dir_all(goes.parent().unwrap()).unwrap();
    until("what went is forgotten", async || known(&stage).await == 2).await;
    assert_eq!(running.stop().await, Some(0));
    let left = stage.ask(&["status", "--json"]).await.json();
    let paths: Vec<_> = left.iter().map(|file| file["path"].as_str()).collect();
    assert_eq!(paths, [stays.to_str(), rotated(2).to_str()]);
    assert_eq!((stage.sink.count(), stage.sink.conflicts()), (4, 0));
}

#[tokio::test]
async fn a_file_that_was_truncated_before_it_was_read_to_its_end_is_reported_once() {
    let stage = Stage::start().await;
    stage.print("a.log", "one\n");
    stage.once().await;
    stage.print("a.log", "two\n");
    stage.sink.always(Fault::Stall { stored: false });
    let running = Running::start(stage.shipper(&["--shutdown-timeout=0s"]));
    stage.sink.until("the second line is sent", |sink| sink.seen().len() == 2).await;
    running.stop().await;
    stage.sink.calm();
    fs::write(stage.log("a.log"), "another one\n").unwrap();
    let said = stage.once().await;
    assert_eq!(said.err.matches("4 bytes missed").count(), 1, "{}", said.err);
    let again = stage.once().await;
    assert_eq!((again.code, stage.messages()), (Some(0), vec!["another one".to_owned(), "one".to_owned()]));
}
