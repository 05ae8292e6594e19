//! The simulator's API: its credential, its lists, its writes, and its errors.

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
async fn messages_and_followers_need_the_credential_byte_by_byte(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::start(database).await else { return };
    site.simulator().register("ada").await;
    for (path, body) in [("/msgs", None), ("/msgs/ada", None), ("/fllws/ada", None)]
        .into_iter()
        .chain([("/msgs/ada", Some(json!({"content": "x"}))), ("/fllws/ada", Some(json!({"follow": "ada"})))])
    {
        let ask = body.map_or_else(|| Ask::get(path), |body| Ask::json(path, &body));
        for wrong in [
            "",
            "Basic",
            "Basic c2ltdWxhdG9yOnN1cGVyX3NhZmUhIQ==",
            "basic c2ltdWxhdG9yOnN1cGVyX3NhZmUh",
            "Basic  c2ltdWxhdG9yOnN1cGVyX3NhZmUh",
            "Basic c2ltdWxhdG9yOnN1cGVyX3NhZmUH",
        ] {
            let answer = site.simulator().saying(wrong).send(ask.clone()).await;
            assert_eq!(answer.status, 403, "{path} with {wrong:?}");
            assert_eq!(answer.body, r#"{"status":403,"error_msg":"You are not authorized to use this resource!"}"#);
        }
        assert_eq!(site.ask(Door::Api, ask.clone()).await.status, 403, "{path}");
        assert!(site.simulator().send(ask).await.status < 300, "{path}");
    }
    assert_eq!(site.simulator().contents("/msgs").await, ["x"]);
}

#[tokio::test]
async fn the_missing_credential_wins_over_whatever_else_is_wrong() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    for ask in [
        Ask::get("/msgs/nobody"),
        Ask::get("/fllws/nobody"),
        Ask::json("/msgs/nobody", &json!({})),
        Ask::new("POST", "/fllws/nobody").body("no JSON"),
        Ask::get("/msgs/a/b"),
        Ask::new("DELETE", "/msgs"),
    ] {
        assert_error(&site.ask(Door::Api, ask.clone()).await, 403);
    }
}

#[tokio::test]
async fn registering_and_latest_need_no_credential() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    for wrong in ["", "Basic nonsense"] {
        let simulator = site.simulator().saying(wrong);
        assert_done(&simulator.register(&format!("ada{wrong}")).await);
        assert_eq!(simulator.latest().await, -1);
    }
    assert_eq!(site.ask(Door::Api, Ask::get("/latest")).await.status, 200);
}

