//! `/metrics` and `/readyz` of a shipper that runs.

use std::fs;
use std::io::Write;
use std::process::Command;
use std::time::{Duration, SystemTime};

use crate::asked::Asked;
use crate::sink::{Broken, Fault};
use crate::stage::{Stage, container, ended, until};

fn entry(text: &str) -> String {
    format!("{{\"log\":\"{text}\",\"stream\":\"stdout\",\"time\":\"2026-01-01T00:00:00Z\"}}\n")
}

#[tokio::test]
async fn what_happens_is_counted() {
    let stage = Stage::start().await;
    let root = stage.path("containers");
    let log = container(&root, &"4e1f".repeat(16), "web");
    let request = entry(r#"{\"event\":{\"dataset\":\"minitwit.request\"}}\n"#);
    let pieces = [entry(&"x".repeat(16 << 10)), entry("end\\n"), entry("password=hunter2\\n"), request].concat();
    fs::write(&log, &pieces).unwrap();
    let plain = format!("bad\n{}\nodd\n", "x".repeat(200_000));
    stage.print("a.log", &plain);
    stage.sink.next(Fault::Answer(Broken::Missing));
    stage.sink.always(Fault::Marked { text: "bad", status: 400, kind: "mapper_parsing_exception" });
    stage.sink.always(Fault::FailureStore { text: "odd", takes: true });
    let root = root.to_str().unwrap();
    let shipper = Asked::start(&stage, &["--docker-root", root, "--max-line=100KiB", "--lanes=1"]);
    shipper.is(r#"documents_acknowledged_total{dataset="other"}"#, 4.0).await;
    shipper.is(r#"documents_acknowledged_total{dataset="minitwit.request"}"#, 1.0).await;
    shipper.is(r#"dead_letters_total{reason="mapper_parsing_exception"}"#, 1.0).await;
    shipper.is("lines_read_total", 7.0).await;
    #[expect(clippy::cast_precision_loss, reason = "a small number")]
    shipper.is("bytes_read_total", (pieces.len() + plain.len()) as f64).await;
    for (series, value) in [
        ("lines_joined_total", 1.0),
        ("lines_cut_total", 1.0),
        (r#"lines_marked_total{mark="truncated"}"#, 1.0),
        (r#"lines_marked_total{mark="masked"}"#, 1.0),
        ("secrets_masked_total", 1.0),
        ("failure_store_total", 1.0),
        ("bytes_missed_total", 0.0),
        ("files_missed_total", 0.0),
        ("files_followed", 2.0),
        ("open_files", 2.0),
        ("behind_bytes", 0.0),
        ("behind_seconds", 0.0),
        ("in_flight_batches", 0.0),
        ("budget_used_bytes", 0.0),
        ("budget_bytes", 25_165_824.0),
        ("dead_letters_limit_bytes", 268_435_456.0),
        (r#"state_writes_total{outcome="failed"}"#, 0.0),
    ] {
        shipper.is(series, value).await;
    }
    for series in [
        "documents_sent_total",
        "documents_repeated_total",
        "documents_retried_total",
        "dead_letters_used_bytes",
        "bulk_duration_seconds_count",
        "bulk_size_bytes_count",
        r#"state_writes_total{outcome="ok"}"#,
    ] {
        shipper.until(series, |value| value > 0.0).await;
    }
}

#[tokio::test]
async fn a_request_that_is_on_its_way_is_counted_and_a_batch_that_waits_for_it_is_not() {
    let stage = Stage::start().await;
    stage.sink.always(Fault::Stall { stored: false });
    let shipper = Asked::start(&stage, &["--lanes=1", "--batch-lines=1", "--batch-bytes=16KiB", "--memory=64KiB"]);
    stage.print("a.log", "one\ntwo\nthree\n");
    shipper.until("budget_used_bytes", |bytes| bytes > 16_384.0).await;
    shipper.is("in_flight_batches", 1.0).await;
}

/// A line that a container printed so long before `moment`.
fn printed_before(moment: SystemTime, ago: Duration) -> String {
    let time = jiff::Timestamp::try_from(moment - ago).unwrap();
    format!("{{\"log\":\"a line\\n\",\"stream\":\"stdout\",\"time\":\"{time}\"}}\n")
}

#[tokio::test]
async fn a_line_is_as_old_as_docker_says_also_if_there_is_no_room_to_read_it() {
    const HOUR: Duration = Duration::from_hours(1);
    let stage = Stage::start().await;
    stage.sink.down().await;
    let root = stage.path("containers");
    let [young, old] = ["4e1f", "5e1f"].map(|id| container(&root, &id.repeat(16), "web"));
    stage.print("now", "");
    let now = fs::metadata(stage.log("now")).unwrap().modified().unwrap();
    fs::write(&young, printed_before(now, HOUR)).unwrap();
    let root = root.to_str().unwrap();
    let small = ["--docker-root", root, "--lanes=1", "--memory=64KiB", "--batch-bytes=16KiB", "--batch-age=0s"];
    let shipper = Asked::start(&stage, &small);
    shipper.until("behind_seconds", |seconds| seconds >= 3_600.0).await;
    let mut more = fs::OpenOptions::new().append(true).open(&young).unwrap();
    more.write_all(printed_before(now, HOUR).repeat(1_000).as_bytes()).unwrap();
    shipper.until("budget_used_bytes", |bytes| bytes > 49_152.0).await;
    assert!(shipper.value("behind_seconds").await < 7_200.0);
    fs::write(&old, printed_before(now, 3 * HOUR)).unwrap();
    shipper.until("behind_seconds", |seconds| seconds >= 10_800.0).await;
    stage.sink.up().await;
    shipper.is("behind_seconds", 0.0).await;
}

#[tokio::test]
async fn how_far_behind_it_is_stays_true_when_all_is_read() {
    let stage = Stage::start().await;
    stage.sink.always(Fault::Stall { stored: false });
    stage.print("a.log", "one\n");
    let shipper = Asked::start(&stage, &["--once"]);
    shipper.is("behind_bytes", 4.0).await;
    let then = shipper.value("behind_seconds").await;
    shipper.until("behind_seconds", |seconds| seconds > then + 1.0).await;
}

#[tokio::test]
async fn how_far_behind_it_is_stays_true_while_the_server_is_down() {
    let stage = Stage::start().await;
    stage.sink.down().await;
    stage.print("a.log", "x".repeat(99) + "\n");
    let shipper = Asked::start(&stage, &["--memory=64KiB", "--batch-bytes=16KiB", "--batch-age=0s"]);
    shipper.is("behind_bytes", 100.0).await;
    for kilobytes in [200_u32, 300] {
        stage.print("a.log", "x".repeat(99_999) + "\n");
        stage.print("a.log", ("x".repeat(99) + "\n").repeat(1_000 * (kilobytes - 100) as usize / 100));
        let size = fs::metadata(stage.log("a.log")).unwrap().len();
        #[expect(clippy::cast_precision_loss, reason = "a small number")]
        shipper.is("behind_bytes", size as f64).await;
    }
    shipper.until("behind_seconds", |seconds| seconds > 0.0).await;
    shipper.until("budget_used_bytes", |bytes| bytes > 0.0).await;
    until("it is not ready", async || shipper.get("/readyz").await.contains("\nelasticsearch: ")).await;
    assert!(shipper.get("/readyz").await.starts_with("HTTP/1.1 503"));
    stage.sink.up().await;
    shipper.is("behind_bytes", 0.0).await;
    shipper.is("behind_seconds", 0.0).await;
    until("it is ready", async || shipper.get("/readyz").await.ends_with("\nready\n")).await;
}

#[tokio::test]
async fn a_health_check_asks_whether_it_lives_and_not_whether_the_server_does() {
    let stage = Stage::start().await;
    stage.sink.down().await;
    let shipper = Asked::start(&stage, &[]);
    until("it lives", async || shipper.get("/healthz").await.starts_with("HTTP/1.1 200")).await;
    let check = async |address: &str| {
        let mut program = Command::new(env!("CARGO_BIN_EXE_log-shipper"));
        program.env_clear().args(["healthcheck", "--operations-listen", address]);
        ended(program).await
    };
    let (_, port) = shipper.address().rsplit_once(':').map(|(ip, port)| (ip.to_owned(), port.to_owned())).unwrap();
    for address in [shipper.address(), format!("0.0.0.0:{port}")] {
        let ended = check(&address).await;
        assert_eq!((ended.code, ended.out.as_str(), ended.err.as_str()), (Some(0), "", ""));
    }
    let address = shipper.address();
    drop(shipper);
    let ended = check(&address).await;
    assert_eq!(ended.code, Some(1));
    assert!(ended.last().contains(&format!("cannot ask {address}")), "{}", ended.err);
    assert!(check("off").await.last().contains("--operations-listen"));
}
