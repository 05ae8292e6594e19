//! The service from its start to its end, before a server that answers as a test says.

use std::fs;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::*;
use crate::cli::parse_from;
use crate::config::Environment;
use crate::deliver::fake::{self, json};

const STORED: &str = r#"{"errors":false,"items":[{"create":{"status":201}}]}"#;

/// Settings of a run that reads `log` to its end, each line in a request of its own.
fn settings(folder: &tempfile::TempDir, log: &str, host: &url::Url) -> Given {
    let path = folder.path().display();
    fs::write(folder.path().join("a.log"), log).unwrap();
    let words =
        format!("log-shipper --once --elasticsearch={host} --files={path}/a.log --state={path}/state --lanes=1");
    let words = words.split(' ').chain(["--batch-lines=1", "--retry-min=10ms"]).map(str::to_owned);
    parse_from(words, Environment::default()).unwrap().given
}

async fn until(what: impl Fn() -> bool) {
    let reached = async {
        while !what() {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), reached).await.expect("it is so in time");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn positions_reach_the_disk_while_the_last_acknowledgement_is_waited_for() {
    let (may_answer, requests) = (Arc::new(AtomicBool::new(false)), AtomicUsize::new(0));
    let answers = Arc::clone(&may_answer);
    let server = fake::start(move |path, _| match path {
        path if !path.contains("_bulk") => json(200, "{}"),
        _ if !answers.load(Ordering::Relaxed) => json(429, "{}"),
        _ if requests.fetch_add(1, Ordering::Relaxed) == 0 => json(200, STORED),
        _ => String::new(),
    });
    let folder = tempfile::tempdir().unwrap();
    let given = settings(&folder, "one\ntwo\n", &server.await.url);
    let (loaded, metrics) = (Settings::load(&given).unwrap(), Metrics::new("1", "r"));
    let service = Service::start(loaded, Purpose::Exhaust, &metrics, &Clock::default(), "node").await.unwrap();
    let (state, readiness) = (Arc::clone(&service.state), service.readiness.clone());
    let run = tokio::spawn(async move { service.run(&given, &Progress::of_bytes("acknowledged")).await });
    until(|| readiness.reasons().iter().any(|reason| reason.contains("is stopping"))).await;
    may_answer.store(true, Ordering::Relaxed);
    until(|| state.snapshot().iter().any(|known| known.position() == 4)).await;
    let written = fs::metadata(folder.path().join("state/positions")).unwrap().len();
    until(|| state.sure() >= written).await;
    run.abort();
}
