//! `tracing` events as lines of the same shape as those of requests.

use event_log::said::{Said, is_of, level_name};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

use super::Journal;
use super::note::Note;
use crate::redact;

/// Our own modules' targets begin so.
const OURS: &str = "minitwit";

/// The fields of our own events that become `labels`; any other is silent.
const LABELS: [&str; 27] = [
    "address",
    "attempt",
    "bytes",
    "connections",
    "count",
    "database",
    "duration_ms",
    "follows",
    "grace_seconds",
    "kind",
    "lines",
    "listener",
    "logins",
    "messages_posted",
    "migration",
    "port",
    "registrations",
    "replica",
    "role",
    "schema",
    "seconds",
    "setting",
    "signal",
    "status",
    "unfollows",
    "url",
    "version",
];

/// A layer for `tracing_subscriber::registry()` that writes every event to the journal.
///
/// Messages and values of ours pass [`redact::sentence`]. Of other crates only warnings and errors are written, and of
/// these only where they come from: a driver's message may repeat a statement, a URL or input.
#[derive(Clone, Debug)]
pub struct ProgramEvents(Journal);

impl ProgramEvents {
    /// Events go to `journal`.
    #[must_use]
    pub fn new(journal: Journal) -> Self {
        Self(journal)
    }
}

impl<S: Subscriber> Layer<S> for ProgramEvents {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let (at, level, target) = (self.0.now(), *event.metadata().level(), event.metadata().target());
        let note = Note { at, level: level_name(level), logger: target, message: target, ..Note::default() };
        if is_of(target, OURS) {
            let said = Said::of(event, &LABELS, redact::sentence);
            let error = said.error.as_deref().map(|message| ("program_error", message));
            self.0.note(&Note { message: &said.message, error, labels: &said.labels, ..note });
        } else if level <= Level::WARN {
            self.0.note(&note);
        }
    }
}
