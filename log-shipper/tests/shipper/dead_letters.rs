//! `log-shipper dead-letter`

use crate::sink::Fault;
use crate::stage::{Ended, Stage, ended};

const REFUSES: Fault = Fault::Marked { text: "bad", status: 400, kind: "document_parsing_exception" };

/// A stage with three dead letters and a document that is stored.
async fn with_letters() -> Stage {
    let stage = Stage::start().await;
    stage.sink.always(REFUSES);
    stage.print("a.log", "bad 1\ngood\nbad 2\n{\"user.name\":\"bad 3\"}\n");
    stage.once().await;
    assert_eq!(stage.messages(), ["good"]);
    stage
}

#[tokio::test]
async fn the_log_says_how_many_there_are_of_a_request() {
    let stage = Stage::start().await;
    stage.sink.always(REFUSES);
    stage.print("a.log", "bad 1\ngood\nbad 2\n");
    let said = stage.once().await;
    let lines: Vec<&str> = said.err.lines().filter(|line| line.contains("refused for good")).collect();
    assert_eq!(lines.len(), 1, "{}", said.err);
    assert!(lines[0].contains(r#""count":"2""#) && lines[0].contains("document_parsing_exception"), "{}", lines[0]);
}

async fn replay(stage: &Stage, words: &[&str]) -> Ended {
    let mut program = stage.program(&["dead-letter", "replay", "--retry-min=10ms", "--retry-max=20ms"]);
    program.args(["--elasticsearch", stage.sink.url().as_str()]).args(words);
    ended(program).await
}

#[tokio::test]
async fn they_are_listed_as_a_table_and_as_json() {
    let stage = with_letters().await;
    let said = stage.ask(&["dead-letter", "list"]).await;
    let rows: Vec<&str> = said.out.lines().collect();
    assert!(rows[1].starts_with("1-1 ") && rows[1].ends_with(" document_parsing_exception: told to"), "{rows:?}");
    assert_eq!(rows[4], "3 dead letters, 3 of them above");
    let said = stage.ask(&["dead-letter", "list", "--json", "--limit=2"]).await.json();
    assert_eq!(said.iter().map(|letter| &letter["number"]).collect::<Vec<_>>(), ["1-2", "1-3"]);
    assert_eq!((&said[0]["status"], &said[0]["target"]), (&400.into(), &"logs-minitwit-default".into()));
    assert_eq!((said[0]["source"]["offset"].as_u64(), said[0]["id"].as_str().unwrap().len()), (Some(11), 24));
}

#[tokio::test]
async fn some_are_shown_with_the_line_and_the_document() {
    let stage = with_letters().await;
    let said = stage.ask(&["dead-letter", "show", "1-2", "1-3"]).await;
    let value = |name: &str| {
        let rows = said.out.lines().filter_map(|line| line.strip_prefix(name));
        rows.map(|value| value.trim().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(value("number "), ["1-2", "1-3"]);
    assert_eq!(value("line ")[0], "bad 2");
    assert!(value("line ")[1].ends_with(r#""user.name":"bad 3"}"#), "{:?}", value("line "));
    assert!(value("document ")[1].contains(r#""user.name":"bad 3""#));
    let missing = stage.ask(&["dead-letter", "show", "7-1"]).await;
    assert_eq!(missing.code, Some(1));
    assert!(missing.err.starts_with("log-shipper: there is no dead letter 7-1; "), "{}", missing.err);
}

#[tokio::test]
async fn replayed_letters_are_stored_under_their_ids_and_are_letters_no_more() {
    let stage = with_letters().await;
    let letters = stage.ask(&["dead-letter", "list", "--json"]).await.json();
    stage.sink.calm();
    let said = replay(&stage, &[]).await;
    assert_eq!(said.out, "1-1 is stored\n1-2 is stored\n1-3 is stored\n");
    assert_eq!((said.code, said.err.as_str()), (Some(0), "log-shipper: 3 dead letters stored\n"));
    let ids = stage.sink.ids();
    assert!(letters.iter().all(|letter| ids.contains(&letter["id"].as_str().unwrap().to_owned())));
    assert_eq!(stage.ask(&["dead-letter", "list", "--json"]).await.out, "");
    assert_eq!(stage.once().await.code, Some(0));
    assert_eq!((stage.sink.count(), stage.sink.repeats(), stage.sink.conflicts()), (4, 0, 0));
}

#[tokio::test]
async fn one_that_is_refused_again_stays_and_the_exit_code_says_so() {
    let stage = with_letters().await;
    stage.sink.calm();
    stage.sink.always(Fault::Marked { text: "bad 2", status: 400, kind: "illegal_argument_exception" });
    let said = replay(&stage, &["1-1", "1-2", "9-9"]).await;
    let expected = "1-1 is stored\n1-2 is refused again: 400 illegal_argument_exception: told to\n9-9 is not there\n";
    assert_eq!((said.code, said.out.as_str()), (Some(1), expected));
    assert_eq!(said.err, "log-shipper: 1 dead letter stored, 2 not\n");
    let left = stage.ask(&["dead-letter", "list", "--json"]).await.json();
    assert_eq!(left.iter().map(|letter| &letter["number"]).collect::<Vec<_>>(), ["1-2", "1-3"]);
}

#[tokio::test]
async fn a_letter_that_was_stored_before_the_index_rolled_over_is_not_stored_twice() {
    let stage = with_letters().await;
    let letters = stage.path("state/dead-letters/000001.ndjson");
    let kept = std::fs::read(&letters).unwrap();
    stage.sink.calm();
    replay(&stage, &["1-1"]).await;
    // As after a power cut between the answer and the removal.
    std::fs::write(&letters, kept).unwrap();
    stage.sink.roll_over("logs-minitwit-default");
    assert_eq!(replay(&stage, &["--all"]).await.code, Some(0));
    assert_eq!((stage.sink.count(), stage.sink.repeats()), (4, 0));
}

#[tokio::test]
async fn a_replay_gives_up_when_the_server_does_not_answer_and_says_why() {
    let stage = with_letters().await;
    stage.sink.down().await;
    let said = replay(&stage, &["--type=document_parsing_exception"]).await;
    assert_eq!(said.code, Some(1));
    assert!(said.out.starts_with("1-1 is not stored: it could not be sent\n"), "{}", said.out);
    let reason = "log-shipper: 0 dead letters stored, 3 not: Elasticsearch does not answer: ";
    assert!(said.err.starts_with(reason), "{}", said.err);
}

#[tokio::test]
async fn what_is_purged_is_gone_and_nothing_is_by_accident() {
    let stage = with_letters().await;
    let said = stage.ask(&["dead-letter", "purge"]).await;
    assert_eq!((said.code, said.out.as_str()), (Some(1), ""));
    assert!(said.err.contains("--all"), "{}", said.err);
    assert_eq!(stage.ask(&["dead-letter", "purge", "1-2"]).await.out, "1 dead letter deleted\n");
    assert_eq!(stage.ask(&["dead-letter", "purge", "--type=other"]).await.out, "0 dead letters deleted\n");
    assert_eq!(stage.ask(&["dead-letter", "purge", "1-2"]).await.code, Some(1));
    assert_eq!(stage.ask(&["dead-letter", "purge", "--all"]).await.out, "2 dead letters deleted\n");
    assert_eq!(stage.ask(&["dead-letter", "list"]).await.out, "0 dead letters, 0 of them above\n");
}

#[tokio::test]
async fn looking_for_letters_makes_no_folder() {
    let stage = Stage::start().await;
    assert_eq!(stage.ask(&["dead-letter", "list", "--json"]).await.code, Some(0));
    assert_eq!(replay(&stage, &[]).await.code, Some(0));
    assert!(!stage.state().exists());
}
