//! One entry of Docker's `json-file` log.

use memchr::memmem;
use serde::de::IgnoredAny;

use super::{members, quoted};
use crate::line::Stream;

/// What Docker wrote down of one output of a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry<'a> {
    /// What was printed, as it stands between the quotes: [`super::unescape`] reads it. It includes the end of the line.
    pub log: &'a [u8],
    /// To which output.
    pub stream: Stream,
    /// When Docker took it: RFC 3339, UTC, up to nanoseconds. All pieces of a line have the same.
    pub time: &'a str,
    /// Whether the line ends with it; otherwise it is a piece, or the last output of a container, without a newline.
    pub complete: bool,
}

impl<'a> Entry<'a> {
    /// The entry of these members; none if one of them cannot be Docker's. A missing `log` is an empty one: Docker leaves
    /// out what is empty.
    pub(super) fn new(log: Option<&'a [u8]>, stream: &[u8], time: &'a [u8]) -> Option<Self> {
        let log = log.unwrap_or_default();
        let stream = Stream::ALL.into_iter().find(|known| known.name().as_bytes() == stream)?;
        let time = std::str::from_utf8(time).ok().filter(|time| is_time(time.as_bytes()))?;
        let complete = log.strip_suffix(b"n").is_some_and(quoted::ends_in_backslash);
        Some(Self { log, stream, time, complete })
    }

    /// [`Self::log`] without the newline.
    #[must_use]
    pub fn text(&self) -> &'a [u8] {
        let end = if self.complete { b"\\n".len() } else { 0 };
        &self.log[..self.log.len() - end]
    }
}

/// Reads one entry, without the newline after it. None if it is not one: half of it, or bytes that are no JSON.
#[must_use]
pub fn parse(line: &[u8]) -> Option<Entry<'_>> {
    as_docker_writes(line).or_else(|| members::parse(line))
}

/// The order and form in which Docker writes, from the back, because only `log` can be long. None does not mean that it
/// is not an entry.
fn as_docker_writes(line: &[u8]) -> Option<Entry<'_>> {
    let rest = line.strip_prefix(FIRST_MEMBER)?.strip_suffix(br#""}"#)?;
    let (rest, time) = rest.split_at(memchr::memrchr(b'"', rest)? + 1);
    let rest = rest.strip_suffix(br#","time":""#)?;
    let rest = if rest.ends_with(b"}") { without_attrs(rest)? } else { rest };
    let (log, stream) = rest.strip_suffix(b"\"")?.split_at_checked(rest.len().checked_sub(LAST_MEMBER.len() + 7)?)?;
    let entry = Entry::new(Some(log), stream.strip_prefix(LAST_MEMBER)?, time)?;
    let before = FIRST_MEMBER.len();
    quoted::is_plain(&line[before - quoted::CONTEXT..before + log.len()]).then_some(entry)
}

const FIRST_MEMBER: &[u8] = br#"{"log":""#;

/// What is between the text and the name of the stream.
const LAST_MEMBER: &[u8] = br#"","stream":""#;

/// `…,"stream":"stdout","attrs":{"tag":"web"}`: with a log option `tag`, `labels` or `env`.
fn without_attrs(rest: &[u8]) -> Option<&[u8]> {
    const NAME: &[u8] = br#","attrs":"#;
    let (rest, attrs) = rest.split_at(memmem::rfind(rest, NAME)?);
    serde_json::from_slice::<IgnoredAny>(&attrs[NAME.len()..]).ok()?;
    Some(rest)
}

/// Whether it looks like `2026-11-25T09:00:00.123456789Z`; Docker cuts the zeros at the end.
fn is_time(time: &[u8]) -> bool {
    const FORM: &[u8; 19] = b"0000-00-00T00:00:00";
    let Some((seconds, rest)) = time.split_first_chunk::<19>() else { return false };
    let fits = |(byte, form): (&u8, &u8)| if *form == b'0' { byte.is_ascii_digit() } else { byte == form };
    let number = |at: usize| (seconds[at] - b'0') * 10 + (seconds[at + 1] - b'0');
    seconds.iter().zip(FORM).all(fits)
        && (1..=12).contains(&number(5))
        && (1..=31).contains(&number(8))
        && number(11) < 24
        && number(14) < 60
        && number(17) <= 60
        && match rest {
            b"Z" => true,
            [b'.', digits @ .., b'Z'] => (1..=9).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit),
            _ => false,
        }
}

#[cfg(test)]
mod tests;
