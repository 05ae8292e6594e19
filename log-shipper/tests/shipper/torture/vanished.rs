//! What vanishes before it can be opened is counted and told, never silent.

use std::fs;

use super::docker::{Docker, Rotation};
use super::ledger::Ledger;
use super::plain::Plain;
use super::shipper::{Setup, until};
use crate::sink::Sink;

const MISSED: &str = "log_shipper_files_missed_total";

#[tokio::test(flavor = "multi_thread")]
async fn plain_files_that_vanish_before_they_are_opened_are_counted_and_told() {
    let (sink, ledger) = (Sink::start().await, Ledger::default());
    let folder = tempfile::tempdir().unwrap();
    let plain = |name: &str, ledger: &Ledger| Plain::new(folder.path().join(name), ledger);
    let setup = Setup::new(&sink).with("--files", &format!("{}/*.log", folder.path().display()));
    let mut site = plain("site.log", &ledger);
    site.print("it is followed");
    let shipper = setup.start();
    setup.all_there(&sink, &ledger).await;
    shipper.halt();
    let unseen = Ledger::default();
    for name in ["one.log", "two.log", "no-log-at-all"] {
        let mut file = plain(name, &unseen);
        file.print_many(10, "who will ever know");
        fs::remove_file(file.path).unwrap();
    }
    // The first file is open; the second one gets a name that is not read before anybody has seen it.
    site.rotate();
    let mut second = plain("site.log", &unseen);
    second.print("only here");
    second.rotate();
    site.print("in the third file");
    // One that is renamed to a name that is read is not missed.
    let mut renamed = plain("renamed.log", &ledger);
    renamed.print("under another name");
    fs::rename(&renamed.path, folder.path().join("new-name.log")).unwrap();
    shipper.signal("CONT");
    setup.all_there(&sink, &ledger).await;
    until("three files are missed", || setup.metric(MISSED) > 2.5);
    assert!(setup.said().contains("vanished before they could be opened"));
    site.print("and on");
    setup.all_there(&sink, &ledger).await;
    assert!((setup.metric(MISSED) - 3.0).abs() < 0.5, "and no more than those");
    assert!(shipper.terminate().success());
    ledger.check(&sink);
}

#[tokio::test(flavor = "multi_thread")]
async fn files_of_a_container_that_vanish_before_they_are_opened_are_counted_and_told() {
    let (sink, ledger) = (Sink::start().await, Ledger::default());
    let mut docker = Docker::new(&ledger);
    let mut container = docker.run(Some(Rotation { max_size: 5_000, max_file: 2, compress: true }));
    container.print("it is followed");
    let setup = Setup::of(&sink, &docker);
    let shipper = setup.start();
    setup.all_there(&sink, &ledger).await;
    shipper.halt();
    (0..500).for_each(|_| container.print("faster than anybody can look"));
    shipper.signal("CONT");
    let lost = || ledger.compare(&sink).lost;
    // How many it has opened before it stood still, only it knows.
    let is_missed = |files: usize| (setup.metric(MISSED) - f64::from(u32::try_from(files).unwrap())).abs() < 0.5;
    until("each file has arrived or is missed", || !lost().is_empty() && is_missed(lost().len()));
    let missed = lost();
    assert!(missed.iter().all(|(file, lost)| lost.len() == ledger.lines_of(file)), "as a whole, or not at all");
    assert!(setup.said().contains("were rotated away before they could be opened"));
    assert!(shipper.terminate().success());
    assert!(setup.once().success());
    assert_eq!(lost().len(), missed.len(), "nothing was still to come");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_vanishes_of_a_container_that_is_not_wanted_is_not_missed() {
    let (sink, ledger) = (Sink::start().await, Ledger::default());
    let mut docker = Docker::new(&ledger);
    let mut containers =
        [docker.run(Some(Rotation { max_size: 1 << 30, max_file: 2, compress: false })), docker.run(None)];
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("log-shipper.toml");
    fs::write(&file, "").unwrap();
    let setup = Setup::of(&sink, &docker).with("--config", &file.display().to_string()).with("--request-timeout", "1h");
    containers[0].print("wanted");
    containers[1].print("wanted");
    let shipper = setup.start();
    setup.all_there(&sink, &ledger).await;
    sink.always(crate::sink::Fault::Lost);
    (0..100).for_each(|_| containers[0].print_unnoted("not wanted any more before it has arrived"));
    until("they are read", || setup.metric("log_shipper_lines_read_total") > 101.5);
    fs::write(&file, "exclude = [\"name=c1\"]").unwrap();
    shipper.signal("HUP");
    until("the settings are read", || setup.metric("log_shipper_reloads_total{") > 0.5);
    shipper.kill();
    (0..3).for_each(|_| containers[0].rotate());
    sink.calm();
    let shipper = setup.start();
    containers[1].print("still wanted");
    setup.all_there(&sink, &ledger).await;
    assert!(shipper.terminate().success());
    assert!(setup.once().success(), "nothing is missing");
    assert!(!setup.said().contains("vanished"), "{}", setup.said());
}
