//! Who may ask.

use super::*;

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
