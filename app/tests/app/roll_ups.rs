//! What dashboards are told of messages: counted once, whoever counts and however often.

use std::time::Duration;

use minitwit::store::{Instruments, Options, Store};
use rstest::rstest;

use crate::harness::{Database, Database::*, TestApp};

const HOUR: i64 = 3_600_000_000;
const BY_HOUR: &str = "SELECT messages * 100 + authors FROM posts_by_hour ORDER BY hour";
const BY_DAY: &str = "SELECT messages * 100 + authors FROM posts_by_day ORDER BY day";
const BY_AUTHOR: &str = "SELECT messages FROM posts_by_author ORDER BY author_id";
const TOTALS: &str =
    "SELECT messages * 10000 + users * 100 + flagged * 10 + followers FROM totals_by_hour ORDER BY hour";

async fn store(site: &TestApp) -> Store {
    let (url, timeout) = (site.database_url().into(), Duration::from_secs(30));
    Store::open(&Options { url, connections: 4, timeout, instruments: Instruments::default() })
        .await
        .expect("the database opens")
}

async fn roll_up(store: &Store, now: i64) {
    while store.roll_up(now).await.expect("it counts") {}
}

#[rstest]
#[tokio::test]
async fn each_post_counts_once_by_hour_by_day_and_by_author(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::start(database).await else { return };
    let store = store(&site).await;
    site.clock.advance(HOUR - site.clock.now() % HOUR);
    let (ada, bob) = (site.sign_up("ada").await, site.sign_up("bob").await);
    for (author, text) in [(&ada, "one"), (&bob, "two"), (&ada, "three")] {
        author.post(text).await;
        roll_up(&store, site.clock.now()).await;
    }
    ada.follow("bob").await;
    site.flag("two").await;
    site.clock.advance(HOUR);
    bob.post("four").await;
    site.simulator().tweet("bob", "five").await;
    for _ in 0..2 {
        roll_up(&store, site.clock.now()).await;
    }
    let mut database = site.backdoor().await;
    assert_eq!(database.numbers(BY_HOUR).await, [302, 201]);
    assert_eq!(database.numbers(BY_DAY).await, [502]);
    assert_eq!(database.numbers(BY_AUTHOR).await, [2, 3]);
    assert_eq!(database.numbers(TOTALS).await.last(), Some(&50_211));
}

#[rstest]
#[tokio::test]
async fn replicas_that_count_at_once_count_once(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::start(database).await else { return };
    let (store, now) = (store(&site).await, site.clock.now());
    let mut database = site.backdoor().await;
    site.sign_up("ada").await.post("first").await;
    for _ in 0..13 {
        database
            .run("INSERT INTO messages (author_id, text, posted_at) SELECT author_id, text, posted_at FROM messages")
            .await;
    }
    tokio::join!(roll_up(&store, now), roll_up(&store, now), roll_up(&store, now));
    assert_eq!(database.numbers(BY_HOUR).await, [8_192 * 100 + 1]);
    assert_eq!(database.numbers(BY_AUTHOR).await, [8_192]);
}
