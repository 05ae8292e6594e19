//! Disks that fail: memory stays right, and the next write that succeeds makes up for everything.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::process::Command;

use super::*;

/// Exchanges the log's handle for one that fails.
fn exchange(state: &State, path: &str) {
    state.lock().log.exchange(OpenOptions::new().write(true).open(path).unwrap());
}

#[test]
fn an_acknowledgement_on_a_full_disk_is_made_up_for_by_the_next() {
    let folder = tempfile::tempdir().unwrap();
    let state = open(&folder);
    let (web, api) = (state.register(&identity("web")).unwrap(), state.register(&identity("api")).unwrap());
    exchange(&state, "/dev/full");
    // Half a record is on the disk already, and cannot be taken back.
    let mut log = OpenOptions::new().append(true).open(folder.path().join("positions")).unwrap();
    log.write_all(b"\x00\xFB\x28\x00\x02half").unwrap();
    // Nor can the log be written anew.
    let blocked = folder.path().join("positions.new");
    fs::create_dir(&blocked).unwrap();
    assert!(state.acknowledged(&[progress(web, 500)], NOW).is_err());
    assert!(state.acknowledged(&[progress(api, 50)], NOW).is_err());
    assert!(state.sync().is_err());
    assert_eq!(state.counts().failures, 3);
    assert_eq!(state.known(web).unwrap().position(), 500);

    fs::remove_dir(&blocked).unwrap();
    state.acknowledged(&[progress(web, 600)], NOW).unwrap();
    assert_eq!(after_restart(&folder, state).iter().map(Known::position).collect::<Vec<_>>(), [600, 50]);
}

#[test]
fn a_file_that_could_not_be_registered_is_not_known() {
    let folder = tempfile::tempdir().unwrap();
    let state = open(&folder);
    let blocked = folder.path().join("positions.new");
    fs::create_dir(&blocked).unwrap();
    exchange(&state, "/dev/full");
    assert!(state.register(&identity("web")).is_err());
    assert!(state.register(&identity("web")).is_err());
    assert_eq!(state.snapshot(), []);
    fs::remove_dir(&blocked).unwrap();
    let key = state.register(&identity("web")).unwrap();
    assert_eq!(after_restart(&folder, state).iter().map(|known| known.key).collect::<Vec<_>>(), [key]);
}

#[test]
fn after_a_failed_fsync_everything_is_written_anew() {
    let folder = tempfile::tempdir().unwrap();
    let state = open(&folder);
    let file = state.register(&identity("web")).unwrap();
    // It takes every byte, keeps none, and cannot be synced.
    exchange(&state, "/dev/null");
    state.acknowledged(&[progress(file, 500)], NOW).unwrap();
    assert!(state.sync().is_err());
    assert_eq!(state.counts().failures, 1);
    state.sync().unwrap();
    assert_eq!(after_restart(&folder, state)[0].position(), 500);
}

#[test]
fn a_log_that_cannot_be_written_does_not_keep_the_program_from_starting() {
    let folder = tempfile::tempdir().unwrap();
    let state = open(&folder);
    let file = state.register(&identity("web")).unwrap();
    state.acknowledged(&[progress(file, 500)], NOW).unwrap();
    drop(state);
    let log = folder.path().join("positions");
    let bytes = fs::read(&log).unwrap();
    fs::write(&log, &bytes[..bytes.len() - 1]).unwrap();
    fs::create_dir(folder.path().join("positions.new")).unwrap();
    let (state, known, damage) = State::open(folder.path()).unwrap();
    assert_eq!(known.iter().map(Known::position).collect::<Vec<_>>(), [0]);
    assert!(damage.unwrap().is_torn_end());
    assert!(state.acknowledged(&[progress(file, 500)], NOW).is_err());
    fs::remove_dir(folder.path().join("positions.new")).unwrap();
    state.sync().unwrap();
    assert_eq!(after_restart(&folder, state)[0].position(), 500);
}

/// A disk of a few pages, for as long as this lives.
struct SmallDisk(TempDir);

impl SmallDisk {
    fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mounted =
            Command::new("mount").args(["-t", "tmpfs", "-o", "size=64k", "tmpfs"]).arg(folder.path()).output();
        mounted.is_ok_and(|output| output.status.success()).then(|| Self(folder))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.0.path()).output();
    }
}

#[test]
fn a_real_disk_that_runs_full_in_the_middle_of_a_record_leaves_a_log_that_can_be_read() {
    let Some(disk) = SmallDisk::mount() else {
        return eprintln!("skipped: needs the right to mount a small disk");
    };
    let state = open(&disk.0);
    let file = state.register(&identity("web")).unwrap();
    let rest = disk.0.path().join("rest");
    let mut other = File::create(&rest).unwrap();
    while other.write_all(&[b'x'; 512]).is_ok() {}
    let failed = (1..10_000).find(|position| state.acknowledged(&[progress(file, *position)], NOW).is_err()).unwrap();
    assert!(failed > 1, "some records fit into the page that the log had");
    assert_eq!(State::read(disk.0.path()).unwrap()[0].position(), failed - 1);
    let log = fs::read(disk.0.path().join("positions")).unwrap();
    assert_eq!(reading::read(&folder::log(disk.0.path())).unwrap().unwrap().flaws, reading::Flaws::default());
    assert!(state.sync().is_err());
    assert_eq!(fs::read(disk.0.path().join("positions")).unwrap(), log);

    drop(other);
    fs::remove_file(rest).unwrap();
    state.sync().unwrap();
    assert_eq!(after_restart(&disk.0, state)[0].position(), failed);
}
