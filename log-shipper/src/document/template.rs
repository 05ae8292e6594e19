//! What all documents of a file have in common, written once; and a line's document, written with it.

use jiff::Timestamp;
use jiff::fmt::temporal::DateTimePrinter;

use super::scan::{self, Flaw, Found, Scratch};
use super::{ECS_VERSION, escape, time};
use crate::line::{Line, Marks, Stream};
use crate::source::{Container, Source, Swarm};

/// Labels of one container take no more bytes of each document; those that do not fit are left out.
const LABELS_MAX: usize = 16 * 1024;

/// A label's name of more bytes is left out: Elasticsearch refuses documents with an immense one.
const LABEL_NAME_MAX: usize = 1024;

/// Who ships.
#[derive(Clone, Debug)]
pub struct Agent {
    /// `host.name`: the node that the lines are from.
    pub host: String,
    /// `agent.version`: this program's.
    pub version: String,
}

/// What all documents of one file have in common.
#[derive(Clone, Debug)]
pub struct Template {
    /// An object that has begun, up to the number of `log.offset`.
    head: Vec<u8>,
}

impl Template {
    /// For the lines of the file at `path`, of `source`.
    #[must_use]
    pub fn new(agent: &Agent, source: &Source, path: &str) -> Self {
        let mut head = vec![b'{'];
        text(&mut head, "ecs.version", ECS_VERSION);
        text(&mut head, "agent.type", "log-shipper");
        text(&mut head, "agent.version", &agent.version);
        text(&mut head, "host.name", &agent.host);
        text(&mut head, "log.file.path", path);
        if let Some(container) = &source.container {
            describe(&mut head, container);
        }
        key(&mut head, "log.offset");
        Self { head }
    }

    /// Appends the document of `line`, one JSON object without a line break, and returns what happened to the line up to
    /// here. `read_at` is its time if neither it nor Docker has one.
    pub fn write(&self, line: &Line<'_>, read_at: Timestamp, scratch: &mut Scratch, out: &mut Vec<u8>) -> Marks {
        let utf8 = str::from_utf8(line.text);
        let found = utf8.map_err(|_| Flaw::NotJson).and_then(|text| scan::scan(text, scratch));
        let mut marks = line.marks;
        marks.add(mark(found.as_ref(), utf8.is_ok()));
        out.reserve(self.head.len() + line.text.len() + 256);
        self.begin(line, marks, out);
        if !found.as_ref().is_ok_and(|found| found.timed) {
            write_time(line.time, read_at, out);
        }
        match (found, utf8) {
            (Ok(found), Ok(text)) => members(text, &found, scratch, out),
            _ => message(line.text, out),
        }
        out.push(b'}');
        marks
    }

    fn begin(&self, line: &Line<'_>, marks: Marks, out: &mut Vec<u8>) {
        out.extend_from_slice(&self.head);
        out.extend_from_slice(itoa::Buffer::new().format(line.start.offset).as_bytes());
        if let Some(stream) = line.stream {
            out.extend_from_slice(match stream {
                Stream::Stdout => br#","stream":"stdout""#,
                Stream::Stderr => br#","stream":"stderr""#,
            });
        }
        if !marks.is_empty() {
            key(out, "log.flags");
            for (at, name) in marks.names().enumerate() {
                out.push(if at == 0 { b'[' } else { b',' });
                escape::string(out, name);
            }
            out.push(b']');
        }
    }
}

fn mark(found: Result<&Found, &Flaw>, is_utf8: bool) -> Marks {
    match found {
        Ok(found) if found.reserved => Marks::RESERVED_NAMES,
        Err(Flaw::Unfit) => Marks::UNFIT_JSON,
        Err(Flaw::NotJson) if !is_utf8 => Marks::INVALID_TEXT,
        _ => Marks::none(),
    }
}

fn write_time(docker: Option<&str>, read_at: Timestamp, out: &mut Vec<u8>) {
    const PRINTER: DateTimePrinter = DateTimePrinter::new().precision(Some(6));
    out.extend_from_slice(br#","@timestamp":""#);
    match docker.filter(|time| time::is_valid(time.as_bytes())) {
        Some(time) => out.extend_from_slice(time.as_bytes()),
        None => PRINTER.print_timestamp(&read_at, &mut *out).expect("a Vec takes all"),
    }
    out.push(b'"');
}

fn members(line: &str, found: &Found, scratch: &Scratch, out: &mut Vec<u8>) {
    if found.reserved {
        text(out, "event.original", line);
    }
    if found.any {
        out.push(b',');
        scan::copy(line, found, scratch, out);
    }
}

fn message(text: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(br#","message":"#);
    escape::lossy_string(out, text);
}

fn describe(head: &mut Vec<u8>, container: &Container) {
    text(head, "container.id", &container.id);
    text(head, "container.name", &container.name);
    text(head, "container.image.name", &container.image);
    labels(head, container);
    if let Some(Swarm { service, stack, task, slot, node }) = &container.swarm {
        text(head, "docker.swarm.service", service);
        text(head, "docker.swarm.stack", stack);
        text(head, "docker.swarm.task", task);
        if *slot > 0 {
            key(head, "docker.swarm.slot");
            head.extend_from_slice(itoa::Buffer::new().format(*slot).as_bytes());
        }
        text(head, "docker.swarm.node", node);
    }
}

/// All labels as one object, each under its whole name: a swarm has `com.docker.swarm.task` beside
/// `com.docker.swarm.task.id`.
fn labels(head: &mut Vec<u8>, container: &Container) {
    let before = head.len();
    key(head, "container.labels");
    head.push(b'{');
    let start = head.len();
    for (name, value) in &container.labels {
        let end = head.len();
        if is_label_name(name) {
            key(head, name);
            escape::string(head, value);
        }
        if head.len() - start > LABELS_MAX {
            head.truncate(end);
        }
    }
    if head.len() == start {
        return head.truncate(before);
    }
    head.push(b'}');
}

/// Elasticsearch refuses others in a `flattened` field.
fn is_label_name(name: &str) -> bool {
    (1..=LABEL_NAME_MAX).contains(&name.len()) && !name.contains('\0')
}

/// A member that is a text; none if it is empty.
fn text(out: &mut Vec<u8>, name: &str, value: &str) {
    if !value.is_empty() {
        key(out, name);
        escape::string(out, value);
    }
}

fn key(out: &mut Vec<u8>, name: &str) {
    if out.last() != Some(&b'{') {
        out.push(b',');
    }
    escape::string(out, name);
    out.push(b':');
}
