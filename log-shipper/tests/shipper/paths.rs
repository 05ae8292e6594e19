//! Files that are reached by more than one path, or by another one than before.

use std::fs;
use std::os::unix::fs::symlink;
use std::process::Command;

use rstest::rstest;

use crate::stage::{Ended, Running, Stage, ended, until};

/// The program with patterns of its own.
fn shipper(stage: &Stage, patterns: &[&str], words: &[&str]) -> Command {
    let mut program = stage.program(&["run", "--operations-listen=off", "--retry-min=20ms", "--retry-max=100ms"]);
    program.args(["--elasticsearch", stage.sink.url().as_str()]).args(words);
    for pattern in patterns {
        program.arg("--files").arg(stage.log(pattern));
    }
    program
}

async fn once(stage: &Stage, pattern: &str) -> Ended {
    ended(shipper(stage, &[pattern], &["--once"])).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_was_moved_to_another_folder_is_the_same_file() {
    let stage = Stage::start().await;
    fs::create_dir(stage.log("old")).unwrap();
    stage.print("site.log", "one\ntwo\n");
    assert_eq!(once(&stage, "**/*.log").await.code, Some(0));
    stage.print("site.log", "three\n");
    fs::rename(stage.log("site.log"), stage.log("old/site.log")).unwrap();
    assert_eq!(once(&stage, "**/*.log").await.code, Some(0));
    assert_eq!(stage.sink.conflicts(), 0, "what was done is not sent again");
    assert_eq!(stage.messages(), ["one", "three", "two"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_moves_to_another_folder_while_it_is_read_is_read_on() {
    let stage = Stage::start().await;
    fs::create_dir(stage.log("old")).unwrap();
    stage.print("site.log", "one\n");
    let running = Running::start(shipper(&stage, &["**/*.log"], &["--poll=100ms"]));
    until("the first is there", async || stage.messages().len() == 1).await;
    fs::rename(stage.log("site.log"), stage.log("old/site.log")).unwrap();
    stage.print("old/site.log", "two\n");
    stage.print("site.log", "three\n");
    until("all are there", async || stage.messages().len() == 3).await;
    assert_eq!(running.stop().await, Some(0));
    assert_eq!((stage.sink.size(), stage.sink.conflicts()), (3, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn an_inode_that_is_used_again_elsewhere_with_the_same_first_line_is_another_file() {
    let stage = Stage::start().await;
    for name in ["a", "b"] {
        fs::create_dir(stage.log(name)).unwrap();
    }
    stage.print("a/job.log", "begun\nstep 1\n");
    assert_eq!(once(&stage, "*/job.log").await.code, Some(0));
    fs::rename(stage.log("a/job.log"), stage.log("b/job.log")).unwrap();
    fs::write(stage.log("b/job.log"), "begun\nstep 2\n").unwrap();
    assert_eq!(once(&stage, "*/job.log").await.code, Some(0));
    assert_eq!(stage.messages(), ["begun", "begun", "step 1", "step 2"]);
}

#[rstest]
#[case::a_link_beside_the_file(&["*.log"])]
#[case::a_link_alone(&["current.log"])]
#[case::two_patterns(&["app*.log", "*1.log"])]
#[tokio::test(flavor = "multi_thread")]
async fn a_file_with_two_paths_is_read_once_and_read_on(#[case] patterns: &[&str]) {
    let stage = Stage::start().await;
    stage.print("app-1.log", "one\n");
    symlink("app-1.log", stage.log("current.log")).unwrap();
    let running = Running::start(shipper(&stage, patterns, &["--poll=100ms"]));
    until("the first is there", async || stage.messages().len() == 1).await;
    for (number, text) in ["two\n", "three\n", "four\n"].iter().enumerate() {
        stage.print("app-1.log", text);
        until("the next is there", async || stage.messages().len() == number + 2).await;
    }
    assert_eq!(running.stop().await, Some(0));
    assert_eq!((stage.sink.size(), stage.sink.conflicts()), (4, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_was_made_anew_is_read() {
    let stage = Stage::start().await;
    stage.print("site.log", "one\n");
    let running = Running::start(shipper(&stage, &["*.log"], &["--poll=100ms"]));
    until("the first is there", async || stage.messages().len() == 1).await;
    fs::rename(stage.path("logs"), stage.path("aside")).unwrap();
    fs::create_dir(stage.path("logs")).unwrap();
    stage.print("site.log", "two\n");
    until("the next is there", async || stage.messages().len() == 2).await;
    assert_eq!(running.stop().await, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_read_is_no_success() {
    let stage = Stage::start().await;
    stage.print("site.log", "one\n");
    symlink("/dev/null", stage.log("other.log")).unwrap();
    let ended = once(&stage, "*.log").await;
    assert_eq!((ended.code, stage.messages().len()), (Some(1), 1), "{}", ended.err);
}

#[rstest]
#[case::short(300)]
#[case::long(9_000)]
#[tokio::test(flavor = "multi_thread")]
async fn of_a_compressed_file_without_its_end_all_that_is_there_arrives_and_the_rest_is_told(#[case] lines: usize) {
    let stage = Stage::start().await;
    // Each has bytes that hardly can be compressed, so that not many of them are behind the place where it breaks off.
    let line = |number: usize| format!("{number:05} {:032x}\n", (number as u128 + 1).wrapping_mul(u128::MAX / 7_919));
    let text: String = (0..lines).map(line).collect();
    stage.print("site.log", &text);
    assert!(Command::new("gzip").arg(stage.log("site.log")).status().unwrap().success());
    let whole = fs::read(stage.log("site.log.gz")).unwrap();
    fs::write(stage.log("site.log.gz"), &whole[..whole.len() - 200]).unwrap();
    let ended = once(&stage, "*.log*").await;
    assert_eq!(ended.code, Some(1), "{}", ended.err);
    assert!(ended.err.contains("cannot be read"), "{}", ended.err);
    let (whole, rest): (Vec<_>, Vec<_>) = stage.messages().into_iter().partition(|message| message.len() == 38);
    assert!((lines - 50..lines).contains(&whole.len()), "{}", whole.len());
    assert!(text.lines().zip(&whole).all(|(line, message)| line == message), "each, and no other one");
    let next = text.lines().nth(whole.len()).unwrap();
    assert!(rest.len() <= 1 && rest.iter().all(|rest| next.starts_with(rest)), "and what is there of the next");
}
