//! The simulator's API: its credential, its lists, its writes, and its errors.

mod answers;
mod credential;

use minitwit::Door;
use rstest::rstest;
use serde_json::{Value, json};

use crate::harness::{Answer, Ask, Database, PASSWORD, Postgres, START, Sqlite, TestApp};

/// Success with nothing to say.
fn assert_done(answer: &Answer) {
    assert_eq!((answer.status, answer.body.as_str()), (204, ""), "{answer:#?}");
    assert_eq!((answer.header("content-type"), answer.header("content-length")), ("", ""), "{answer:#?}");
}

/// The error object, with this status and any sentence.
fn assert_error(answer: &Answer, status: u16) {
    assert_eq!(answer.status, status, "{answer:#?}");
    let object = answer.json();
    assert_eq!(object["status"], status);
    assert!(object["error_msg"].as_str().is_some_and(|text| !text.is_empty()), "{object}");
    assert_eq!(object.as_object().expect("it is an object").len(), 2, "{object}");
}

#[rstest]
#[tokio::test]
async fn a_registration_is_checked_as_on_the_page(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::start(database).await else { return };
    let simulator = site.simulator();
    assert_done(&simulator.register("ada").await);
    for (username, email, pwd, error) in [
        ("", "", "", "You have to enter a username"),
        ("ada", "", "", "You have to enter a valid email address"),
        ("ada", "no at sign", "", "You have to enter a valid email address"),
        ("ada", "a@b", "", "You have to enter a password"),
        ("ada", "a@b", "c", "The username is already taken"),
        ("logout", "a@b", "c", "The username is already taken"),
    ] {
        let answer = simulator.post("/register", &json!({"username": username, "email": email, "pwd": pwd})).await;
        assert_error(&answer, 400);
        assert_eq!(answer.json(), json!({"status": 400, "error_msg": error}));
    }
    assert_eq!(site.visitor().sign_in("ada", PASSWORD).await.redirect(), "/");
}

#[rstest]
#[tokio::test]
async fn messages_are_listed_newest_first_with_whole_seconds(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::start(database).await else { return };
    let simulator = site.simulator();
    for name in ["ada", "Roger Histand"] {
        assert_done(&simulator.register(name).await);
    }
    assert_eq!(simulator.get("/msgs").await.json(), json!([]));
    assert_done(&simulator.tweet("ada", "one").await);
    site.clock.advance(1_999_999);
    assert_done(&simulator.tweet("Roger Histand", "two").await);
    let one = json!({"content": "one", "pub_date": START, "user": "ada"});
    let two = json!({"content": "two", "pub_date": START + 1, "user": "Roger Histand"});
    assert_eq!(simulator.get("/msgs").await.json(), json!([two, one]));
    assert_eq!(simulator.get("/msgs/ada").await.json(), json!([one]));
    assert_eq!(simulator.get("/msgs/Roger%20Histand").await.json(), json!([two]));
}

#[rstest]
#[tokio::test]
async fn content_is_a_string_whatever_it_looks_like(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::start(database).await else { return };
    let simulator = site.simulator();
    simulator.register("ada").await;
    let texts =
        ["123", "1e3", "null", "{\"a\":1}", "  spaces  ", "quote \" and \\ and \u{1f600}", "a\u{1}\nb\u{2028}c"];
    for text in texts {
        assert_done(&simulator.tweet("ada", text).await);
    }
    let listed = simulator.contents("/msgs/ada").await;
    assert_eq!(listed.iter().rev().map(String::as_str).collect::<Vec<_>>(), texts);
}

#[rstest]
#[tokio::test]
async fn the_limit_bounds_all_three_lists(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::start(database).await else { return };
    let simulator = site.simulator();
    simulator.register("ada").await;
    let mut insert = site.backdoor().await;
    insert
        .run(
            "INSERT INTO messages (author_id, text, posted_at)
             WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 1001)
             SELECT (SELECT id FROM users), 'text', 0 FROM n;
             INSERT INTO users (username, email, password_hash, created_at)
             WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 1001)
             SELECT 'user' || n, 'a@b', '', 0 FROM n;
             INSERT INTO followers (who_id, whom_id, followed_at)
             SELECT (SELECT id FROM users WHERE username = 'ada'), id, 0 FROM users WHERE username <> 'ada'",
        )
        .await;
    for (query, length) in [
        ("", 100),
        ("?no=", 100),
        ("?no=x", 100),
        ("?no=1.5", 100),
        ("?no=0", 0),
        ("?no=1", 1),
        ("?no=101", 101),
        ("?no=1000", 1_000),
        ("?no=1001", 1_000),
        ("?no=-1", 1_000),
        ("?no=99999999999999999999", 1_000),
        ("?no=-99999999999999999999", 1_000),
        ("?latest=5&no=3", 3),
    ] {
        for path in ["/msgs", "/msgs/ada"] {
            assert_eq!(simulator.contents(&format!("{path}{query}")).await.len(), length, "{path}{query}");
        }
        let follows = simulator.get(&format!("/fllws/ada{query}")).await.json();
        assert_eq!(follows["follows"].as_array().unwrap().len(), length, "/fllws/ada{query}");
    }
}

#[rstest]
#[tokio::test]
async fn follows_are_kept_once_and_ended_without_complaint(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::start(database).await else { return };
    let simulator = site.simulator();
    for name in ["ada", "bob", "Roger Histand"] {
        simulator.register(name).await;
    }
    assert_eq!(simulator.get("/fllws/ada").await.json(), json!({"follows": []}));
    assert_done(&simulator.unfollow("ada", "bob").await);
    for whom in ["bob", "bob", "Roger Histand", "ada"] {
        assert_done(&simulator.follow("ada", whom).await);
    }
    assert_eq!(simulator.follows("ada").await, ["ada", "bob", "Roger Histand"]);
    assert!(simulator.follows("bob").await.is_empty());
    assert_done(&simulator.unfollow("ada", "Roger Histand").await);
    assert_done(&simulator.unfollow("ada", "ada").await);
    assert_eq!(simulator.follows("ada").await, ["bob"]);
}

#[rstest]
#[tokio::test]
async fn a_plus_in_a_path_is_a_plus(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::start(database).await else { return };
    let simulator = site.simulator();
    simulator.register("a b").await;
    assert_error(&simulator.get("/msgs/a+b").await, 404);
    simulator.register("a+b").await;
    assert_done(&simulator.post("/msgs/a+b", &json!({"content": "plus"})).await);
    assert_done(&simulator.post("/msgs/a%20b", &json!({"content": "space"})).await);
    assert_eq!(simulator.contents("/msgs/a%2Bb").await, ["plus"]);
    assert_eq!(simulator.contents("/msgs/a%20b").await, ["space"]);
}

#[tokio::test]
async fn the_api_is_described_for_machines() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let document: Value = site.ask(Door::Api, Ask::get("/openapi.json")).await.json();
    assert!(document.is_object());
}
