//! What the server says: too busy, too large, not like that, or nothing that can be understood.

use std::collections::BTreeSet;

use log_shipper::dead_letter::{DeadLetters, Selection};

use super::dice::Dice;
use super::docker::{Container, Docker, Rotation};
use super::ledger::{Ledger, key};
use super::shipper::{Setup, until};
use crate::sink::{Broken, Fault, Sink};

const ROTATION: Rotation = Rotation { max_size: 256 * 1024, max_file: 1_000, compress: false };

/// Prints lines of all lengths, from two containers.
fn print(containers: &mut [Container], lines: usize, dice: &mut Dice) {
    for _ in 0..lines {
        let container = dice.below(containers.len());
        let text = "x".repeat(dice.below(300));
        match dice.below(3) {
            0 => containers[container].print_to("stderr", &text),
            1 => containers[container].print_object(&text),
            _ => containers[container].print(&text),
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundredth_of_all_items_that_is_refused_for_now_arrives_later() {
    let (sink, ledger, mut dice) = (Sink::start().await, Ledger::default(), Dice::new(2));
    sink.always(Fault::Every { nth: 100, status: 429, kind: "es_rejected_execution_exception", stored: false });
    let mut docker = Docker::new(&ledger);
    let mut containers = [docker.run(Some(ROTATION)), docker.run(Some(ROTATION))];
    print(&mut containers, 4_000, &mut dice);
    let setup = Setup::of(&sink, &docker).with("--batch-bytes", "64KiB");
    let shipper = setup.start();
    print(&mut containers, 4_000, &mut dice);
    setup.finish(shipper, &sink, &ledger).await;
    assert_eq!(sink.conflicts(), 0, "only what was refused is sent again");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_of_no_use_loses_and_repeats_nothing() {
    let (sink, ledger, mut dice) = (Sink::start().await, Ledger::default(), Dice::new(6));
    let broken = [
        Broken::Missing,
        Broken::Cut,
        Broken::NotJson,
        Broken::TooShort,
        Broken::TooLong,
        Broken::Empty,
        Broken::BadGateway,
    ];
    for round in 0..35 {
        sink.next(Fault::Answer(broken[round % broken.len()]));
        if round % 3 == 0 {
            sink.next(Fault::Lost).next(Fault::Whole { status: 503, kind: "unavailable", retry_after: None });
        }
        sink.next(Fault::None);
    }
    let mut docker = Docker::new(&ledger);
    let mut containers = [docker.run(None), docker.run(Some(ROTATION))];
    let setup = Setup::of(&sink, &docker).with("--batch-bytes", "16KiB");
    let shipper = setup.start();
    print(&mut containers, 6_000, &mut dice);
    setup.finish(shipper, &sink, &ledger).await;
    assert!(sink.conflicts() > 0, "what had been stored was sent again, under the same ids");
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_that_are_too_large_at_any_limit_are_halved() {
    let (sink, ledger, mut dice) = (Sink::start().await, Ledger::default(), Dice::new(3));
    for _ in 0..300 {
        sink.next(Fault::LargerThan { bytes: 2_048 + dice.below(30_000), cut: dice.happens(10) });
    }
    let mut docker = Docker::new(&ledger);
    let mut containers = [docker.run(None), docker.run(None)];
    print(&mut containers, 4_000, &mut dice);
    let setup = Setup::of(&sink, &docker).with("--batch-bytes", "256KiB");
    let shipper = setup.start();
    setup.finish(shipper, &sink, &ledger).await;
    assert!(setup.dead_letters().is_empty(), "every document fits alone");
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_that_never_fit_are_dead_letters_and_all_others_arrive() {
    let (sink, ledger) = (Sink::start().await, Ledger::default());
    sink.always(Fault::LargerThan { bytes: 20_000, cut: false });
    let mut docker = Docker::new(&ledger);
    let mut container = docker.run(None);
    for line in 0..500 {
        container.print("fits");
        if line % 100 == 0 {
            container.print_unnoted(&format!("#large-{line}# {}", "y".repeat(30_000)));
        }
    }
    let setup = Setup::of(&sink, &docker);
    let shipper = setup.start();
    setup.finish(shipper, &sink, &ledger).await;
    assert_eq!(keys(&setup), ["large-0", "large-100", "large-200", "large-300", "large-400"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_that_do_not_map_are_dead_letters_once_whatever_kills_the_shipper() {
    let (sink, ledger, mut dice) = (Sink::start().await, Ledger::default(), Dice::new(4));
    sink.always(Fault::Marked { text: "POISON", status: 400, kind: "document_parsing_exception" });
    let mut docker = Docker::new(&ledger);
    let mut containers = [docker.run(Some(ROTATION)), docker.run(None)];
    let setup = Setup::of(&sink, &docker).with("--batch-bytes", "16KiB");
    let mut poison = Vec::new();
    let mut shipper = setup.start();
    for round in 0..200 {
        print(&mut containers, 30, &mut dice);
        poison.push(format!("poison-{round:03}"));
        containers[round % 2].print_unnoted(&format!("#poison-{round:03}# POISON"));
        if round % 50 == 49 {
            let enough = setup.dead_letters().len() + 10;
            until("there are some dead letters more", || setup.dead_letters().len() >= enough.min(poison.len() - 5));
            shipper.kill();
            shipper = setup.start();
        }
    }
    setup.all_there(&sink, &ledger).await;
    until("all dead letters are there", || setup.dead_letters().len() >= poison.len());
    setup.finish(shipper, &sink, &ledger).await;
    assert_eq!(keys(&setup), poison);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_folder_of_dead_letters_stops_its_lines_until_there_is_room() {
    let (sink, ledger) = (Sink::start().await, Ledger::default());
    sink.always(Fault::Marked { text: "POISON", status: 400, kind: "document_parsing_exception" });
    let mut docker = Docker::new(&ledger);
    let mut container = docker.run(None);
    for line in 0..60 {
        container.print("in between");
        container.print_unnoted(&format!("#poison-{line:03}# POISON {}", "p".repeat(500)));
    }
    let setup = Setup::of(&sink, &docker).with("--batch-bytes", "4KiB").with("--dead-letter-limit", "20KiB");
    let shipper = setup.start();
    until("it says that there is no room", || setup.said().contains("dead letter"));
    let kept = setup.dead_letters().len();
    assert!(kept > 0 && kept < 60, "{kept}");
    shipper.kill();
    let shipper = setup.start();
    let letters = DeadLetters::new(&setup.state(), 1 << 20);
    let mut all = BTreeSet::new();
    while all.len() < 60 {
        until("there are dead letters", || !setup.dead_letters().is_empty());
        let rows = letters.list(1_000).unwrap().rows;
        let numbers: Vec<_> = rows.iter().map(|row| row.number).collect();
        let stored = numbers.iter().filter_map(|number| letters.show(*number).unwrap());
        all.extend(stored.map(|letter| key(&letter.document).unwrap().to_owned()));
        letters.purge(&Selection::Numbers(numbers)).unwrap();
    }
    setup.finish(shipper, &sink, &ledger).await;
}

/// Which lines are dead letters.
fn keys(setup: &Setup) -> Vec<String> {
    let mut keys: Vec<String> = setup.dead_letters().iter().map(|letter| key(letter).unwrap().to_owned()).collect();
    keys.sort();
    keys
}
