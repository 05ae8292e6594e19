//! Errors, methods and static files: pages for people, error objects for the simulator, and never what was sent.

use minitwit::Door;
use rstest::rstest;
use serde_json::json;

use crate::harness::{Answer, Ask, Database, PASSWORD, Postgres, Sqlite, TestApp, raw};

/// A word that is sent and must not come back.
const ECHO: &str = "ech0ech0";

/// A page in the site's look with this status.
fn assert_page(answer: &Answer, status: u16) {
    assert_eq!(answer.status, status, "{answer:#?}");
    assert_eq!(answer.header("content-type"), "text/html; charset=utf-8", "{answer:#?}");
    assert!(answer.title().ends_with(" | MiniTwit"), "{answer:#?}");
    assert!(answer.navigation().contains("public timeline"), "{answer:#?}");
    assert!(answer.body.contains(&format!(">{status}<")), "{answer:#?}");
    assert_silent(&answer.body);
}

/// The error object with this status.
fn assert_object(answer: &Answer, status: u16) {
    assert_eq!(answer.status, status, "{answer:#?}");
    let object = answer.json();
    assert_eq!(
        (&object["status"], object.as_object().expect("it is an object").len()),
        (&json!(status), 2),
        "{object}"
    );
    assert!(!object["error_msg"].as_str().expect("it says why").is_empty(), "{object}");
    assert_silent(&answer.body);
}

/// Nothing of what was sent, and nothing of how the site is made.
fn assert_silent(body: &str) {
    for word in [ECHO, "panicked", "stack backtrace", "sqlx", "SQL", "axum", "src/", "postgres", "sqlite"] {
        assert!(!body.contains(word), "{word} is in {body}");
    }
}

fn assert_error(door: Door, answer: &Answer, status: u16) {
    match door {
        Door::Web => assert_page(answer, status),
        Door::Api => assert_object(answer, status),
    }
}

/// An answer from bytes, since a client library would not send what some of these tests do.
fn assert_raw(door: Door, answer: &str, status: u16) {
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer but {answer:?}"));
    assert!(head.starts_with(&format!("HTTP/1.1 {status} ")), "{answer}");
    assert!(head.contains(&format!("content-length: {}", body.len())), "{answer}");
    match door {
        Door::Web => assert!(head.contains("text/html") && body.contains(&format!(">{status}<")), "{answer}"),
        Door::Api => assert_eq!(
            serde_json::from_str::<serde_json::Value>(body).expect("it is JSON")["status"],
            status,
            "{answer}"
        ),
    }
    assert_silent(answer);
}

/// A request with the simulator's credential, which the pages do not mind.
fn ask(method: &'static str, path: &str) -> Ask {
    Ask::new(method, path).with("authorization", "Basic c2ltdWxhdG9yOnN1cGVyX3NhZmUh")
}

#[rstest]
#[tokio::test]
async fn what_is_not_there_is_404(#[values(Door::Web, Door::Api)] door: Door) {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    for path in
        ["/ech0ech0/ech0ech0", "/static/ech0ech0", "/msgs/ech0ech0", "/ech0ech0?ech0ech0=ech0ech0", "//", "/ech0ech0/"]
    {
        assert_error(door, &site.ask(door, ask("GET", path)).await, 404);
    }
    assert_page(&site.ask(Door::Web, Ask::get("/ech0ech0")).await, 404);
}

#[tokio::test]
async fn the_page_of_an_error_shows_who_is_signed_in() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let ada = site.sign_up("ada").await;
    for path in ["/nobody", "/nothing/at/all"] {
        let page = ada.get(path).await;
        assert_page(&page, 404);
        assert!(page.navigation().contains("sign out [ada]"), "{path}: {}", page.navigation());
    }
}

#[rstest]
#[tokio::test]
async fn a_path_that_is_no_text_is_an_error_like_any_other(#[values(Door::Web, Door::Api)] door: Door) {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let paths: &[&str] = match door {
        Door::Web => &["/%ff", "/%ff/follow", "/static/%ff", "/%c3/unfollow"],
        Door::Api => &["/msgs/%ff", "/fllws/%ff"],
    };
    for path in paths {
        let answer = site.ask(door, ask("GET", path)).await;
        assert!([400, 401, 404].contains(&answer.status), "{path}: {}", answer.status);
        assert_error(door, &answer, answer.status);
    }
}

