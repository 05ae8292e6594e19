//! What is answered to what is no request of the simulator.

use super::*;

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
