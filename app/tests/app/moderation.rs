//! The moderator's command: lists messages, hides them by number and shows them again.

use std::process::{Command, Output};

use rstest::rstest;
use serde_json::Value;

use crate::harness::{Database, Postgres, Sqlite, TestApp};

fn minitwit(site: &TestApp, arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_minitwit"));
    command.env_clear().env("MINITWIT_DATABASE_URL", site.database_url()).args(arguments);
    command.output().expect("the program starts")
}

fn list(site: &TestApp, arguments: &[&str]) -> Vec<Value> {
    let output = minitwit(site, &[&["messages", "list", "--json"], arguments].concat());
    assert!(output.status.success(), "{output:?}");
    let lines = String::from_utf8(output.stdout).expect("lists are UTF-8");
    lines.lines().map(|line| serde_json::from_str(line).expect("each line is JSON")).collect()
}

fn texts(messages: &[Value]) -> Vec<&str> {
    messages.iter().map(|message| message["text"].as_str().expect("a message has a text")).collect()
}

#[rstest]
#[tokio::test]
async fn messages_are_listed_flagged_and_unflagged_by_number(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::start(database).await else { return };
    for (name, text) in [("ada", "kind"), ("bob", "rude"), ("ada", "kind again")] {
        site.simulator().register(name).await;
        site.simulator().tweet(name, text).await;
    }
    let all = list(&site, &[]);
    assert_eq!(texts(&all), ["kind again", "rude", "kind"]);
    assert_eq!(texts(&list(&site, &["--user", "ada"])), ["kind again", "kind"]);

    let rude = all[1]["id"].to_string();
    assert!(minitwit(&site, &["messages", "flag", &rude]).status.success());
    site.stranger_sees(&["kind again", "kind"]).await;
    assert_eq!(texts(&list(&site, &["--flagged"])), ["rude"]);
    assert_eq!(texts(&list(&site, &[])), ["kind again", "rude", "kind"], "a moderator sees everything");

    assert!(minitwit(&site, &["messages", "unflag", &rude]).status.success());
    site.stranger_sees(&["kind again", "rude", "kind"]).await;
}

#[tokio::test]
async fn a_number_that_no_message_has_is_an_error() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let output = minitwit(&site, &["messages", "flag", "42"]);
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("there is no message 42"), "{output:?}");
}

#[rstest]
#[tokio::test]
async fn all_devices_of_a_user_can_be_signed_out(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::start(database).await else { return };
    let (ada, bob) = (site.sign_up("ada").await, site.sign_up("bob").await);
    assert!(minitwit(&site, &["users", "sessions", "ada", "--end-all"]).status.success());
    assert!(!ada.is_signed_in().await);
    assert!(bob.is_signed_in().await);
}
