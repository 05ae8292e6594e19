//! One line for each request, whatever its end, and one shape for all lines.

#![expect(clippy::unwrap_used, reason = "what a test takes for granted may end it")]

use std::pin::pin;

use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use futures_util::FutureExt;
use minitwit::middleware::identify::Caller;
use minitwit::middleware::request_id::RequestId;
use minitwit::telemetry::{Format, ProgramEvents, Via, panics};
use proptest::prelude::*;
use serde_json::{Value, json};
use tracing_subscriber::layer::SubscriberExt;

use crate::recorded_log::{RecordedSite, key, to, with_body};

const FORM: &str = "application/x-www-form-urlencoded";

fn json_site() -> RecordedSite {
    RecordedSite::start(Format::Json)
}

fn sign_in() -> Request {
    let body = "username=ada&password=hunter2";
    let mut request = with_body(to("POST", "/login?p=3&next=x"), FORM, body);
    let headers = request.headers_mut();
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(body.len()));
    headers.insert(header::USER_AGENT, HeaderValue::from_static("curl/8.5.0"));
    headers.insert(header::REFERER, HeaderValue::from_static("http://minitwit.example/login"));
    let id = RequestId(HeaderValue::from_static("0123456789abcdef"));
    request.extensions_mut().insert(Caller { address: [10, 0, 0, 9].into(), secure: false, id });
    request
}

