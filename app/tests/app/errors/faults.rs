//! What fails on our side.

use super::*;

#[rstest]
#[tokio::test]
async fn a_fault_of_ours_is_500_and_tells_nothing(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::start(database).await else { return };
    let ada = site.sign_up("ada").await;
    site.backdoor().await.run("ALTER TABLE messages RENAME TO gone").await;
    for path in ["/", "/public", "/ada"] {
        assert_page(&ada.get(path).await, 500);
    }
    assert_page(&ada.post(ECHO).await, 500);
    let simulator = site.simulator();
    assert_object(&simulator.get("/msgs").await, 500);
    assert_object(&simulator.tweet("ada", ECHO).await, 500);
    assert_eq!(simulator.latest().await, -1, "what does not need the broken part goes on");
    site.backdoor().await.run("ALTER TABLE gone RENAME TO messages").await;
    assert_eq!(ada.get("/").await.status, 200, "and so does the rest when it is mended");
}

#[rstest]
#[tokio::test]
async fn a_database_that_does_not_answer_is_503_until_it_does(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::with(database, &["--database-timeout=200ms"]).await else { return };
    let ada = site.sign_up("ada").await;
    let simulator = site.simulator();
    let mut thief = site.backdoor().await;
    thief.seize().await;
    let page = ada.post(ECHO).await;
    assert_page(&page, 503);
    assert_eq!(page.header("retry-after"), "1");
    let answer = simulator.tweet("ada", ECHO).await;
    assert_object(&answer, 503);
    assert_eq!(answer.header("retry-after"), "1");
    assert_object(&simulator.get("/msgs?latest=7").await, 503);
    thief.give_back().await;
    assert_eq!(ada.post("hello").await.redirect(), "/");
    assert_eq!(simulator.tweet("ada", "hello").await.status, 204);
}

#[tokio::test]
async fn operations_tell_whether_the_site_can_work() {
    let Some(site) = TestApp::with(Sqlite, &["--database-timeout=200ms"]).await else { return };
    let ask = async |path: &str| {
        let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
        raw(site.ops, request.as_bytes()).await
    };
    assert!(ask("/healthz").await.starts_with("HTTP/1.1 200 "));
    assert!(ask("/readyz").await.starts_with("HTTP/1.1 200 "));
    assert!(ask("/metrics").await.contains("\n# TYPE minitwit_registrations_total counter\n"));
    site.backdoor().await.run("ALTER TABLE _sqlx_migrations RENAME TO gone").await;
    assert!(ask("/healthz").await.starts_with("HTTP/1.1 200 "));
    assert!(ask("/readyz").await.starts_with("HTTP/1.1 503 "));
}
