//! What a finder tells.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use super::*;
use crate::discover::{Listed, Stamp};
use crate::source::Hints;

#[test]
fn a_file_that_was_closed_and_is_written_to_and_gone_before_it_is_opened_again_is_missed() {
    let (folder, handles, (tell, found)) = (tempfile::tempdir().unwrap(), Handles::new(9), channel());
    let paths = ["rests.log", "is-written.log", "is-renamed.log"].map(|name| folder.path().join(name));
    for path in &paths {
        fs::write(path, "x\n").unwrap();
    }
    let inputs = of_files(folder.path());
    let mut finder = Finder::new(&inputs, move |found| tell.send(found).unwrap()).unwrap().with(&handles);
    finder.begin();
    for listed in found
        .try_iter()
        .filter_map(|found| if let Found::Listing { files, .. } = found { Some(files) } else { None })
        .flatten()
    {
        handles.rest(listed.stamp, 2);
    }
    fs::remove_file(&paths[0]).unwrap();
    fs::write(&paths[1], "x\ny\n").unwrap();
    fs::remove_file(&paths[1]).unwrap();
    fs::write(&paths[2], "x\ny\n").unwrap();
    fs::rename(&paths[2], folder.path().join("new-name.log")).unwrap();
    finder.round(true, false);
    let missed: u32 = found.try_iter().map(|found| if let Found::Missed(files) = found { files } else { 0 }).sum();
    assert_eq!(missed, 1);
}

#[test]
fn logs_that_rotate_while_they_are_looked_at_are_opened_or_missed_and_no_other_ones() {
    let folder = tempfile::tempdir().unwrap();
    let container = folder.path().join("c1");
    fs::create_dir(&container).unwrap();
    let [log, rotated] = ["c1-json.log", "c1-json.log.1"].map(|name| container.join(name));
    let inputs = Inputs { docker_root: Some(folder.path().to_owned()), files: vec![], ..of_files(folder.path()) };
    all_are_opened_or_missed(&inputs, || {
        // As Docker does with two files at most.
        let _ = fs::remove_file(&rotated);
        let _ = fs::rename(&log, &rotated);
        fs::write(&log, "").unwrap();
    });
}

#[test]
fn plain_files_that_come_and_go_while_they_are_looked_for_are_opened_or_missed_and_no_other_ones() {
    let folder = tempfile::tempdir().unwrap();
    let [log, rotated] = ["site.log", "site.old"].map(|name| folder.path().join(name));
    all_are_opened_or_missed(&of_files(folder.path()), || {
        let _ = fs::rename(&log, &rotated);
        fs::write(&log, "").unwrap();
    });
}

/// Creates files, in bursts that nobody can follow and at a pace that changes.
fn all_are_opened_or_missed(inputs: &Inputs, create: impl Fn()) {
    const FILES: u32 = 600;
    let (tell, found) = channel();
    let finder = Finder::new(inputs, move |found| _ = tell.send(found)).unwrap();
    let running = finder.start().unwrap();
    let mut seen = Seen::default();
    seen.until(&found, |seen| seen.complete);
    for number in 0..FILES {
        create();
        if number % 20 > 9 {
            thread::sleep(Duration::from_micros(u64::from(number % 17) * 20));
        }
    }
    seen.until(&found, |seen| seen.files() >= FILES);
    drop(running);
    seen.take(found.into_iter());
    assert_eq!(seen.files(), FILES, "{} of them missed", seen.missed);
    assert!(seen.missed > 0, "it was never too slow");
}

/// What a finder has told of. The files stay open, so that none has the stamp of an earlier one.
#[derive(Default)]
struct Seen {
    opened: HashMap<Stamp, Listed>,
    missed: u32,
    complete: bool,
}

impl Seen {
    fn until(&mut self, found: &Receiver<Found>, done: impl Fn(&Self) -> bool) {
        while !done(self) {
            let next = found.recv_timeout(Duration::from_secs(30)).expect("nothing more is told");
            self.take(std::iter::once(next));
        }
    }

    fn take(&mut self, found: impl Iterator<Item = Found>) {
        for found in found {
            match found {
                Found::Listing { files, missed, .. } => {
                    let opened = files.into_iter().filter(|listed| listed.file.is_some());
                    self.opened.extend(opened.map(|listed| (listed.stamp, listed)));
                    self.missed += missed;
                }
                Found::Missed(files) => self.missed += files,
                Found::Complete => self.complete = true,
                _ => {}
            }
        }
    }

    fn files(&self) -> u32 {
        u32::try_from(self.opened.len()).unwrap() + self.missed
    }
}

fn of_files(folder: &Path) -> Inputs {
    Inputs {
        docker_root: None,
        files: vec![format!("{}/*.log", folder.display())],
        hints: Hints::default(),
        patience: Duration::from_secs(1),
        look: Duration::from_hours(1),
    }
}