#[tokio::test]
async fn another_credential_can_be_configured() {
    let settings = &["--simulator-credential=Bearer something else"];
    let Some(site) = TestApp::with(Sqlite, settings).await else { return };
    assert_error(&site.simulator().get("/msgs").await, 403);
    assert_eq!(site.simulator().saying("Bearer something else").get("/msgs").await.status, 200);
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
async fn an_unknown_user_is_not_found(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::start(database).await else { return };
    let simulator = site.simulator();
    simulator.register("ada").await;
    for path in ["/msgs/nobody", "/msgs/Ada", "/fllws/nobody", "/msgs/ada%00", "/nothing", "/", "/msgs/", "/fllws"] {
        assert_error(&simulator.get(path).await, 404);
    }
    assert_error(&simulator.tweet("nobody", "hello").await, 404);
    assert_error(&simulator.follow("nobody", "ada").await, 404);
    assert_error(&simulator.follow("ada", "nobody").await, 404);
    assert_error(&simulator.unfollow("nobody", "ada").await, 404);
    assert_error(&simulator.unfollow("ada", "nobody").await, 404);
    assert_error(&simulator.unfollow("ada", "no\0body").await, 404);
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
async fn what_is_no_object_with_the_right_strings_is_a_bad_request() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let simulator = site.simulator();
    simulator.register("ada").await;
    for path in ["/register", "/msgs/ada", "/fllws/ada"] {
        for body in [
            "",
            "nonsense",
            "[]",
            "\"text\"",
            "null",
            "{}",
            "{\"content\":1,\"follow\":1,\"username\":1}",
            "{\"content\":null,\"follow\":null}",
            "{\"content\":\"\\ud800\",\"follow\":\"\\ud800\"}",
            "{\"content\":\"x\"",
            "{\"Content\":\"x\"}",
            "\u{feff}{}",
        ] {
            assert_error(&simulator.send(Ask::new("POST", path).body(body)).await, 400);
        }
        assert_error(&simulator.send(Ask::new("POST", path).body(b"{\"content\":\"\xff\"}".to_vec())).await, 400);
    }
    for missing in ["username", "email", "pwd"] {
        let mut body = json!({"username": "bob", "email": "a@b", "pwd": "c"});
        body.as_object_mut().unwrap().remove(missing);
        assert_error(&simulator.post("/register", &body).await, 400);
    }
    assert!(simulator.contents("/msgs").await.is_empty());
    assert_error(&simulator.get("/msgs/bob").await, 404);
}

#[tokio::test]
async fn json_is_read_whatever_the_content_type_says() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let simulator = site.simulator();
    simulator.register("ada").await;
    let ask = Ask::new("POST", "/msgs/ada").body(r#"{"content":"hello","unknown":[1]}"#);
    assert_done(&simulator.send(ask.clone()).await);
    for media_type in ["application/x-www-form-urlencoded", "text/plain", "image/png", "nonsense"] {
        assert_done(&simulator.send(ask.clone().with("content-type", media_type)).await);
    }
    assert_eq!(simulator.contents("/msgs").await, ["hello"; 5]);
}

#[tokio::test]
async fn a_text_that_is_too_long_is_a_bad_request_and_an_empty_one_is_not_stored() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let simulator = site.simulator();
    simulator.register("ada").await;
    assert_error(&simulator.tweet("ada", &"x".repeat(4_001)).await, 400);
    assert_done(&simulator.tweet("ada", "").await);
    assert!(simulator.contents("/msgs").await.is_empty());
    assert_done(&simulator.tweet("ada", &"ü".repeat(4_000)).await);
    assert_eq!(simulator.contents("/msgs").await, ["ü".repeat(4_000)]);
}

#[tokio::test]
async fn a_wrong_method_is_405_and_says_which_are_right() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    for (method, path, allowed) in [
        ("POST", "/latest", "GET,HEAD,OPTIONS"),
        ("GET", "/register", "POST,OPTIONS"),
        ("POST", "/msgs", "GET,HEAD,OPTIONS"),
        ("DELETE", "/msgs/ada", "GET,HEAD,POST,OPTIONS"),
        ("PUT", "/fllws/ada", "GET,HEAD,POST,OPTIONS"),
        ("PATCH", "/register", "POST,OPTIONS"),
    ] {
        let answer = site.simulator().send(Ask::new(method, path)).await;
        assert_error(&answer, 405);
        assert_eq!(answer.header("allow"), allowed, "{method} {path}");
    }
}

#[tokio::test]
async fn head_is_get_without_the_body() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let simulator = site.simulator();
    simulator.register("ada").await;
    simulator.tweet("ada", "hello").await;
    for path in ["/latest", "/msgs", "/msgs/ada", "/fllws/ada", "/msgs/nobody", "/nothing", "/openapi.json"] {
        let (get, head) = (simulator.get(path).await, simulator.send(Ask::new("HEAD", path)).await);
        assert_eq!((head.status, head.body.as_str()), (get.status, ""), "{path}");
        for header in ["content-type", "content-length"] {
            assert_eq!(head.header(header), get.header(header), "{path}");
        }
    }
}

#[tokio::test]
async fn the_api_is_described_for_machines() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let document: Value = site.ask(Door::Api, Ask::get("/openapi.json")).await.json();
    assert!(document.is_object());
}
