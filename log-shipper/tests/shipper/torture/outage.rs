//! A server that is away for long while lines keep coming.

use std::fmt::Write;
use std::thread;
use std::time::{Duration, Instant};

use super::crowds::{figure, resident};
use super::docker::{Container, Docker, Rotation};
use super::ledger::Ledger;
use super::shipper::{Setup, until};
use crate::sink::{Fault, Sink};

/// How often lines are written.
const PULSE: Duration = Duration::from_millis(50);

/// More than a batch's worth: the buffers of the readers and of the connections.
const FLAT: u64 = 32 << 20;

/// Prints numbered lines like the site's, so many in a second, for so long; says how many.
fn print(mut container: Container, rate: u64, seconds: u64) -> u64 {
    let pad = "s".repeat(180);
    let (start, mut printed) = (Instant::now(), 0);
    while start.elapsed() < Duration::from_secs(seconds) {
        let due = rate * u64::try_from(start.elapsed().as_millis()).unwrap() / 1_000;
        let mut entries = String::new();
        for number in printed..due {
            let line =
                format!(r##"{{\"message\":\"#{number}#\",\"event\":{{\"action\":\"visit\"}},\"pad\":\"{pad}\"}}"##);
            let time = container.time();
            writeln!(entries, r#"{{"log":"{line}\n","stream":"stdout","time":"{time}"}}"#).unwrap();
        }
        container.bytes(entries.as_bytes());
        printed = due.max(printed);
        thread::sleep(PULSE);
    }
    printed
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_away_for_long_costs_neither_memory_nor_a_line() {
    let (rate, seconds) = (
        figure("LOG_SHIPPER_TORTURE_LINES_PER_SECOND").unwrap_or(5_000),
        figure("LOG_SHIPPER_TORTURE_OUTAGE_SECONDS").unwrap_or(3),
    );
    let sink = Sink::start().await;
    sink.keep_numbers_only();
    sink.always(Fault::Whole { status: 503, kind: "unavailable", retry_after: None });
    let mut docker = Docker::new(&Ledger::default());
    let container = docker.run(Some(Rotation { max_size: 50 << 20, max_file: 10_000, compress: false }));
    let setup = Setup::of(&sink, &docker).with("--memory", "16MiB").with("--batch-bytes", "1MiB");
    let shipper = setup.start();
    until("it can be asked", || setup.listens());
    let printing = thread::spawn(move || print(container, rate, seconds));
    until("lines wait", || setup.metric("log_shipper_budget_used_bytes") > 1e6);
    let before = resident(shipper.id());
    let printed = tokio::task::spawn_blocking(|| printing.join().unwrap()).await.unwrap();
    let after = resident(shipper.id());
    assert!(after < before + FLAT, "the process has grown from {before} to {after} bytes");
    sink.calm();
    let start = Instant::now();
    // The longer it was away, the longer that takes.
    while sink.numbers().0 < printed {
        assert!(start.elapsed() < Duration::from_secs(60 + 5 * seconds), "of {printed}: {:?}", sink.numbers());
        tokio::time::sleep(PULSE).await;
    }
    let (took, caught_up) = (start.elapsed(), resident(shipper.id()));
    assert!(caught_up < before + FLAT, "the process has grown from {before} to {caught_up} bytes");
    assert!(shipper.terminate().success());
    assert!(setup.once().success());
    assert_eq!(sink.numbers(), (printed, 0), "each line once");
    eprintln!(
        "row 14: away for {seconds} s: {printed} lines, {} lost, {} repeated, {before} bytes resident at first, {after} at the end \
         of it, {caught_up} when all had arrived, {:.1} s later",
        printed - sink.numbers().0,
        sink.numbers().1,
        took.as_secs_f64()
    );
}
