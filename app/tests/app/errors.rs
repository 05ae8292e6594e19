//! Errors, methods and static files: pages for people, error objects for the simulator, and never what was sent.

mod faults;
mod limits;
mod methods;

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
