//! Ends that are asked for, and settings that change while lines come.

use std::fs;

use rustix::fs::{CWD, FileType, Mode, mknodat};

use super::docker::{Docker, Rotation};
use super::ledger::Ledger;
use super::plain::Plain;
use super::shipper::{Setup, until};
use crate::sink::{Fault, Sink};

#[tokio::test(flavor = "multi_thread")]
async fn a_stalled_server_does_not_hold_the_end_and_its_lines_come_again() {
    for stored in [false, true] {
        let (sink, ledger) = (Sink::start().await, Ledger::default());
        let mut docker = Docker::new(&ledger);
        let mut container = docker.run(None);
        container.print("acknowledged");
        let setup = Setup::of(&sink, &docker).with("--shutdown-timeout", "200ms").with("--request-timeout", "1h");
        let shipper = setup.start();
        sink.until("a line is there", |sink| sink.size() == 1).await;
        sink.always(Fault::Stall { stored });
        (0..1_000).for_each(|_| container.print("stalled"));
        sink.until("a request stalls", |sink| sink.seen().len() > 1).await;
        assert!(shipper.terminate().success(), "it was asked to end, and did");
        sink.calm();
        let shipper = setup.start();
        setup.finish(shipper, &sink, &ledger).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ends_under_load_lose_and_repeat_nothing() {
    let (sink, ledger) = (Sink::start().await, Ledger::default());
    let mut docker = Docker::new(&ledger);
    let rotation = Rotation { max_size: 100_000, max_file: 100, compress: true };
    let mut containers = [docker.run(Some(rotation)), docker.run(None)];
    let setup = Setup::of(&sink, &docker).with("--piece-timeout", "55s");
    for _ in 0..5 {
        let (before, shipper) = (sink.size(), setup.start());
        let mut open = containers[0].begin(&"o".repeat(50_000));
        containers[0].piece("stderr", &mut open);
        (0..1_000).for_each(|line| containers[line % 2].print("under load"));
        sink.until("some lines more are there", |sink| sink.size() > before + 300).await;
        assert!(shipper.terminate().success());
        while containers[0].piece("stderr", &mut open) {}
    }
    let shipper = setup.start();
    setup.finish(shipper, &sink, &ledger).await;
    assert_eq!(sink.conflicts(), 0, "an end that is asked for leaves nothing in doubt");
}

#[tokio::test(flavor = "multi_thread")]
async fn settings_that_change_under_load_lose_and_repeat_nothing() {
    let (sink, ledger) = (Sink::start().await, Ledger::default());
    let mut docker = Docker::new(&ledger);
    let rotation = Rotation { max_size: 100_000, max_file: 1_000, compress: false };
    let mut containers = [docker.run(Some(rotation)), docker.run(Some(rotation)), docker.run(None)];
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("log-shipper.toml");
    let setup = Setup::of(&sink, &docker).with("--config", &file.display().to_string()).with("--piece-timeout", "55s");
    fs::write(&file, "").unwrap();
    containers[0].print("the first one");
    let shipper = setup.start();
    sink.until("it works", |sink| sink.size() == 1).await;
    let settings = [
        "exclude = [\"name=c2\"]",
        "include = [\"name=c2\", \"name=c3\"]",
        "exclude = [\"name=\"\nnonsense = true",
        "",
        "exclude = [\"image=app*\"]",
        "exclude = [\"name=c3\"]",
        "",
    ];
    for (round, text) in (0_u32..).zip(settings) {
        let mut open = containers[1].begin(&"o".repeat(40_000));
        containers[1].piece("stderr", &mut open);
        (0..900).for_each(|line| containers[line % 3].print("under load"));
        fs::write(&file, text).unwrap();
        shipper.signal("HUP");
        (0..300).for_each(|line| containers[line % 3].print("and meanwhile"));
        while containers[1].piece("stderr", &mut open) {}
        let reloads = || setup.metric("log_shipper_reloads_total{");
        until("the settings are read", || reloads() > f64::from(round) + 0.5);
    }
    setup.all_there(&sink, &ledger).await;
    assert!(setup.said().contains("the new settings are wrong"));
    setup.finish(shipper, &sink, &ledger).await;
    assert_eq!(sink.conflicts(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_is_printed_while_the_settings_are_read_again_does_not_wait_for_the_next_one() {
    let (sink, ledger) = (Sink::start().await, Ledger::default());
    let (mut docker, folder) = (Docker::new(&ledger), tempfile::tempdir().unwrap());
    let mut container = docker.run(None);
    let mut plain = Plain::new(folder.path().join("site.log"), &ledger);
    let setup = Setup::of(&sink, &docker).with("--files", &format!("{}/*.log", folder.path().display()));
    let mut print = || (container.print("said"), plain.print("written"));
    print();
    let shipper = setup.start();
    setup.all_there(&sink, &ledger).await;
    for round in 0_u32..30 {
        shipper.signal("HUP");
        print();
        let reloads = || setup.metric("log_shipper_reloads_total{");
        until("the settings are read", || reloads() > f64::from(round) + 0.5);
        setup.all_there(&sink, &ledger).await;
    }
    setup.finish(shipper, &sink, &ledger).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pipe_in_the_place_of_the_settings_stops_nothing() {
    let (sink, ledger) = (Sink::start().await, Ledger::default());
    let folder = tempfile::tempdir().unwrap();
    let (file, pipe) = (folder.path().join("settings.toml"), folder.path().join("pipe"));
    fs::write(&file, "").unwrap();
    mknodat(CWD, &pipe, FileType::Fifo, Mode::RUSR, 0).unwrap();
    let mut plain = Plain::new(folder.path().join("site.log"), &ledger);
    let files = folder.path().join("*.log").display().to_string();
    let setup = Setup::new(&sink).with("--files", &files).with("--config", &file.display().to_string());
    let shipper = setup.start();
    until("it runs", || setup.listens());
    fs::rename(&pipe, &file).unwrap();
    shipper.signal("HUP");
    until("the pipe is refused", || setup.said().contains("it is no regular file"));
    plain.print("it goes on");
    setup.all_there(&sink, &ledger).await;
    fs::remove_file(&file).unwrap();
    fs::write(&file, "").unwrap();
    setup.finish(shipper, &sink, &ledger).await;
}