#[tokio::test]
async fn a_sign_in_is_a_line_with_all_its_facts() {
    let mut line = json_site().line(sign_in()).await;
    assert!(line["event"].as_object_mut().unwrap().remove("duration").unwrap().is_u64());
    let expected = json!({
        "@timestamp": "2020-02-21T01:01:00.738000Z",
        "log": {"level": "info"},
        "message": "POST /login 302",
        "http": {
            "version": "1.1",
            "request": {
                "id": "0123456789abcdef",
                "method": "POST",
                "mime_type": FORM,
                "referrer": "http://minitwit.example/login",
                "body": {"bytes": 29, "content": r#"{"username":"ada","password":"[redacted]"}"#},
            },
            "response": {"status_code": 302, "body": {"bytes": 0}},
        },
        "url": {"path": "/login", "query": "p=3", "domain": "minitwit.example"},
        "user": {"id": "17", "name": "ada"},
        "client": {"ip": "10.0.0.9"},
        "minitwit": {"via": "web", "route": "/login", "role": "user", "redirect": "/", "flash": "logged_in", "query_dropped": 1},
        "event": {"kind": "event", "category": ["web"], "dataset": "minitwit.request", "outcome": "success"},
        "user_agent": {"original": "curl/8.5.0"},
        "service": {"name": "minitwit", "version": "1.2.3", "node": {"name": "node-1"}},
        "ecs": {"version": "8.11.0"},
    });
    assert_eq!(line, expected);
}

#[tokio::test]
async fn a_line_begins_with_what_a_reader_looks_for() {
    let log = json_site().log_of(sign_in()).await;
    let start = br#"{"@timestamp":"2020-02-21T01:01:00.738000Z","log":{"level":"info"},"message":"POST /login 302","#;
    assert!(log.starts_with(start), "{}", String::from_utf8_lossy(&log));
}

#[tokio::test]
async fn a_readable_line_has_the_same_facts() {
    let site = RecordedSite::start(Format::Pretty { color: false });
    let line = String::from_utf8(site.log_of(sign_in()).await).unwrap();
    for fact in ["01:01:00.738 302 POST /login?p=3 ", " ada@10.0.0.9 → / «logged_in» ", r#"{"username":"ada","#] {
        assert!(line.contains(fact), "{line}");
    }
}

#[tokio::test]
async fn an_answer_of_any_kind_has_its_line() {
    let site = json_site();
    for (method, target, message, route, outcome) in [
        ("GET", "/", "GET / 200", "/", "success"),
        ("HEAD", "/", "HEAD / 200", "/", "success"),
        ("GET", "/ada", "GET /ada 200", "/{username}", "success"),
        ("POST", "/", "POST / 405", "/", "failure"),
        ("GET", "/.git/HEAD/x", "GET /.git/HEAD/~ 404", "unmatched", "failure"),
        ("GET", "/bob", "GET /~ 404", "/{username}", "failure"),
        ("GET", "/static/style.abc.css", "GET /static/style.abc.css 200", "/static/{*file}", "success"),
        ("POST", "/fail", "POST /fail 500", "/fail", "failure"),
    ] {
        let line = site.line(to(method, target)).await;
        assert_eq!(without_hashes(line["message"].as_str().unwrap()), message);
        assert_eq!((&line["minitwit"]["route"], &line["event"]["outcome"]), (&route.into(), &outcome.into()));
        let level = if message.ends_with("500") { "error" } else { "info" };
        assert_eq!(line["log"]["level"], level);
    }
}

fn without_hashes(text: &str) -> String {
    let mut pieces = text.split('~');
    let first = pieces.next().unwrap().to_owned();
    pieces.fold(first, |text, piece| text + "~" + &piece[16..])
}

#[tokio::test]
async fn an_answer_to_head_has_no_bytes() {
    let site = json_site();
    assert_eq!(site.line(to("GET", "/")).await["http"]["response"]["body"]["bytes"], 5);
    assert_eq!(site.line(to("HEAD", "/")).await["http"]["response"]["body"]["bytes"], 0);
}

#[tokio::test]
async fn the_errors_cause_is_on_the_line() {
    let line = json_site().line(to("GET", "/bob")).await;
    assert_eq!(line["error"], json!({"type": "not_found", "message": "There is nothing here"}));
    let line = json_site().line(with_body(to("POST", "/login"), FORM, "username=bob&password=x")).await;
    assert_eq!(line["error"], json!({"type": "unknown_user", "message": "Invalid username"}));
}

#[tokio::test]
async fn a_client_that_goes_away_leaves_a_line() {
    let site = json_site();
    assert!(site.answer(to("GET", "/forever")).now_or_never().is_none());
    let line: Value = serde_json::from_slice(&site.log_so_far()).unwrap();
    assert_eq!(line["message"], "GET /forever 499");
    assert_eq!((&line["event"]["outcome"], &line["error"]["type"]), (&"unknown".into(), &"client_gone".into()));
}

#[tokio::test]
async fn a_handler_that_panics_leaves_a_line() {
    let site = json_site();
    let answer = site.router.clone();
    let panicked = tokio::spawn(tower::ServiceExt::oneshot(answer, to("GET", "/panic"))).await;
    assert!(panicked.unwrap_err().is_panic());
    let log = String::from_utf8(site.log_so_far()).unwrap();
    assert!(log.contains(r#""message":"GET /panic 500""#) && !log.contains("what a panic says"), "{log}");
}

#[tokio::test]
async fn a_request_that_nobody_could_read_has_a_line() {
    let site = json_site();
    site.log.refused(
        Some(Via::Api),
        [10, 0, 0, 9].into(),
        StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
        "header_too_large",
    );
    let line: Value = serde_json::from_slice(&site.log_so_far()).unwrap();
    assert_eq!(line["message"], "- - 431");
    assert_eq!((&line["client"]["ip"], &line["error"]["type"]), (&"10.0.0.9".into(), &"header_too_large".into()));
    assert_eq!(line["minitwit"], json!({"via": "api"}));
    site.log.refused(None, [10, 0, 0, 9].into(), StatusCode::BAD_REQUEST, "malformed_request");
    let line: Value = serde_json::from_slice(&site.log_so_far()).unwrap();
    assert_eq!(line.get("minitwit"), None);
}

#[tokio::test]
async fn a_body_that_is_not_understood_is_its_size_and_hash() {
    let site = json_site();
    let line = site.line(with_body(to("POST", "/login"), "text/plain", "password=hunter2")).await;
    assert_eq!(line["http"]["request"]["body"], json!({"bytes": 16}));
    assert_eq!(line["minitwit"]["body_hash"], key().keyed_hash(b"password=hunter2"));
}

#[tokio::test]
async fn a_long_content_is_cut_and_says_so() {
    let long = "ü".repeat(9000);
    let body = format!("text={}", form_urlencoded::byte_serialize(long.as_bytes()).collect::<String>());
    let line = json_site().line(with_body(to("POST", "/add_message"), FORM, body)).await;
    let content = line["http"]["request"]["body"]["content"].as_str().unwrap();
    assert!((8180..=8192).contains(&content.len()), "{}", content.len());
    let inner: Value = serde_json::from_str(content).unwrap();
    assert!(long.starts_with(inner["text"].as_str().unwrap()));
    assert_eq!(line["minitwit"]["truncated"], true);
}

#[test]
fn an_event_of_the_program_is_a_line_of_the_same_shape() {
    let site = json_site();
    let subscriber = tracing_subscriber::registry().with(ProgramEvents::new(site.journal.clone()));
    tracing::subscriber::with_default(subscriber, || {
        let cause = std::io::Error::other("no route to postgres://mt:hunter2@db/mt");
        tracing::error!(target: "minitwit::store", error = &cause as &dyn std::error::Error, attempt = 3, password = "hunter2", "cannot connect");
        tracing::warn!(target: "sqlx::query", "SELECT 'hunter2'");
        tracing::info!(target: "sqlx::query", "SELECT 'hunter2'");
        tracing::error!(target: "minitwitter", "hunter2");
    });
    let log = String::from_utf8(site.log_so_far()).unwrap();
    assert!(!log.contains("hunter2"), "{log}");
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let expected = json!({
        "@timestamp": "2020-02-21T01:01:00.738000Z",
        "log": {"level": "error", "logger": "minitwit::store"},
        "message": "cannot connect",
        "labels": {"attempt": "3"},
        "error": {"type": "program_error", "message": "no route to ~"},
        "event": {"kind": "event", "category": ["process"], "dataset": "minitwit.app"},
        "service": {"name": "minitwit", "version": "1.2.3", "node": {"name": "node-1"}},
        "ecs": {"version": "8.11.0"},
    });
    assert_eq!(lines[0], expected);
    let messages: Vec<_> = lines[1..].iter().map(|line| line["message"].as_str().unwrap()).collect();
    assert_eq!(messages, ["sqlx::query", "minitwitter"]);
}

#[test]
fn a_panic_is_a_line_without_its_message() {
    let site = json_site();
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(panics::hook(site.journal.clone(), site.metrics.clone())));
    let name = "a-thread-that-panics";
    let panicking = std::thread::Builder::new().name(name.into()).spawn(|| panic!("hunter2")).unwrap();
    assert!(panicking.join().is_err());
    std::panic::set_hook(before);
    let log = String::from_utf8(site.log_so_far()).unwrap();
    // Another test may panic on purpose at the same time.
    let line: Value = serde_json::from_str(log.lines().find(|line| line.contains(name)).unwrap()).unwrap();
    assert!(line["error"]["message"].as_str().unwrap().contains("log_line.rs:"), "{line}");
    assert_eq!((&line["error"]["type"], &line["log"]["level"]), (&"panic".into(), &"error".into()));
    assert!(!log.contains("hunter2"));
    assert!(!site.metrics.render().contains("minitwit_panics_total 0"));
}

/// Bytes that a header's value may have.
fn header_value() -> impl Strategy<Value = HeaderValue> {
    let byte = prop_oneof![Just(b'\t'), 0x20..0x7f_u8, 0x80..=0xff_u8];
    prop::collection::vec(byte, 0..40).prop_map(|bytes| HeaderValue::from_bytes(&bytes).unwrap())
}

/// Text with what tears lines and steers terminals.
fn text() -> impl Strategy<Value = String> {
    let c = prop_oneof![
        any::<char>(),
        prop::sample::select(
            "\r\n\0\u{1b}\u{7f}\u{85}\u{9b}\u{2028}\u{2029}\u{202e}\u{feff}\"\\".chars().collect::<Vec<_>>()
        )
    ];
    prop::collection::vec(c, 0..30).prop_map(|chars| chars.into_iter().collect())
}

fn encoded(text: &str) -> String {
    form_urlencoded::byte_serialize(text.as_bytes()).collect::<String>().replace('+', "%20")
}

/// Requests that show as much of their text as may be shown.
fn request(way: u8, text: &str, bytes: &[u8]) -> Request {
    let api = |name: &str, body: String| {
        let mut request = with_body(to("POST", &format!("/msgs/{name}")), "application/json", body);
        request.headers_mut().insert(header::AUTHORIZATION, HeaderValue::from_static("Basic right"));
        request
    };
    match way {
        0 => with_body(to("POST", "/add_message"), FORM, format!("text={}", encoded(text))),
        1 => api("ada", json!({"content": text, "follow": text}).to_string()),
        2 => api(&encoded(&format!("x{text}")), "{}".into()),
        3 => with_body(to("POST", "/fail"), "text/plain", text.to_owned()),
        4 => to("GET", &format!("/a{}?p={}&{}", encoded(text), encoded(text), encoded(text))),
        _ => with_body(to("POST", "/login"), FORM, bytes.to_vec()),
    }
}

/// One line, and nothing in it that could end it, steer a terminal or turn the text around it.
fn is_one_line(log: &[u8]) -> bool {
    let text = std::str::from_utf8(log).unwrap();
    let invisible = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    text.strip_suffix('\n').is_some_and(|line| !line.contains(invisible))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn one_line_stays_one_line_whatever_bytes_come_in(
        way in 0..6_u8, text in text(), bytes in prop::collection::vec(any::<u8>(), 0..60),
        headers in prop::collection::vec(header_value(), 5),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        for format in [Format::Json, Format::Pretty { color: false }] {
            let site = RecordedSite::start(format);
            let mut request = request(way, &text, &bytes);
            let names = [header::HOST, header::USER_AGENT, header::REFERER, header::COOKIE, header::ACCEPT];
            request.headers_mut().extend(names.into_iter().zip(headers.clone()));
            let log = runtime.block_on(pin!(site.log_of(request)));
            prop_assert!(is_one_line(&log), "{}", String::from_utf8_lossy(&log));
            prop_assert!(format != Format::Json || serde_json::from_slice::<Value>(&log).is_ok());
        }
    }
}
