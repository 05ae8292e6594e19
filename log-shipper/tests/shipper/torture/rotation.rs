//! Files that are renamed, compressed, removed, copied and truncated while they are read, or while nobody reads them.

use super::dice::Dice;
use super::docker::{Docker, Rotation};
use super::ledger::Ledger;
use super::plain::Plain;
use super::shipper::{Setup, until};
use crate::sink::{Fault, Sink};

const UNAVAILABLE: Fault = Fault::Whole { status: 503, kind: "unavailable", retry_after: None };

/// So little memory that reading has to wait for the server.
fn small(setup: Setup) -> Setup {
    setup.with("--memory", "256KiB").with("--batch-bytes", "32KiB").with("--poll", "200ms")
}

#[tokio::test(flavor = "multi_thread")]
async fn what_docker_still_had_or_was_open_arrives_after_a_burst_and_the_rest_is_counted() {
    for compress in [true, false] {
        let (sink, ledger, mut dice) = (Sink::start().await, Ledger::default(), Dice::new(7));
        sink.always(UNAVAILABLE);
        let mut docker = Docker::new(&ledger);
        let mut container = docker.run(Some(Rotation { max_size: 64 * 1024, max_file: 2, compress }));
        container.print("before");
        let setup = small(Setup::of(&sink, &docker));
        let shipper = setup.start();
        until("it follows the file", || !sink.seen().is_empty());
        for _ in 0..8_000 {
            container.print(&"b".repeat(dice.below(400)));
        }
        until("there is no room", || setup.metric("log_shipper_budget_used_bytes") > 30_000.0);
        sink.calm();
        let idle = || setup.metric("log_shipper_behind_bytes") + setup.metric("log_shipper_budget_used_bytes") == 0.0;
        until("all is read", idle);
        let missed = setup.metric("log_shipper_files_missed_total");
        assert!(shipper.terminate().success());
        assert!(setup.once().success());
        let difference = ledger.compare(&sink);
        for (file, lost) in &difference.lost {
            assert_eq!(lost.len(), ledger.lines_of(file), "{file} is missing as a whole, or not at all");
        }
        let lost = difference.lost.len();
        assert!((missed - f64::from(u32::try_from(lost).unwrap())).abs() < 0.5, "{missed} counted, {lost} lost");
        assert!(difference.twice.is_empty() && difference.wrong.is_empty() && difference.strange.is_empty());
        eprintln!("row 7: {missed} counted: {lost} of {} files vanished unseen", container.file());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_was_compressed_before_it_could_be_opened_is_read_and_not_counted_as_missing() {
    let (sink, ledger) = (Sink::start().await, Ledger::default());
    let mut docker = Docker::new(&ledger);
    let mut container = docker.run(Some(Rotation { max_size: 1 << 20, max_file: 5, compress: true }));
    container.print("it is followed");
    let setup = Setup::of(&sink, &docker);
    let shipper = setup.start();
    until("it follows the file", || !sink.seen().is_empty());
    shipper.halt();
    for _ in 0..3 {
        container.print("nobody looks");
        container.rotate();
    }
    container.print("the last one");
    shipper.signal("CONT");
    setup.all_there(&sink, &ledger).await;
    assert!(setup.metric("log_shipper_files_missed_total").abs() < 0.5, "nothing is missing");
    setup.finish(shipper, &sink, &ledger).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_are_rotated_while_the_server_is_away_are_read_in_their_order() {
    let (sink, ledger, mut dice) = (Sink::start().await, Ledger::default(), Dice::new(71));
    let mut docker = Docker::new(&ledger);
    let rotation = Rotation { max_size: 40 * 1024, max_file: 500, compress: true };
    let mut containers = [docker.run(Some(rotation)), docker.run(Some(Rotation { compress: false, ..rotation }))];
    let setup = small(Setup::of(&sink, &docker)).with("--piece-timeout", "50s");
    let shipper = setup.start();
    for round in 0..2_000 {
        if round % 200 == 0 {
            sink.always(UNAVAILABLE);
        }
        if round % 200 == 100 {
            sink.calm();
        }
        let long = dice.happens(5);
        let text = "r".repeat(if long { 17_000 + dice.below(30_000) } else { dice.below(200) });
        containers[dice.below(2)].print(&text);
    }
    setup.finish(shipper, &sink, &ledger).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_container_log_that_is_copied_and_truncated_while_it_is_read_loses_nothing() {
    let (sink, ledger, mut dice) = (Sink::start().await, Ledger::default(), Dice::new(9));
    let mut docker = Docker::new(&ledger);
    let mut container = docker.run(None);
    let setup = small(Setup::of(&sink, &docker));
    let shipper = setup.start();
    for round in 0..4 {
        if round % 2 == 0 {
            sink.always(UNAVAILABLE);
        }
        for _ in 0..600 {
            container.print(&"c".repeat(dice.below(300)));
        }
        container.copy_truncate();
        for _ in 0..dice.below(900) {
            container.print(&"d".repeat(dice.below(300)));
        }
        sink.calm();
    }
    setup.finish(shipper, &sink, &ledger).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plain_file_that_is_copied_and_truncated_while_it_is_read_loses_nothing_if_the_copy_matches() {
    let (sink, ledger, mut dice) = (Sink::start().await, Ledger::default(), Dice::new(91));
    let folder = tempfile::tempdir().unwrap();
    let mut plain = Plain::new(folder.path().join("site.log"), &ledger);
    let setup = small(Setup::new(&sink)).with("--files", &format!("{}/site.log*", folder.path().display()));
    let shipper = setup.start();
    for round in 0..4 {
        if round % 2 == 0 {
            sink.always(UNAVAILABLE);
        }
        plain.print_many(2_000, &"c".repeat(dice.below(300)));
        plain.copy_truncate();
        plain.print_many(dice.below(3_000), &"d".repeat(dice.below(300)));
        sink.calm();
    }
    setup.finish(shipper, &sink, &ledger).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_copied_and_truncated_before_a_restart_is_read_to_its_end_and_anew() {
    for (old, new) in [(300, 10), (300, 1_000), (3, 300), (300, 300)] {
        let (sink, ledger) = (Sink::start().await, Ledger::default());
        let (folder, mut docker) = (tempfile::tempdir().unwrap(), Docker::new(&ledger));
        let mut container = docker.run(None);
        let mut plain = Plain::new(folder.path().join("site.log"), &ledger);
        let glob = format!("{}/site.log*", folder.path().display());
        let setup = Setup::of(&sink, &docker).with("--files", &glob);
        let print = |container: &mut super::docker::Container, plain: &mut Plain, lines: usize| {
            (0..lines).for_each(|line| container.print(&format!("line {line}")));
            plain.print_many(lines, "line");
        };
        print(&mut container, &mut plain, old);
        assert!(setup.once().success());
        print(&mut container, &mut plain, 7);
        container.copy_truncate();
        plain.copy_truncate();
        print(&mut container, &mut plain, new);
        let shipper = setup.start();
        setup.finish(shipper, &sink, &ledger).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_plain_file_that_is_renamed_is_read_to_its_end_though_its_new_name_does_not_match() {
    let (sink, ledger) = (Sink::start().await, Ledger::default());
    let folder = tempfile::tempdir().unwrap();
    let mut plain = Plain::new(folder.path().join("site.log"), &ledger);
    plain.print_many(10, "before");
    let setup = small(Setup::new(&sink)).with("--files", &format!("{}/*.log", folder.path().display()));
    let shipper = setup.start();
    sink.until("it is followed", |sink| sink.size() == 10).await;
    sink.always(UNAVAILABLE);
    for round in 0..5 {
        plain.print_many(1_000, "while the server is away");
        plain.rotate();
        plain.print("in the new file");
        let followed = || setup.metric("log_shipper_files_followed ");
        until("the new file is followed", || followed() > f64::from(round) + 1.5);
    }
    sink.calm();
    setup.all_there(&sink, &ledger).await;
    assert!(shipper.terminate().success());
    ledger.check(&sink);
}
