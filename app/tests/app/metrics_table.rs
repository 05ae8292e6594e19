//! What `/metrics` says: the table's names and buckets, and no series that a client could invent.

#![expect(clippy::unwrap_used, reason = "what a test takes for granted may end it")]

use std::collections::BTreeSet;
use std::io::Write;
use std::process::{Command, Stdio};

use futures_util::FutureExt;
use minitwit::telemetry::names::{self, Kind};
use minitwit::telemetry::{Format, Metrics, Outcome, Via};

use crate::recorded_log::{RecordedSite, to, with_body};

/// The names of the series, with their labels.
fn series(text: &str) -> BTreeSet<String> {
    let samples = text.lines().filter(|line| !line.starts_with('#') && !line.is_empty());
    samples.map(|line| line.rsplit_once(' ').unwrap().0.to_owned()).collect()
}

async fn visit(site: &RecordedSite, number: u32) {
    let method = ["GET", "POST", "HEAD", &format!("M{number}")][number as usize % 4].to_owned();
    let target = [format!("/a{number}/b"), format!("/u{number}"), format!("/msgs/u{number}?x={number}")];
    let mut request = to(&method, &target[number as usize % 3]);
    request.headers_mut().insert("host", format!("h{number}.example").parse().unwrap());
    drop(site.answer(request).await);
}

#[tokio::test]
async fn ten_thousand_random_paths_methods_and_hosts_add_no_series() {
    let site = RecordedSite::start(Format::Json);
    for number in 0..12 {
        visit(&site, number).await;
    }
    let before = series(&site.metrics.render());
    for number in 12..10_012 {
        site.log.writer().room().await;
        visit(&site, number).await;
    }
    assert_eq!(series(&site.metrics.render()), before);
    assert!(
        before.contains(r#"http_server_requests_total{via="web",method="OTHER",route="unmatched",status="404"}"#),
        "{before:?}"
    );
}

#[tokio::test]
async fn a_request_is_counted_timed_and_measured_by_its_route() {
    let site = RecordedSite::start(Format::Json);
    drop(site.answer(with_body(to("POST", "/login"), "text/plain", "12345")).await);
    drop(site.answer(to("GET", "/")).await);
    assert!(site.answer(to("GET", "/forever")).now_or_never().is_none());
    let text = site.metrics.render();
    for line in [
        r#"http_server_requests_total{via="web",method="POST",route="/login",status="400"} 1"#,
        r#"http_server_requests_total{via="web",method="GET",route="/forever",status="499"} 1"#,
        r#"http_server_request_duration_seconds_count{via="web",method="POST",route="/login",status_class="4xx"} 1"#,
        r#"http_server_request_size_bytes_sum{via="web",method="POST",route="/login"} 5"#,
        r#"http_server_response_size_bytes_sum{via="web",method="GET",route="/"} 5"#,
        r#"http_server_active_requests{via="web"} 0"#,
    ] {
        assert!(text.lines().any(|written| written == line), "{line} in {text}");
    }
    for bound in ["0.1", "0.3", "0.5"] {
        let bucket = format!(
            r#"request_duration_seconds_bucket{{via="web",method="GET",route="/",status_class="2xx",le="{bound}"}}"#
        );
        assert!(text.contains(&bucket), "{bucket} in {text}");
    }
}

#[tokio::test]
async fn counters_of_fixed_labels_stand_at_zero_before_the_first_event() {
    let metrics = Metrics::new("1", "a");
    let text = metrics.render();
    for via in ["web", "api"] {
        for outcome in ["ok", "unchanged", "refused", "failed"] {
            let line = format!(r#"minitwit_logins_total{{via="{via}",outcome="{outcome}"}} 0"#);
            assert!(text.contains(&line), "{line} in {text}");
        }
    }
    metrics.logins.count(Via::Api, Outcome::Refused);
    assert!(metrics.render().contains(r#"minitwit_logins_total{via="api",outcome="refused"} 1"#));
}

#[tokio::test]
async fn every_row_of_the_table_is_there_with_help_and_type() {
    let site = RecordedSite::start(Format::Json);
    drop(site.answer(to("GET", "/")).await);
    site.metrics.pool_wait.record(0.2);
    site.metrics.hash_wait.record(0.2);
    site.metrics.hash_duration.record(0.2);
    let text = site.metrics.render();
    for metric in names::ALL {
        let kind = match metric.kind {
            Kind::Counter => "counter",
            Kind::Gauge => "gauge",
            Kind::Histogram => "histogram",
        };
        assert!(text.contains(&format!("# HELP {} {}\n", metric.name, metric.help)), "{}", metric.name);
        assert!(text.contains(&format!("# TYPE {} {kind}\n", metric.name)), "{}", metric.name);
    }
    assert!(text.contains(r#"minitwit_build_info{version="1.2.3",revision="abc"} 1"#));
    assert!(text.contains("process_resident_memory_bytes "));
}

#[tokio::test]
async fn promtool_finds_nothing_to_say() {
    let site = RecordedSite::start(Format::Json);
    drop(site.answer(to("GET", "/")).await);
    let text = site.metrics.render();
    let started = Command::new("promtool")
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let Ok(mut promtool) = started else {
        assert!(std::env::var_os("REQUIRE_SERVICES").is_none(), "promtool is not installed");
        return eprintln!("skipped: needs promtool");
    };
    promtool.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    let said = promtool.wait_with_output().unwrap();
    assert_eq!((String::from_utf8_lossy(&said.stdout), String::from_utf8_lossy(&said.stderr)), ("".into(), "".into()));
    assert!(said.status.success());
}
