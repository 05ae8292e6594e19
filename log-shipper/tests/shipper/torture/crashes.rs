//! Kills at any moment, while files rotate and the server comes and goes; a damaged state; a rollover in between.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use super::crowds::{figure, resident};
use super::dice::Dice;
use super::docker::{Container, Docker, Rotation};
use super::ledger::Ledger;
use super::shipper::{Setup, until};
use crate::sink::{Broken, Fault, Sink};

const TARGET: &str = "logs-minitwit-default";

/// Prints until it is told to stop: lines of all lengths, some in pieces with others between them.
fn chatter(mut container: Container, seed: u64, stop: Arc<AtomicBool>) -> thread::JoinHandle<()> {
    thread::spawn(move || {
        let mut dice = Dice::new(seed);
        while !stop.load(Ordering::Relaxed) {
            let (one, other) = if dice.happens(50) { ("stdout", "stderr") } else { ("stderr", "stdout") };
            if dice.happens(3) {
                let mut long = container.begin(&"l".repeat(16_000 + dice.below(45_000)));
                while container.piece(one, &mut long) {
                    if dice.happens(40) {
                        container.print_to(other, "in between");
                    }
                    if dice.happens(20) {
                        thread::sleep(Duration::from_millis(dice.below(50) as u64));
                    }
                }
            } else if dice.happens(30) {
                container.print_object(&"o".repeat(dice.below(300)));
            } else {
                container.print_to(one, &"t".repeat(dice.below(300)));
            }
            if dice.happens(10) {
                thread::sleep(Duration::from_millis(2));
            }
        }
    })
}

/// Makes the server come and go.
async fn flap(sink: &Sink, dice: &mut Dice) {
    const BUSY: &str = "es_rejected_execution_exception";
    sink.calm();
    match dice.below(6) {
        0 => {
            sink.always(Fault::Whole { status: 503, kind: "unavailable", retry_after: None });
        }
        1 => {
            sink.always(Fault::Every { nth: 7, status: 429, kind: BUSY, stored: false });
        }
        2 => {
            sink.next(Fault::Answer(Broken::Missing)).next(Fault::None).next(Fault::Answer(Broken::TooShort));
        }
        3 => {
            sink.next(Fault::Lost).next(Fault::Answer(Broken::Cut)).next(Fault::Lost);
        }
        4 => {
            sink.down().await;
            tokio::time::sleep(Duration::from_millis(200)).await;
            sink.up().await;
        }
        _ => {}
    }
}

/// How long it goes on: fifteen seconds, or as the environment says.
fn duration() -> Duration {
    Duration::from_secs(figure("LOG_SHIPPER_TORTURE_SECONDS").unwrap_or(15))
}

