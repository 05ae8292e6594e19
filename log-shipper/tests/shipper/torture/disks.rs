//! The disk of the state and of the dead letters runs full, or can only be read, while lines come.

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use log_shipper::checkpoint::{Known, State};

use super::docker::{Container, Docker, Rotation};
use super::ledger::Ledger;
use super::shipper::{Setup, until};
use crate::sink::{Fault, Sink};

/// A disk of a few pages that has the state, for as long as this lives.
struct SmallDisk(PathBuf);

impl SmallDisk {
    /// None if this may not be done here, unless it must.
    fn mount(state: &Path) -> Option<Self> {
        fs::create_dir(state).unwrap();
        let disk = Self(state.to_owned());
        let mounted = disk.run("mount", &["-t", "tmpfs", "-o", "size=256k", "tmpfs"]);
        if !mounted {
            let must = std::env::var_os("REQUIRE_SERVICES").is_some_and(|value| value == "1");
            assert!(!must, "needs the right to mount a small disk");
            eprintln!("skipped: needs the right to mount a small disk");
        }
        mounted.then_some(disk)
    }

    /// Takes all room there is.
    fn fill(&self) {
        let mut rest = File::create(self.0.join("rest")).unwrap();
        while rest.write_all(&[b'x'; 512]).is_ok() {}
    }

    fn make_room(&self) {
        fs::remove_file(self.0.join("rest")).unwrap();
    }

    fn remount(&self, how: &str) {
        assert!(self.run("mount", &["-o", &format!("remount,{how}")]));
    }

    fn run(&self, program: &str, words: &[&str]) -> bool {
        Command::new(program).args(words).arg(&self.0).output().is_ok_and(|output| output.status.success())
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        self.run("umount", &["-l"]);
    }
}

/// Whether all files of these containers are acknowledged to their ends, by what is on the disk.
fn is_written(setup: &Setup, containers: &[Container]) -> bool {
    let known = State::read(&setup.state()).unwrap_or_default();
    let position = |inode: u64| known.iter().find(|known| known.identity.inode == inode).map(Known::position);
    containers.iter().all(|container| {
        let log = fs::metadata(container.log()).unwrap();
        log.len() == 0 || position(std::os::unix::fs::MetadataExt::ino(&log)) == Some(log.len())
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_disk_that_runs_full_stops_no_line_and_once_there_is_room_nothing_comes_again() {
    let (sink, ledger) = (Sink::start().await, Ledger::default());
    sink.always(Fault::Marked { text: "POISON", status: 400, kind: "document_parsing_exception" });
    let mut docker = Docker::new(&ledger);
    let mut containers =
        [docker.run(None), docker.run(Some(Rotation { max_size: 20_000, max_file: 90, compress: true }))];
    let setup = Setup::of(&sink, &docker).with("--batch-bytes", "16KiB");
    let Some(disk) = SmallDisk::mount(&setup.state()) else { return };
    containers[0].print("before");
    let shipper = setup.start();
    setup.all_there(&sink, &ledger).await;
    disk.fill();
    (0..400).for_each(|_| containers[0].print("while the disk is full"));
    setup.all_there(&sink, &ledger).await;
    (0..50).for_each(|letter| containers[0].print_unnoted(&format!("#poison-{letter:03}# POISON {}", "p".repeat(500))));
    let failed = || setup.metric("log_shipper_state_writes_total{outcome=\"failed\"}") > 0.0;
    // The last page of the log may have room for some records.
    for _ in 0..25 {
        (0..400).for_each(|_| containers[1].print("while the disk is full, in files that are new"));
        if failed() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    until("it says that it cannot write", failed);
    until("it says that there is no room for dead letters", || setup.said().contains("dead letter"));
    disk.make_room();
    setup.all_there(&sink, &ledger).await;
    until("all dead letters are there", || setup.dead_letters().len() == 50);
    until("the positions are written", || is_written(&setup, &containers));
    shipper.kill();
    let (before, shipper) = (sink.conflicts(), setup.start());
    containers[0].print("after");
    setup.finish(shipper, &sink, &ledger).await;
    assert_eq!((sink.conflicts() - before, setup.dead_letters().len()), (0, 50));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_line_without_its_end_waits_until_the_state_can_have_where_it_was_ended() {
    let (sink, ledger) = (Sink::start().await, Ledger::default());
    let mut docker = Docker::new(&ledger);
    let mut container = docker.run(None);
    let setup = Setup::of(&sink, &docker).with("--piece-timeout", "100ms");
    let Some(disk) = SmallDisk::mount(&setup.state()) else { return };
    let shipper = setup.start();
    let failed = || setup.metric("log_shipper_state_writes_total{outcome=\"failed\"}") > 0.0;
    container.print("before");
    setup.all_there(&sink, &ledger).await;
    disk.fill();
    // The last page of the log may have room for some records.
    while !failed() {
        container.print("until the disk is full");
        setup.all_there(&sink, &ledger).await;
    }
    let mut long = container.begin(&"x".repeat(20_000));
    container.piece("stdout", &mut long);
    until("it says so", || setup.said().contains("a line without its end is not sent before it can"));
    shipper.kill();
    container.piece("stdout", &mut long);
    let shipper = setup.start();
    setup.all_there(&sink, &ledger).await;
    disk.make_room();
    setup.finish(shipper, &sink, &ledger).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_state_that_can_only_be_read_repeats_at_most_what_came_meanwhile() {
    let (sink, ledger) = (Sink::start().await, Ledger::default());
    let mut docker = Docker::new(&ledger);
    let mut containers = [docker.run(None)];
    let setup = Setup::of(&sink, &docker).with("--batch-bytes", "16KiB");
    let Some(disk) = SmallDisk::mount(&setup.state()) else { return };
    (0..300).for_each(|_| containers[0].print("before"));
    assert!(setup.once().success());
    disk.remount("ro");
    let shipper = setup.start();
    let mut late = docker.run(None);
    (0..200).for_each(|_| containers[0].print("while nothing can be written"));
    setup.all_there(&sink, &ledger).await;
    shipper.kill();
    let shipper = setup.start();
    sink.until("what came meanwhile comes again", |sink| sink.conflicts() >= 200).await;
    late.print("a file is not read before it can be in the state");
    until("it says so", || setup.said().contains("the state cannot be written: a file is not read before it can"));
    disk.remount("rw");
    setup.all_there(&sink, &ledger).await;
    until("the positions are written", || is_written(&setup, &containers));
    setup.finish(shipper, &sink, &ledger).await;
    assert_eq!(sink.conflicts(), 200, "no line from before");
}
