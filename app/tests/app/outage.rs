//! A database that does not answer: how long a request waits for it, whatever else waits.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use minitwit::Door;
use rstest::rstest;

use crate::harness::{Ask, Database, Postgres, Sqlite, TestApp};

const TIMEOUT: Duration = Duration::from_secs(2);

/// Sends the request again and again while those before still wait; each must be refused, and wait only once.
async fn each_waits_once(site: &TestApp, door: Door, request: &Ask) {
    let asked = (0..5_u32).map(|number| async move {
        // One that comes while another waits has that one's time-out before its own, if the two add up.
        tokio::time::sleep(TIMEOUT / 10 * number).await;
        let began = Instant::now();
        let answer = site.ask(door, request.clone()).await;
        (answer.status, began.elapsed())
    });
    for (status, waited) in join_all(asked).await {
        assert_eq!(status, 503);
        assert!(waited < TIMEOUT * 3 / 2, "{waited:?}");
    }
}

#[rstest]
#[tokio::test]
async fn waits_of_one_request_do_not_add_up_while_the_database_is_away(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::with(database, &["--database-timeout=2s"]).await else { return };
    let simulator = site.simulator();
    assert_eq!(simulator.register("ada").await.status, 204);
    assert_eq!(simulator.tweet("ada", "hello").await.status, 204);
    let mut thief = site.backdoor().await;
    thief.seize().await;
    let tweet = Ask::new("POST", "/msgs/ada?latest=5").with("authorization", "Basic c2ltdWxhdG9yOnN1cGVyX3NhZmUh");
    each_waits_once(&site, Door::Api, &tweet.body(r#"{"content":"hello"}"#)).await;
    if matches!(database, Postgres) {
        // SQLite's readers wait for no writer.
        each_waits_once(&site, Door::Web, &Ask::get("/public")).await;
    }
    thief.give_back().await;
}