#[tokio::test]
async fn a_wrong_method_is_405_on_the_pages() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    for (method, path, allowed) in [
        ("POST", "/", "GET,HEAD,OPTIONS"),
        ("POST", "/public", "GET,HEAD,OPTIONS"),
        ("DELETE", "/ada", "GET,HEAD,OPTIONS"),
        ("GET", "/add_message", "POST,OPTIONS"),
        ("PUT", "/login", "GET,HEAD,POST,OPTIONS"),
        ("PATCH", "/register", "GET,HEAD,POST,OPTIONS"),
        ("PUT", "/logout", "GET,HEAD,POST,OPTIONS"),
        ("DELETE", "/ada/follow", "GET,HEAD,POST,OPTIONS"),
        ("POST", "/static/style.css", "GET,HEAD,OPTIONS"),
        ("ECH0ECH0", "/public", "GET,HEAD,OPTIONS"),
        ("TRACE", "/public", "GET,HEAD,OPTIONS"),
    ] {
        let page = site.ask(Door::Web, Ask::new(method, path)).await;
        assert_page(&page, 405);
        assert_eq!(page.header("allow"), allowed, "{method} {path}");
    }
}

#[rstest]
#[tokio::test]
async fn options_tells_the_methods(#[values(Door::Web, Door::Api)] door: Door) {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let cases: &[(&str, &str)] = match door {
        Door::Web => &[
            ("/public", "GET,HEAD,OPTIONS"),
            ("/add_message", "POST,OPTIONS"),
            ("/login", "GET,HEAD,POST,OPTIONS"),
            ("/nobody", "GET,HEAD,OPTIONS"),
            ("/static/style.css", "GET,HEAD,OPTIONS"),
        ],
        Door::Api => {
            &[("/latest", "GET,HEAD,OPTIONS"), ("/register", "POST,OPTIONS"), ("/msgs/x", "GET,HEAD,POST,OPTIONS")]
        }
    };
    for (path, allowed) in cases {
        let answer = site.ask(door, ask("OPTIONS", path)).await;
        assert_eq!((answer.status, answer.body.as_str(), answer.header("allow")), (204, "", *allowed), "{path}");
    }
    assert_error(door, &site.ask(door, ask("OPTIONS", "/nothing/at/all")).await, 404);
}

#[tokio::test]
async fn head_is_get_without_the_body_and_without_taking_the_flash() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let ada = site.sign_up("ada").await;
    ada.get("/").await;
    for path in ["/", "/public", "/ada", "/nobody", "/static/style.css", "/robots.txt"] {
        let (head, get) = (ada.send(Ask::new("HEAD", path)).await, ada.get(path).await);
        assert_eq!((head.status, head.body.as_str()), (get.status, ""), "{path}");
        for header in ["content-type", "content-length", "etag", "cache-control"] {
            assert_eq!(head.header(header), get.header(header), "{path} {header}");
        }
    }
    ada.post("hello").await;
    ada.send(Ask::new("HEAD", "/")).await;
    assert_eq!(ada.get("/").await.flashes(), ["Your message was recorded"]);
}

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

#[tokio::test]
async fn static_files_are_kept_for_ever_under_their_hashed_name() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let visitor = site.visitor();
    let page = visitor.get("/public").await.body;
    let hrefs: Vec<_> = page.split("href=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    let hashed: Vec<_> = hrefs.into_iter().filter(|href| href.starts_with("/static/")).collect();
    assert_eq!(hashed.len(), 2, "a style sheet and an icon: {hashed:?}");
    for href in hashed {
        let file = visitor.get(href).await;
        assert_eq!((file.status, file.header("cache-control")), (200, "public, max-age=31536000, immutable"));
        assert_eq!(file.header("vary"), "");
        let etag = file.header("etag").to_owned();
        assert!(etag.len() > 2 && etag.starts_with('"') && etag.ends_with('"'), "{etag}");
        for known in [&etag, &format!("W/{etag}"), &format!("\"other\", {etag}"), "*"] {
            let again = visitor.send(Ask::get(href).with("if-none-match", known)).await;
            assert_eq!((again.status, again.body.as_str(), again.header("etag")), (304, "", etag.as_str()), "{known}");
        }
        assert_eq!(visitor.send(Ask::get(href).with("if-none-match", "\"other\"")).await.status, 200);
    }
    let plain = visitor.get("/static/style.css").await;
    assert_eq!(plain.header("cache-control"), "public, no-cache");
    assert!(!plain.header("etag").is_empty());
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

#[tokio::test]
async fn a_name_that_is_no_text_is_nobodys() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let ada = site.sign_up("ada").await;
    for path in ["/%ff", "/%FF/follow", "/%c3/unfollow"] {
        assert_page(&ada.get(path).await, 404);
    }
    let stranger = site.visitor();
    assert_page(&stranger.get("/%FF").await, 404);
    assert_page(&stranger.get("/%FF/follow").await, 401);
}

#[rstest]
#[tokio::test]
async fn options_of_everything_tells_all_methods(#[values(Door::Web, Door::Api)] door: Door) {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let address = site.at(door);
    let answer = raw(address, b"OPTIONS * HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
    assert!(answer.starts_with("HTTP/1.1 204 "), "{answer}");
    assert!(answer.contains("\r\nallow: GET,HEAD,POST,OPTIONS\r\n"), "{answer}");
}
