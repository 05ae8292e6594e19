//! A letter: as it is written, and as it is read again.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::reason::without_values;
use super::{Number, members};

/// A document that is refused for good.
#[derive(Clone, Copy, Debug)]
pub struct Letter<'a> {
    /// When, in microseconds since 1970.
    pub time: i64,
    /// The document's id.
    pub id: &'a str,
    /// The data stream, alias or index that it was for.
    pub target: &'a str,
    /// The status of its item, or of a request that had it alone.
    pub status: u16,
    /// The server's `error.type`.
    pub kind: &'a str,
    /// The server's `error.reason`; values that it quotes are left out of the letter.
    pub reason: &'a str,
    /// The line as it was printed, if it is not in the document (as `event.original` or `message`).
    pub line: Option<&'a str>,
    /// The document as it was sent.
    pub document: &'a [u8],
}

/// Where a document's line came from, as the document says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// The file; none if the document does not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The line's first byte there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset: Option<u64>,
    /// The container's name, or its id where it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub container: Option<String>,
}

/// A letter from disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// Its number.
    pub number: Number,
    /// When it was refused, in RFC 3339.
    pub time: String,
    /// The document's id.
    pub id: String,
    /// Where it was for.
    pub target: String,
    /// The status that refused it.
    pub status: u16,
    /// The server's `error.type`.
    pub kind: String,
    /// The server's reason, without values.
    pub reason: String,
    /// Where its line came from.
    pub source: Source,
    /// The line, as it was given or as the document has it. Of a line that was JSON the members, in their order; if the
    /// line had no time, with that of the document.
    pub line: Option<String>,
    /// The document, byte for byte as it was sent.
    pub document: String,
}

/// A letter on disk.
#[derive(Serialize, Deserialize)]
struct Record<'a> {
    #[serde(rename = "@timestamp", borrow)]
    time: Cow<'a, str>,
    #[serde(borrow)]
    id: Cow<'a, str>,
    #[serde(borrow)]
    target: Cow<'a, str>,
    status: u16,
    #[serde(borrow)]
    error: Cause<'a>,
    source: Source,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    line: Option<Cow<'a, str>>,
    /// A text with the document, if it is not JSON in one line.
    document: Cow<'a, RawValue>,
}

#[derive(Serialize, Deserialize)]
struct Cause<'a> {
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
    #[serde(borrow)]
    reason: Cow<'a, str>,
}

impl Letter<'_> {
    /// Appends it as a line.
    pub(super) fn write(&self, out: &mut Vec<u8>) {
        let (source, _) = origin(self.document);
        let time = jiff::Timestamp::from_microsecond(self.time).unwrap_or_default();
        let record = Record {
            time: time.to_string().into(),
            id: self.id.into(),
            target: self.target.into(),
            status: self.status,
            error: Cause { kind: self.kind.into(), reason: without_values(self.reason).into() },
            source,
            line: self.line.map(Cow::Borrowed),
            document: raw(self.document),
        };
        // Into memory, and of types that JSON can hold: it cannot fail.
        let _ = serde_json::to_writer(&mut *out, &record);
        out.push(b'\n');
    }
}

fn raw(document: &[u8]) -> Cow<'_, RawValue> {
    let in_one_line = memchr::memchr2(b'\n', b'\r', document).is_none();
    match serde_json::from_slice::<&RawValue>(document) {
        Ok(raw) if in_one_line && raw.get().starts_with('{') => Cow::Borrowed(raw),
        _ => Cow::Owned(serde_json::value::to_raw_value(&String::from_utf8_lossy(document)).unwrap_or_default()),
    }
}

impl Stored {
    /// Reads a line of a segment.
    pub(super) fn read(number: Number, line: &[u8]) -> Option<Self> {
        let record: Record<'_> = serde_json::from_slice(line).ok()?;
        let document = record.document.get();
        let document =
            if document.starts_with('"') { serde_json::from_str(document).ok()? } else { document.to_owned() };
        Some(Self {
            number,
            time: record.time.into_owned(),
            id: record.id.into_owned(),
            target: record.target.into_owned(),
            status: record.status,
            kind: record.error.kind.into_owned(),
            reason: record.error.reason.into_owned(),
            source: record.source,
            line: record.line.map(Cow::into_owned).or_else(|| origin(document.as_bytes()).1),
            document,
        })
    }
}

impl fmt::Display for Stored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { number, time, id, target, status, kind, reason, source, .. } = self;
        let mut row = |name: &str, value: &str| writeln!(f, "{name:10} {}", printable(value));
        row("number", &number.to_string())?;
        row("time", time)?;
        row("id", id)?;
        row("target", target)?;
        row("refused", &format!("{status} {kind}: {reason}"))?;
        row("source", &source.to_string())?;
        if let Some(line) = &self.line {
            row("line", line)?;
        }
        row("document", &self.document)
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.container.as_deref().or(self.file.as_deref()).unwrap_or("unknown"))?;
        if let Some(offset) = self.offset {
            write!(f, ", byte {offset}")?;
        }
        match &self.file {
            Some(file) if self.container.is_some() => write!(f, " of {file}"),
            _ => Ok(()),
        }
    }
}

/// Without what a terminal would obey.
pub(crate) fn printable(text: &str) -> Cow<'_, str> {
    if text.contains(char::is_control) {
        text.replace(|c: char| c.is_control(), "\u{FFFD}").into()
    } else {
        text.into()
    }
}

/// Where a document's line came from, and the line. A member that has another type than the shipper's hides no other.
fn origin(document: &[u8]) -> (Source, Option<String>) {
    let members: BTreeMap<String, &RawValue> = serde_json::from_slice(document).unwrap_or_default();
    let text = |name| member::<String>(&members, name);
    let container = text("container.name").filter(|name| !name.is_empty()).or_else(|| text("container.id"));
    let line = text("event.original").or_else(|| members::of_json(document)).or_else(|| text("message"));
    (Source { file: text("log.file.path"), offset: member(&members, "log.offset"), container }, line)
}

fn member<T: DeserializeOwned>(members: &BTreeMap<String, &RawValue>, name: &str) -> Option<T> {
    members.get(name).and_then(|value| serde_json::from_str(value.get()).ok())
}
