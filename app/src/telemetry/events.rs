//! `tracing` events as lines of the same shape as those of requests.

use std::fmt::{self, Debug, Write};

use tracing::field::{Field, Visit};
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
        if is_ours(target) {
            let mut said = Said::default();
            event.record(&mut said);
            let error = said.error.as_deref().map(|message| ("program_error", message));
            self.0.note(&Note { message: &said.message, error, labels: &said.labels, ..note });
        } else if level <= Level::WARN {
            self.0.note(&note);
        }
    }
}

/// What an event of ours says, as far as it may be shown.
#[derive(Default)]
struct Said {
    message: String,
    error: Option<String>,
    labels: Vec<(&'static str, String)>,
}

impl Said {
    fn add(&mut self, field: &Field, value: fmt::Arguments<'_>) {
        let label = LABELS.iter().find(|label| **label == field.name());
        if label.is_none() && !matches!(field.name(), "message" | "error") {
            return;
        }
        let mut text = String::new();
        // A Debug that fails leaves what it wrote so far.
        let _ = text.write_fmt(value);
        let text = redact::sentence(&text);
        match label {
            Some(label) => self.labels.push((label, text)),
            None if field.name() == "message" => self.message = text,
            None => self.error = Some(text),
        }
    }
}

impl Visit for Said {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.add(field, format_args!("{value}"));
    }

    fn record_error(&mut self, field: &Field, value: &(dyn std::error::Error + 'static)) {
        self.add(field, format_args!("{value}"));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.add(field, format_args!("{value:?}"));
    }
}

fn is_ours(target: &str) -> bool {
    target.strip_prefix(OURS).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

fn level_name(level: Level) -> &'static str {
    match level {
        Level::ERROR => "error",
        Level::WARN => "warn",
        Level::INFO => "info",
        Level::DEBUG => "debug",
        Level::TRACE => "trace",
    }
}
