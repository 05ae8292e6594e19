//! A secret is nowhere in the log, wherever it stood in the request and however it was written.

#![expect(clippy::unwrap_used, reason = "what a test takes for granted may end it")]

mod canary;
mod cases;
mod properties;

use minitwit::telemetry::Format;

use crate::recorded_log::{RecordedSite, to, with_body};
use canary::Canary;

#[tokio::test]
async fn no_case_of_the_corpus_reaches_the_log() {
    let canary = Canary::new("hunter2SECRET");
    let cases = cases::all(&canary);
    assert!(cases.len() > 48);
    for format in [Format::Json, Format::Pretty { color: false }] {
        let site = RecordedSite::start(format);
        for case in cases::all(&canary) {
            let log = site.log_of(case.request).await;
            assert_eq!(log.split(|byte| *byte == b'\n').count(), 2, "{} has one line", case.name);
            canary.assert_absent(&log, case.name);
        }
        canary.assert_absent(site.metrics.render().as_bytes(), "metrics");
    }
}

#[tokio::test]
async fn what_is_allowed_is_shown() {
    let site = RecordedSite::start(Format::Json);
    let form = "application/x-www-form-urlencoded";
    let login = site.line(with_body(to("POST", "/login?p=1"), form, "username=ada&password=hunter2SECRET")).await;
    assert_eq!(login["http"]["request"]["body"]["content"], r#"{"username":"ada","password":"[redacted]"}"#);
    assert_eq!(login["url"]["query"], "p=1");
    let message = site.line(with_body(to("POST", "/add_message"), form, "text=hello+%22you%22")).await;
    assert_eq!(message["http"]["request"]["body"]["content"], r#"{"text":"hello \"you\""}"#);
    let mut post = with_body(
        to("POST", "/msgs/Roger%20Histand"),
        "application/json",
        r#"{"content":"hi","follow":"Roger Histand"}"#,
    );
    post.headers_mut().insert("authorization", "Basic right".parse().unwrap());
    let post = site.line(post).await;
    assert_eq!(post["url"]["path"], "/msgs/Roger%20Histand");
    assert_eq!(post["http"]["request"]["body"]["content"], r#"{"content":"hi","follow":"Roger Histand"}"#);
}

#[tokio::test]
async fn the_canary_would_be_found_in_each_of_its_forms() {
    let canary = Canary::new("hunter2SECRET");
    for form in canary.forms() {
        let found = std::panic::catch_unwind(|| canary.assert_absent(format!("x{form}x").as_bytes(), "line"));
        assert!(found.is_err(), "{form}");
    }
}
