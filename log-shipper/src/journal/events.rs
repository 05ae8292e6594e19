//! `tracing` events as lines of the log.

use std::fmt::{self, Debug, Write};
use std::time::Instant;

use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::Layer;
use tracing_subscriber::layer::Context;

use super::Journal;
use super::note::{Note, clean};

/// Our own modules' targets begin so.
const OURS: &str = "log_shipper";

/// The fields of our own events that become `labels`; any other is silent, so that a line's content, a secret or an id by
/// the thousand does not come into the log by accident.
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
        if is_ours(target) {
            event.record(&mut note);
        } else if level <= Level::WARN {
            target.clone_into(&mut note.message);
        } else {
            return;
        }
        self.0.event(metadata.callsite(), Instant::now(), note);
    }
}

impl Note {
    fn add(&mut self, field: &Field, value: fmt::Arguments<'_>) {
        let label = LABELS.iter().find(|label| **label == field.name());
        if label.is_none() && !matches!(field.name(), "message" | "error") {
            return;
        }
        let mut text = String::new();
        // A Debug that fails leaves what it wrote so far.
        let _ = text.write_fmt(value);
        let text = clean(&text);
        match label {
            Some(label) => self.labels.push((label, text)),
            None if field.name() == "message" => self.message = text,
            None => self.error = Some(text),
        }
    }
}

impl Visit for Note {
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
