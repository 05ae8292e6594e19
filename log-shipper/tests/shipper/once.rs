//! `log-shipper run --once`

use std::process::Command;
use std::time::Duration;

use crate::sink::{Broken, Fault};
use crate::stage::{Ended, Stage, ended};

#[tokio::test]
async fn it_ships_all_that_is_there_and_a_second_run_sends_nothing() {
    let stage = Stage::start().await;
    stage.print("a.log", "one\ntwo\n");
    stage.print("b.log", "three\nfour, without an end");
    let said = stage.once().await;
    assert_eq!(said.last(), "log-shipper: 4 documents, 0 repeated, 0 dead letters, 0 bytes missed");
    assert_eq!((said.code, said.out.as_str()), (Some(0), ""));
    assert_eq!(stage.messages(), ["four, without an end", "one", "three", "two"]);
    let requests = stage.sink.seen().len();
    let said = stage.once().await;
    assert_eq!(said.last(), "log-shipper: 0 documents, 0 repeated, 0 dead letters, 0 bytes missed");
    assert_eq!((said.code, stage.sink.seen().len(), stage.sink.conflicts()), (Some(0), requests, 0));
}

#[tokio::test]
async fn it_waits_for_acknowledgements_and_counts_what_was_there_before() {
    let stage = Stage::start().await;
    stage.sink.next(Fault::Answer(Broken::Missing)).next(Fault::Whole { status: 429, kind: "", retry_after: None });
    stage.print("a.log", "one\ntwo\n");
    let said = stage.once().await;
    assert_eq!(said.last(), "log-shipper: 2 documents, 2 repeated, 0 dead letters, 0 bytes missed");
    assert_eq!((said.code, stage.sink.count()), (Some(0), 2));
}

#[tokio::test]
async fn dead_letters_are_no_success_and_are_not_sent_by_the_next_run() {
    let stage = Stage::start().await;
    stage.sink.always(Fault::Marked { text: "bad", status: 400, kind: "mapper_parsing_exception" });
    stage.print("a.log", "bad\ngood\n");
    let said = stage.once().await;
    assert_eq!((said.code, stage.messages()), (Some(1), vec!["good".to_owned()]));
    let lines: Vec<&str> = said.err.lines().rev().take(2).collect();
    let why =
        "log-shipper: 1 documents were refused and are kept as dead letters: `log-shipper dead-letter list` says why";
    assert_eq!(lines, [why, "log-shipper: 1 documents, 0 repeated, 1 dead letters, 0 bytes missed"]);
    assert_eq!(stage.once().await.code, Some(0));
}

#[tokio::test]
async fn a_pipe_gets_a_log_of_json_and_no_bar() {
    let stage = Stage::start().await;
    stage.sink.next(Fault::Stall { stored: true });
    stage.print("a.log", "one\n");
    let mut shipper = stage.shipper(&["--once", "--request-timeout=1500ms"]);
    shipper.env("TERM", "xterm");
    let said = ended(shipper).await;
    assert!(!said.err.contains(['\r', '\u{1b}']), "{}", said.err);
    let (summary, log) =
        said.err.lines().collect::<Vec<_>>().split_last().map(|(last, log)| (*last, log.to_vec())).unwrap();
    assert!(log.iter().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()), "{log:?}");
    assert!(summary.starts_with("log-shipper: 1 documents, 1 repeated, "), "{summary}");
}

/// Runs a program on a terminal, and gives all that it writes there.
fn on_a_terminal(program: &Command) -> Option<Command> {
    Command::new("script").arg("--version").output().ok()?;
    let words = [program.get_program()].into_iter().chain(program.get_args());
    let quoted: Vec<String> = words.map(|word| format!("'{}'", word.to_str().unwrap())).collect();
    let mut script = Command::new("script");
    script.args(["--quiet", "--return", "--command", &quoted.join(" "), "/dev/null"]);
    script.env_clear().env("HOME", "/nowhere").env("TERM", "xterm").env("SHELL", "/bin/sh");
    script.stdin(std::process::Stdio::null());
    Some(script)
}

#[tokio::test]
async fn a_terminal_gets_a_bar_of_bytes_when_it_takes_long_and_no_colours_if_they_are_not_wanted() {
    let stage = Stage::start().await;
    stage.sink.next(Fault::Stall { stored: true });
    stage.print("a.log", "one\n");
    let shipper = stage.shipper(&["--once", "--request-timeout=1500ms"]);
    let Some(mut shipper) = on_a_terminal(&shipper) else {
        assert!(std::env::var_os("REQUIRE_SERVICES").is_none(), "script is not installed");
        return eprintln!("skipped: needs script");
    };
    shipper.env("NO_COLOR", "1");
    let said = ended(shipper).await;
    assert!(said.out.contains("] 0 B/4 B acknowledged"), "{}", said.out);
    let colours = said.out.match_indices("\u{1b}[").filter(|(at, _)| {
        let rest = said.out[at + 2..].trim_start_matches(|c: char| c.is_ascii_digit() || c == ';');
        rest.starts_with('m')
    });
    assert_eq!(colours.count(), 0, "{:?}", said.out);
    assert!(said.out.trim_end().ends_with("1 documents, 1 repeated, 0 dead letters, 0 bytes missed"), "{}", said.out);
    assert_eq!(said.code, Some(0));
}