#[tokio::test(flavor = "multi_thread")]
async fn kills_at_any_moment_lose_and_repeat_nothing() {
    let (sink, ledger, mut dice) = (Sink::start().await, Ledger::default(), Dice::new(1));
    let mut docker = Docker::new(&ledger);
    let stop = Arc::<AtomicBool>::default();
    let rotation = Rotation { max_size: 150_000, max_file: 100_000, compress: true };
    let rotations = [Some(rotation), Some(Rotation { compress: false, ..rotation }), None];
    let threads: Vec<_> =
        (1..).zip(rotations).map(|(seed, rotation)| chatter(docker.run(rotation), seed, Arc::clone(&stop))).collect();
    let setup = Setup::of(&sink, &docker)
        .with("--piece-timeout", "90s")
        .with("--batch-bytes", "128KiB")
        .with("--memory", "2MiB");
    let (end, mut kills, mut memory) = (Instant::now() + duration(), 0, 0);
    while Instant::now() < end {
        let shipper = setup.start();
        let life = Duration::from_millis(300 + dice.below(2_000) as u64);
        let death = Instant::now() + life;
        while Instant::now() < death {
            flap(&sink, &mut dice).await;
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        memory = memory.max(resident(shipper.id()));
        shipper.kill();
        kills += 1;
    }
    stop.store(true, Ordering::Relaxed);
    for thread in threads {
        thread.join().unwrap();
    }
    sink.calm();
    let shipper = setup.start();
    setup.finish(shipper, &sink, &ledger).await;
    eprintln!(
        "row 1: {kills} kills, {} lines, 0 lost, 0 repeated ({} were sent again and refused by their ids), {memory} bytes \
         resident at most",
        ledger.len(),
        sink.conflicts()
    );
}

/// What can happen to a file of the state.
fn damage(bytes: &mut Vec<u8>, kind: usize, dice: &mut Dice) {
    let at = dice.below(bytes.len().max(1));
    match kind {
        0 => bytes.truncate(at),
        1 => bytes[at] ^= 1 << dice.below(8),
        2 => bytes[at..].fill(0),
        3 => bytes.extend([0; 512]),
        4 => bytes.extend(b"not a record at all"),
        _ => bytes.clear(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_damaged_state_loses_nothing_and_repeats_no_document() {
    let mut dice = Dice::new(13);
    for kind in 0..7 {
        let (sink, ledger) = (Sink::start().await, Ledger::default());
        let mut docker = Docker::new(&ledger);
        let mut containers =
            [docker.run(Some(Rotation { max_size: 20_000, max_file: 50, compress: true })), docker.run(None)];
        let setup = Setup::of(&sink, &docker).with("--batch-bytes", "8KiB");
        for _ in 0..3 {
            let before = ledger.len();
            let shipper = setup.start();
            (0..400).for_each(|line| containers[line % 2].print("line"));
            sink.until("some lines more are there", |sink| sink.size() > before + 100).await;
            shipper.kill();
            for entry in fs::read_dir(setup.state()).unwrap().map(Result::unwrap) {
                if kind == 6 {
                    fs::remove_file(entry.path()).unwrap();
                } else if entry.metadata().unwrap().len() > 0 {
                    let mut bytes = fs::read(entry.path()).unwrap();
                    damage(&mut bytes, kind, &mut dice);
                    fs::write(entry.path(), bytes).unwrap();
                }
            }
        }
        let shipper = setup.start();
        setup.finish(shipper, &sink, &ledger).await;
        if [1, 2, 4].contains(&kind) {
            assert!(setup.said().contains("damaged"), "it says so (kind {kind})");
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rollover_between_send_and_resend_repeats_nothing() {
    let (sink, ledger) = (Sink::start().await, Ledger::default());
    let mut docker = Docker::new(&ledger);
    let mut container = docker.run(None);
    let setup = Setup::of(&sink, &docker).with("--batch-bytes", "16KiB");
    for broken in [Broken::Missing, Broken::Cut, Broken::NotJson, Broken::Empty, Broken::BadGateway] {
        sink.next(Fault::None).next(Fault::RolledOver(broken));
    }
    let shipper = setup.start();
    (0..3_000).for_each(|_| container.print("over and over"));
    setup.finish(shipper, &sink, &ledger).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rollover_between_kill_and_restart_repeats_nothing() {
    let (sink, ledger) = (Sink::start().await, Ledger::default());
    let mut docker = Docker::new(&ledger);
    let mut containers =
        [docker.run(None), docker.run(Some(Rotation { max_size: 30_000, max_file: 90, compress: true }))];
    let setup = Setup::of(&sink, &docker).with("--batch-bytes", "16KiB");
    for _ in 0..4 {
        let before = sink.size();
        (0..300).for_each(|line| containers[line % 2].print("over and over"));
        sink.next(Fault::None);
        sink.always(Fault::Answer(Broken::Missing));
        let shipper = setup.start();
        sink.until("more is stored", |sink| sink.size() > before + 20).await;
        shipper.kill();
        sink.roll_over(TARGET);
        sink.calm();
    }
    let shipper = setup.start();
    setup.finish(shipper, &sink, &ledger).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_shippers_do_not_share_a_state() {
    let (sink, ledger) = (Sink::start().await, Ledger::default());
    let mut docker = Docker::new(&ledger);
    let mut container = docker.run(None);
    container.print("one");
    let setup = Setup::of(&sink, &docker);
    let shipper = setup.start();
    sink.until("the first one works", |sink| sink.size() == 1).await;
    let other = setup.start_with(&["--once"]).ended();
    assert!(!other.success());
    until("it says why", || setup.said().contains("state"));
    container.print("two");
    setup.finish(shipper, &sink, &ledger).await;
}
