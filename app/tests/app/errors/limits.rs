//! What is too much, too slow, or not to be understood.

use super::*;

#[rstest]
#[tokio::test]
async fn a_body_of_more_than_64_kib_is_413(#[values(Door::Web, Door::Api)] door: Door) {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let path = if door == Door::Web { "/login" } else { "/register" };
    let large = ECHO.repeat(64 * 1024 / ECHO.len()) + "x";
    assert_error(door, &site.ask(door, ask("POST", path).body(large.clone())).await, 413);
    let address = site.at(door);
    let chunked = format!(
        "POST {path} HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\nconnection: close\r\n\r\n{:x}\r\n{large}\r\n0\r\n\r\n",
        large.len()
    );
    assert_raw(door, &raw(address, chunked.as_bytes()).await, 413);
    let announced =
        format!("POST {path} HTTP/1.1\r\nhost: x\r\ncontent-length: 99999999999\r\nconnection: close\r\n\r\n");
    assert_raw(door, &raw(address, announced.as_bytes()).await, 413);
    // One byte less is read, and then found to be no form and no JSON.
    assert_error(door, &site.ask(door, ask("POST", path).body(&large[1..])).await, 400);
}

#[rstest]
#[tokio::test]
async fn content_that_is_not_understood_is_415(#[values(Door::Web, Door::Api)] door: Door) {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let path = if door == Door::Web { "/login" } else { "/register" };
    for coding in ["gzip", "br", ECHO] {
        assert_error(door, &site.ask(door, ask("POST", path).with("content-encoding", coding).body("x")).await, 415);
    }
    if door == Door::Web {
        for media_type in ["application/json", "text/plain", "multipart/form-data; boundary=x", ECHO] {
            assert_page(&site.ask(door, ask("POST", path).with("content-type", media_type).body("x")).await, 415);
        }
    }
}

#[tokio::test]
async fn a_bad_request_is_a_page() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    assert_page(&site.visitor().submit("/login", &[(ECHO, ECHO)]).await, 400);
    assert_page(&site.visitor().post("hello").await, 401);
    assert_page(&site.visitor().send(Ask::get("/logout").with("sec-fetch-site", "cross-site")).await, 403);
}

#[rstest]
#[tokio::test]
async fn a_header_that_is_too_large_is_431(#[values(Door::Web, Door::Api)] door: Door) {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let address = site.at(door);
    let cookie = ECHO.repeat(4_000);
    let request = format!("GET /public HTTP/1.1\r\nhost: x\r\ncookie: {cookie}\r\n\r\n");
    assert_raw(door, &raw(address, request.as_bytes()).await, 431);
    let many = "x: ech0ech0\r\n".repeat(200);
    let request = format!("GET /public HTTP/1.1\r\nhost: x\r\n{many}\r\n");
    assert_raw(door, &raw(address, request.as_bytes()).await, 431);
    let status = site.line(|line| line["http"]["response"]["status_code"] == 431).await;
    assert_eq!(status["error"]["type"], "header_too_large");
}

#[rstest]
#[tokio::test]
async fn what_is_no_http_is_400(#[values(Door::Web, Door::Api)] door: Door) {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let address = site.at(door);
    for bytes in [
        "ech0ech0\r\n\r\n",
        "GET / ech0ech0 HTTP/1.1\r\nhost: x\r\n\r\n",
        "GET /public HTTP/1.1\r\nhost: x\r\nech0ech0\r\n\r\n",
        "POST /login HTTP/1.1\r\nhost: x\r\ncontent-length: ech0ech0\r\n\r\n",
        "GET /public HTTP/1.1\r\nconnection: close\r\n\r\n",
        "GET /public HTTP/1.1\r\nhost: ech0ech0\r\nhost: ech0ech0\r\nconnection: close\r\n\r\n",
    ] {
        assert_raw(door, &raw(address, bytes.as_bytes()).await, 400);
    }
}

#[rstest]
#[tokio::test]
async fn a_body_that_does_not_come_is_408(#[values(Door::Web, Door::Api)] door: Door) {
    let Some(site) = TestApp::with(Sqlite, &["--body-timeout=50ms"]).await else { return };
    let (address, path) = if door == Door::Web { (site.web, "/login") } else { (site.api, "/register") };
    let request =
        format!("POST {path} HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\nconnection: close\r\n\r\nech0ech0");
    assert_raw(door, &raw(address, request.as_bytes()).await, 408);
}

#[rstest]
#[tokio::test]
async fn a_request_that_takes_too_long_is_503(#[values(Door::Web, Door::Api)] door: Door) {
    let Some(site) = TestApp::with(Sqlite, &["--request-timeout=100ms"]).await else { return };
    let mut thief = site.backdoor().await;
    thief.seize().await;
    let request = match door {
        Door::Web => Ask::form("/login", &[("username", ECHO), ("password", PASSWORD)]),
        Door::Api => ask("GET", "/msgs?latest=5"),
    };
    let answer = site.ask(door, request).await;
    assert_error(door, &answer, 503);
    assert_eq!(answer.header("retry-after"), "1");
}

#[rstest]
#[tokio::test]
async fn one_connection_too_many_is_503(#[values(Door::Web, Door::Api)] door: Door) {
    let Some(site) = TestApp::with(Sqlite, &["--max-connections=1"]).await else { return };
    let (address, path) = if door == Door::Web { (site.web, "/robots.txt") } else { (site.api, "/openapi.json") };
    let mut first = tokio::net::TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n");
    tokio::io::AsyncWriteExt::write_all(&mut first, request.as_bytes()).await.unwrap();
    // Its answer shows that it has its place.
    let mut answer = [0; 12];
    tokio::io::AsyncReadExt::read_exact(&mut first, &mut answer).await.unwrap();
    assert_eq!(&answer, b"HTTP/1.1 200");
    assert_raw(door, &raw(address, request.as_bytes()).await, 503);
}
