//! Where every line passes: it gets the time, the service and the format, and goes to the writer.

use std::cell::RefCell;
use std::fmt;
use std::sync::Arc;

use super::entry::Entry;
use super::json::Object;
use super::note::Note;
use super::{LogWriter, pretty};
use crate::clock::Clock;

/// Room for a usual line; the buffer of a thread is used again for each line it writes.
const LINE_BYTES: usize = 2048;

/// A buffer that one long line made larger than this is given back.
const KEPT_BYTES: usize = 64 * 1024;

thread_local! {
    static LINE: RefCell<Vec<u8>> = RefCell::new(Vec::with_capacity(LINE_BYTES));
}

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

/// Which program on which machine writes (ECS `service.*`).
#[derive(Clone, Debug)]
pub struct Service {
    /// `service.name`.
    pub name: String,
    /// `service.version`.
    pub version: String,
    /// `service.node.name`: the host's or the container's name.
    pub node: String,
}

/// The one way to the log: cheap to clone.
#[derive(Clone)]
pub struct Journal(Arc<Inner>);

struct Inner {
    writer: LogWriter,
    format: Format,
    clock: Clock,
    /// The members that end every line, written once.
    tail: Vec<u8>,
}

impl Journal {
    /// Lines of `service` in `format` to `writer`, with times of `clock`.
    #[must_use]
    pub fn new(writer: LogWriter, format: Format, service: &Service, clock: Clock) -> Self {
        Self(Arc::new(Inner { writer, format, clock, tail: tail(service) }))
    }

    /// The writer, to wait for room and to flush.
    #[must_use]
    pub fn writer(&self) -> &LogWriter {
        &self.0.writer
    }

    /// Microseconds since 1970, UTC.
    pub(super) fn now(&self) -> i64 {
        self.0.clock.now()
    }

    /// Writes the line of a request.
    pub(super) fn entry(&self, entry: &Entry<'_>) {
        self.line(|out| match self.0.format {
            Format::Json => entry.json(out, &self.0.tail),
            Format::Pretty { color } => pretty::entry(out, entry, color),
        });
    }

    /// Writes the line of an event of the program's own.
    pub(super) fn note(&self, note: &Note<'_>) {
        self.line(|out| match self.0.format {
            Format::Json => note.json(out, &self.0.tail),
            Format::Pretty { color } => pretty::note(out, note, color),
        });
    }

    fn line(&self, build: impl FnOnce(&mut Vec<u8>)) {
        let append = |out: &mut Vec<u8>| {
            out.clear();
            build(out);
            out.push(b'\n');
            self.0.writer.append(out);
            out.shrink_to(KEPT_BYTES);
        };
        LINE.with(|line| match line.try_borrow_mut() {
            Ok(mut line) => append(&mut line),
            // A panic while a line was being built: the hook's own line needs another buffer.
            Err(_) => append(&mut Vec::with_capacity(LINE_BYTES)),
        });
    }
}

impl fmt::Debug for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Journal").field(&self.0.format).finish()
    }
}

/// `"service":{…},"ecs":{…}`, without the braces around.
fn tail(service: &Service) -> Vec<u8> {
    let mut members = Vec::new();
    Object::write(&mut members, |line| {
        line.object("service", |of| {
            of.text("name", &service.name);
            of.text("version", &service.version);
            of.object("node", |node| node.text("name", &service.node));
        });
        line.raw(br#""ecs":{"version":"8.11.0"}"#);
    });
    members[1..members.len() - 1].to_vec()
}
