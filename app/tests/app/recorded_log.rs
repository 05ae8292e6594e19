//! A few routes behind the real middleware, whose log is kept in memory.

#![expect(clippy::unwrap_used, reason = "what a test takes for granted may end it")]

use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{any, get, post};
use minitwit::clock::Clock;
use minitwit::error::ErrorReport;
use minitwit::middleware::observe::Observer;
use minitwit::redact::{self, HashKey, Hosts, Logged, Show, Vocabulary};
use minitwit::telemetry::{Format, Journal, LogBuffer, LogWriter, Metrics, RequestLog, Service, TransactionLog, Via};
use tower::ServiceExt;

/// 2020-02-21T01:01:00.738Z.
pub const NOW: i64 = 1_582_246_860_738_000;

/// The key that hashes what is not shown.
pub fn key() -> HashKey {
    HashKey::new(&[7; 32])
}

/// What was written.
#[derive(Clone, Default)]
pub struct Memory(Arc<Mutex<Vec<u8>>>);

impl Memory {
    /// Takes what was written since the last time.
    pub fn take(&self) -> Vec<u8> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}

impl Write for Memory {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A small site.
pub struct RecordedSite {
    pub router: Router,
    pub log: TransactionLog,
    pub journal: Journal,
    pub metrics: Metrics,
    pub memory: Memory,
}

impl RecordedSite {
    pub fn start(format: Format) -> Self {
        let (metrics, memory) = (Metrics::new("1.2.3", "abc"), Memory::default());
        let (lines, dropped) = (metrics.log_lines.clone(), metrics.log_lines_dropped.clone());
        let writer = LogWriter::start(memory.clone(), LogBuffer::default(), lines, dropped).unwrap();
        let service = Service { name: "minitwit".into(), version: "1.2.3".into(), node: "node-1".into() };
        let journal = Journal::new(writer, format, &service, Clock::fixed(NOW));
        let hosts = Hosts::new(["minitwit.example"]);
        let log = TransactionLog::new(journal.clone(), key(), hosts, Vocabulary::with(["style.abc.css"]));
        let observer = Observer { via: Via::Web, log: Some(log.clone()), metrics: Some(metrics.clone()) };
        Self { router: routes().layer(from_fn_with_state(observer, observe)), log, journal, metrics, memory }
    }

    /// The answer to a request.
    pub async fn answer(&self, request: Request) -> Response {
        self.router.clone().oneshot(request).await.unwrap()
    }

    /// The log's text after a request, with its last line's end.
    pub async fn log_of(&self, request: Request) -> Vec<u8> {
        drop(self.answer(request).await);
        self.log_so_far()
    }

    /// What was logged since the last time.
    pub fn log_so_far(&self) -> Vec<u8> {
        assert!(self.journal.writer().flush(Duration::from_secs(10)));
        self.memory.take()
    }

    /// The one line of a request, read.
    pub async fn line(&self, request: Request) -> serde_json::Value {
        serde_json::from_slice(&self.log_of(request).await).unwrap()
    }
}

/// The observer's part of the site's stack.
pub async fn observe(State(observer): State<Observer>, mut request: Request, next: Next) -> Response {
    let watched = observer.begin(&mut request);
    watched.room().await;
    let response = next.run(request).await;
    watched.answered(&response);
    response
}

fn routes() -> Router {
    Router::new()
        .route("/", get(async || "hello"))
        .route("/login", get(async || "").post(login))
        .route("/add_message", post(add_message))
        .route("/msgs/{username}", post(post_message))
        .route("/redirect", get(redirect))
        .route("/panic", get(async || -> () { panic!("what a panic says") }))
        .route("/forever", get(std::future::pending::<()>))
        .route("/fail", any(fail))
        .route("/static/{*file}", get(async || "body {}"))
        .route("/{username}", get(profile))
}

struct Login;

impl Logged for Login {
    const FIELDS: &'static [(&'static str, Show)] = &[("username", Show::Name), ("password", Show::Secret)];
}

struct NewMessage;

impl Logged for NewMessage {
    const FIELDS: &'static [(&'static str, Show)] = &[("text", Show::Text)];
}

struct ApiMessage;

impl Logged for ApiMessage {
    const FIELDS: &'static [(&'static str, Show)] =
        &[("content", Show::Text), ("follow", Show::Name), ("no", Show::Integer), ("pwd", Show::Secret)];
}

async fn login(log: RequestLog, headers: HeaderMap, body: Bytes) -> Response {
    let Some(username) = parse_form::<Login>(&log, &headers, &body).and_then(|form| form.get("username").cloned())
    else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    if username != "ada" {
        log.error("unknown_user", "Invalid username");
        return StatusCode::OK.into_response();
    }
    log.user(17, &username);
    log.role("user");
    log.flash("logged_in");
    (StatusCode::FOUND, [(header::LOCATION, "/")]).into_response()
}

async fn add_message(log: RequestLog, headers: HeaderMap, body: Bytes) -> StatusCode {
    parse_form::<NewMessage>(&log, &headers, &body).map_or(StatusCode::BAD_REQUEST, |_| StatusCode::FOUND)
}

fn parse_form<T: Logged>(
    log: &RequestLog,
    headers: &HeaderMap,
    body: &[u8],
) -> Option<std::collections::HashMap<String, String>> {
    std::str::from_utf8(body).ok()?;
    headers
        .get(header::CONTENT_TYPE)
        .filter(|value| value.as_bytes().starts_with(b"application/x-www-form-urlencoded"))?;
    log.content(redact::form(form_urlencoded::parse(body), T::FIELDS));
    Some(form_urlencoded::parse(body).into_owned().collect())
}

async fn post_message(log: RequestLog, headers: HeaderMap, body: Bytes) -> StatusCode {
    if headers.get(header::AUTHORIZATION).is_some_and(|value| value == "Basic right") {
        log.role("simulator");
        log.confirm("Roger Histand");
    }
    match serde_json::from_slice(&body) {
        Ok(object) => log.content(redact::json(&object, ApiMessage::FIELDS)),
        Err(_) => return StatusCode::BAD_REQUEST,
    }
    log.latest(42);
    StatusCode::NO_CONTENT
}

async fn profile(log: RequestLog, Path(name): Path<String>) -> Response {
    if name == "ada" {
        log.confirm(&name);
        return "ada's timeline".into_response();
    }
    let mut response = StatusCode::NOT_FOUND.into_response();
    response.extensions_mut().insert(ErrorReport { kind: "not_found", message: "There is nothing here".into() });
    response
}

#[derive(serde::Deserialize)]
struct Target {
    to: String,
}

/// Redirects to wherever it is told, as no route of ours does.
async fn redirect(Query(target): Query<Target>) -> Response {
    (StatusCode::FOUND, [(header::LOCATION, target.to)]).into_response()
}

/// Repeats its body as an error's message, as no error of ours does.
async fn fail(body: Bytes) -> Response {
    let mut response = StatusCode::INTERNAL_SERVER_ERROR.into_response();
    let message = String::from_utf8_lossy(&body).into_owned();
    response.extensions_mut().insert(ErrorReport { kind: "internal", message });
    response
}

/// A request to `target`, which must be a valid one.
pub fn to(method: &str, target: &str) -> Request {
    Request::builder().method(method).uri(target).header("host", "minitwit.example").body(Body::empty()).unwrap()
}

/// The same with a body.
pub fn with_body(mut request: Request, content_type: &str, body: impl Into<Body>) -> Request {
    request.headers_mut().insert(header::CONTENT_TYPE, content_type.parse().unwrap());
    *request.body_mut() = body.into();
    request
}
