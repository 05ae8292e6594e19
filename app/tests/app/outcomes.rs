//! How what people and the simulator try to do ends, as `/metrics` counts it by door.

use minitwit::Door;
use rstest::rstest;

use crate::harness::{Ask, Database, Postgres, Sqlite, TestApp, raw};

/// The counts of one metric through one door: ok, unchanged, refused, failed.
async fn counts(site: &TestApp, metric: &str, via: &str) -> [u64; 4] {
    let request = "GET /metrics HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    let text = raw(site.ops, request.as_bytes()).await;
    ["ok", "unchanged", "refused", "failed"].map(|outcome| {
        let series = format!("minitwit_{metric}_total{{via=\"{via}\",outcome=\"{outcome}\"}} ");
        let count = text.lines().find_map(|line| line.strip_prefix(&series)).expect("the series is there");
        count.parse().expect("it is a number")
    })
}

#[tokio::test]
async fn what_is_done_needless_or_refused_is_counted_on_the_pages() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let ada = site.sign_up("ada").await;
    let stranger = site.visitor();
    ada.register("bob").await;
    stranger.register("ada").await;
    assert_eq!(counts(&site, "registrations", "web").await, [1, 1, 1, 0]);
    stranger.sign_in("ada", "battery staple").await;
    ada.sign_in("ada", "battery staple").await;
    assert_eq!(counts(&site, "logins", "web").await, [1, 1, 1, 0]);
    for text in ["hello", "", &"x".repeat(4_001)] {
        ada.post(text).await;
    }
    stranger.post("hello").await;
    assert_eq!(counts(&site, "messages_posted", "web").await, [1, 1, 2, 0]);
    for _ in 0..2 {
        ada.follow("ada").await;
        stranger.follow("ada").await;
    }
    ada.follow("nobody").await;
    assert_eq!(counts(&site, "follows", "web").await, [1, 1, 3, 0]);
    for _ in 0..2 {
        ada.unfollow("ada").await;
    }
    assert_eq!(counts(&site, "unfollows", "web").await, [1, 1, 0, 0]);
}

#[tokio::test]
async fn what_is_done_needless_or_refused_is_counted_of_the_simulator() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let simulator = site.simulator();
    simulator.register("ada").await;
    simulator.register("ada").await;
    assert_eq!(counts(&site, "registrations", "api").await, [1, 0, 1, 0]);
    for (name, text) in [("ada", "hello"), ("ada", ""), ("ada", &"x".repeat(4_001)), ("nobody", "hello")] {
        simulator.tweet(name, text).await;
    }
    assert_eq!(counts(&site, "messages_posted", "api").await, [1, 1, 2, 0]);
    for whom in ["ada", "ada", "nobody"] {
        simulator.follow("ada", whom).await;
    }
    assert_eq!(counts(&site, "follows", "api").await, [1, 1, 1, 0]);
    for whom in ["ada", "ada", "nobody"] {
        simulator.unfollow("ada", whom).await;
    }
    assert_eq!(counts(&site, "unfollows", "api").await, [1, 1, 1, 0]);
}

/// Also where the session cannot be looked up, so that the handler never begins.
#[rstest]
#[tokio::test]
async fn what_fails_through_our_fault_is_counted_as_failed(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::start(database).await else { return };
    let ada = site.sign_up("ada").await;
    let (simulator, stranger) = (site.simulator(), site.visitor());
    site.backdoor().await.run("ALTER TABLE users RENAME TO lost; ALTER TABLE totals RENAME TO gone").await;
    assert_eq!(stranger.register("bob").await.status, 500);
    assert_eq!(stranger.sign_in("bob", "battery staple").await.status, 500);
    for answer in [ada.post("hello").await, ada.follow("ada").await, ada.unfollow("ada").await] {
        assert_eq!(answer.status, 500);
    }
    assert_eq!(site.ask(Door::Web, Ask::get("/ada/follow")).await.status, 401, "somebody without a session needs none");
    simulator.register("bob").await;
    simulator.tweet("bob", "hello").await;
    simulator.follow("bob", "ada").await;
    simulator.unfollow("bob", "ada").await;
    for (metric, web, api) in [
        ("registrations", [1, 0, 0, 1], [0, 0, 0, 1]),
        ("logins", [1, 0, 0, 1], [0, 0, 0, 0]),
        ("messages_posted", [0, 0, 0, 1], [0, 0, 0, 1]),
        ("follows", [0, 0, 1, 1], [0, 0, 0, 1]),
        ("unfollows", [0, 0, 0, 1], [0, 0, 0, 1]),
    ] {
        assert_eq!(counts(&site, metric, "web").await, web, "{metric}");
        assert_eq!(counts(&site, metric, "api").await, api, "{metric}");
    }
}
