//! The program's own log: events of `tracing` as lines on standard error.
//!
//! Standard output is for what a command was asked for, such as the documents of a dry run. A line never holds content
//! of the lines that are shipped: see [`Events`]. An event that comes again and again is written a few times and then
//! counted: see [`limit`].

mod events;
mod limit;
mod note;
mod panics;
mod pretty;
mod writer;

use std::ffi::OsString;
use std::fmt;
use std::io::{self, IsTerminal, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use metrics::Counter;
use tracing::Level;
use tracing::callsite::Identifier;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::{SubscriberInitExt, TryInitError};

use crate::clock::Clock;
use crate::config::{LogFormat, LogLevel, Operations};
pub use events::Events;
use limit::{Limit, Verdict};
use note::Note;
use writer::Writer;

/// How lines look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// One JSON object in Elastic Common Schema names.
    Json,
    /// The same facts for a person at a terminal.
    Pretty {
        /// Whether ANSI colours are used.
        color: bool,
    },
}

impl Format {
    /// What the settings say, or else suits standard error. `NO_COLOR` (<https://no-color.org>) is honoured.
    #[must_use]
    pub fn of(setting: LogFormat) -> Self {
        let terminal = io::stderr().is_terminal();
        Self::suiting(setting, terminal, Self::is_plain(|name| std::env::var_os(name)))
    }

    /// Whether the environment asks for no colours, or its terminal has none.
    fn is_plain(variable: impl Fn(&str) -> Option<OsString>) -> bool {
        variable("NO_COLOR").is_some_and(|value| !value.is_empty())
            || variable("TERM").is_some_and(|term| term == "dumb")
    }

    fn suiting(setting: LogFormat, terminal: bool, no_color: bool) -> Self {
        let pretty = Self::Pretty { color: terminal && !no_color };
        match setting {
            LogFormat::Json => Self::Json,
            LogFormat::Auto if !terminal => Self::Json,
            LogFormat::Auto | LogFormat::Pretty => pretty,
        }
    }
}

/// The one way to the log: cheap to clone.
#[derive(Clone)]
pub struct Journal(Arc<Inner>);

struct Inner {
    writer: Writer,
    format: Format,
    clock: Clock,
    /// ECS `service.node.name` and `host.name`.
    node: String,
    limit: Mutex<Limit<Identifier>>,
}

impl Journal {
    /// Starts the log of this program on `error`, which leads to standard error, and makes it the one of every event and panic of the process.
    /// `dropped` counts lines that nobody read in time.
    ///
    /// # Errors
    /// If the process has one already.
    pub fn start(
        settings: Operations,
        clock: Clock,
        node: &str,
        error: impl Write + Send + 'static,
        dropped: Counter,
    ) -> Result<Self, TryInitError> {
        let journal = Self::new(error, Format::of(settings.log_format), clock, node, dropped);
        let level = LevelFilter::from_level(level(settings.log_level));
        tracing_subscriber::registry().with(Events::new(journal.clone()).with_filter(level)).try_init()?;
        panics::hook(journal.clone());
        Ok(journal)
    }

    /// Lines of this program in `format` to `out`, which a thread writes, so that nobody waits for the log's reader.
    #[must_use]
    pub fn new(out: impl Write + Send + 'static, format: Format, clock: Clock, node: &str, dropped: Counter) -> Self {
        let writer = Writer::start(out, dropped);
        Self(Arc::new(Inner { writer, format, clock, node: node.to_owned(), limit: Mutex::default() }))
    }

    /// Says how often events came that were not written, and waits until all lines are written, for `timeout` at most.
    pub fn finish(&self, timeout: Duration) {
        self.tell_suppressed(Limit::drain);
        self.0.writer.flush(timeout);
    }

    /// Writes the line of an event that came from `site`, unless that has said too much lately.
    fn event(&self, site: Identifier, now: Instant, mut note: Note) {
        self.tell_suppressed(|limit| limit.ended(now));
        let verdict = self.limit(|limit| limit.admit(site, now, || note.brief()));
        if let Verdict::Write = verdict {
            self.write(&mut note);
        }
    }

    fn tell_suppressed(&self, which: impl FnOnce(&mut Limit<Identifier>) -> Vec<(Note, u64)>) {
        for (mut note, count) in self.limit(which) {
            note.labels.push(("suppressed", count.to_string()));
            self.write(&mut note);
        }
    }

    fn limit<T>(&self, with: impl FnOnce(&mut Limit<Identifier>) -> T) -> T {
        with(&mut self.0.limit.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn write(&self, note: &mut Note) {
        note.at = self.0.clock.now();
        let mut line = match self.0.format {
            Format::Json => note.json(&self.0.node),
            Format::Pretty { color } => pretty::line(note, color),
        };
        line.push('\n');
        self.0.writer.append(line);
    }
}

impl fmt::Debug for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Journal").field(&self.0.format).finish()
    }
}

fn level(setting: LogLevel) -> Level {
    match setting {
        LogLevel::Error => Level::ERROR,
        LogLevel::Warn => Level::WARN,
        LogLevel::Info => Level::INFO,
        LogLevel::Debug => Level::DEBUG,
        LogLevel::Trace => Level::TRACE,
    }
}

#[cfg(test)]
mod tests;
