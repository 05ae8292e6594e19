//! `tracing` events as lines of the log.

use std::time::Instant;

use event_log::said::{Said, is_of, level_name};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

use super::Journal;
use super::note::{Note, clean};

/// Our own modules' targets begin so.
const OURS: &str = "log_shipper";

/// The fields of our own events that become `labels`; any other is silent.
const LABELS: [&str; 31] = [
    "address",
    "attempt",
    "batches",
    "bytes",
    "changed",
    "container",
    "count",
    "documents",
    "error_type",
    "file",
    "files",
    "host",
    "index",
    "lane",
    "lines",
    "name",
    "offset",
    "path",
    "position",
    "privilege",
    "reason",
    "seconds",
    "service",
    "setting",
    "signal",
    "source",
    "state",
    "status",
    "target",
    "url",
    "version",
];

/// A layer for `tracing_subscriber::registry()` that writes events to the journal.
///
/// Of our own, the message, the field `error` and a fixed list of other fields are written. Of other crates only warnings
/// and errors are written, and of these only where they come from: a client's message may repeat a request.
#[derive(Clone, Debug)]
pub struct Events(Journal);

impl Events {
    /// Events go to `journal`.
    #[must_use]
    pub fn new(journal: Journal) -> Self {
        Self(journal)
    }
}

impl<S: Subscriber> Layer<S> for Events {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let metadata = event.metadata();
        let (level, target) = (*metadata.level(), metadata.target());
        let mut note = Note { level: level_name(level), logger: target, ..Note::default() };
        if is_of(target, OURS) {
            let Said { message, error, labels } = Said::of(event, &LABELS, clean);
            note = Note { message, error, labels, ..note };
        } else if level <= Level::WARN {
            target.clone_into(&mut note.message);
        } else {
            return;
        }
        self.0.event(metadata.callsite(), Instant::now(), note);
    }
}
