//! A panic as a line of the log: where it was, but not what it says, which may repeat a line that was being read.

use std::panic;
use std::time::Duration;

use super::Journal;
use super::note::Note;

/// A panic may end the process; its line is waited for this long.
const PATIENCE: Duration = Duration::from_secs(1);

pub(super) fn hook(journal: Journal) {
    panic::set_hook(Box::new(move |panic| {
        let place = panic.location().map(|at| format!("{}:{}", at.file(), at.line()));
        let labels = place.into_iter().map(|place| ("place", place)).collect();
        let message = "the program has a mistake and panicked".to_owned();
        journal.write(&mut Note { level: "error", logger: "log_shipper", message, labels, ..Note::default() });
        journal.0.writer.flush(PATIENCE);
    }));
}