#[tokio::test]
async fn whoever_stops_it_gets_an_exit_code_that_says_so() {
    let stage = Stage::start().await;
    stage.sink.always(Fault::Stall { stored: false });
    stage.print("a.log", "one\n");
    let shipper = stage.shipper(&["--once", "--shutdown-timeout=0s"]).spawn().unwrap();
    stage.sink.until("a request is there", |sink| !sink.seen().is_empty()).await;
    let id = shipper.id().to_string();
    assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    let said = tokio::task::spawn_blocking(move || shipper.wait_with_output().unwrap());
    let said: Ended = tokio::time::timeout(Duration::from_mins(1), said).await.unwrap().unwrap().into();
    assert!(said.last().ends_with("1 batches were not acknowledged; they are sent at the next start"), "{}", said.err);
    assert_eq!(said.code, Some(1));
}

/// What a run with these flags says, in which `DIR` is the folder for logs.
async fn run(stage: &Stage, flags: &[&str]) -> Ended {
    let mut program = stage.program(&["run", "--operations-listen=off"]);
    program.args(["--elasticsearch", stage.sink.url().as_str()]);
    program.args(flags.iter().map(|flag| flag.replace("DIR", stage.path("logs").to_str().unwrap())));
    ended(program).await
}

#[tokio::test]
async fn a_pattern_that_matches_nothing_is_no_success() {
    let stage = Stage::start().await;
    stage.print("site.log", "one\n");
    for purpose in ["--once", "--dry-run"] {
        let said = run(&stage, &[purpose, "--files=DIR/sitte*.log"]).await;
        assert!(said.err.contains("--files: no file matches /"), "{}", said.err);
        let why = "log-shipper: there was nothing to read: no file matches --files, or has ever done";
        assert_eq!((said.code, said.last()), (Some(1), why), "{purpose}");
    }
}

#[tokio::test]
async fn one_of_several_patterns_may_match_nothing_but_that_is_told() {
    let stage = Stage::start().await;
    stage.print("site.log", "one\n");
    let said = run(&stage, &["--once", "--files=DIR/site*.log", "--files=DIR/site*.log.gz"]).await;
    let warnings = said.err.lines().filter(|line| line.contains("there is nothing to read"));
    assert_eq!((said.code, warnings.count(), stage.messages().len()), (Some(0), 1, 1), "{}", said.err);
    assert!(said.err.contains("site*.log.gz"), "{}", said.err);
}

#[tokio::test]
async fn what_was_read_once_may_be_gone() {
    let stage = Stage::start().await;
    stage.print("a.log", "one\n");
    assert_eq!(stage.once().await.code, Some(0));
    std::fs::remove_file(stage.log("a.log")).unwrap();
    let said = stage.once().await;
    assert!(said.err.contains("there is nothing to read") && said.code == Some(0), "{}", said.err);
}

#[tokio::test]
async fn a_machine_may_have_no_container_but_that_is_told() {
    let stage = Stage::start().await;
    let said = run(&stage, &["--once", "--docker-root=DIR"]).await;
    assert!(said.err.contains("there is nothing to read") && said.err.contains("no container is in /"), "{}", said.err);
    assert_eq!(said.code, Some(0));
}

#[tokio::test]
async fn batches_that_were_not_acknowledged_are_told_of_only_if_there_are_any() {
    let stage = Stage::start().await;
    stage.print("site.log", "one\n");
    let said = stage.once().await;
    assert!(said.err.contains("the shipper has stopped\"") && !said.err.contains("acknowledged"), "{}", said.err);
}

#[tokio::test]
async fn an_error_output_that_nobody_reads_changes_no_exit_code() {
    let stage = Stage::start().await;
    stage.print("a.log", "one\n");
    for (words, code) in [(["--once"], 0), (["--batch-byte=1"], 2)] {
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut shipper = stage.shipper(&words);
        let status = tokio::task::spawn_blocking(move || shipper.stderr(writer).spawn().unwrap().wait().unwrap());
        assert_eq!(tokio::time::timeout(Duration::from_mins(1), status).await.unwrap().unwrap().code(), Some(code));
    }
    assert_eq!(stage.messages(), ["one"]);
}
