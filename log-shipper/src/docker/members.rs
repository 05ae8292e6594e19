//! Entries in any form that JSON allows: other orders, members that Docker does not have yet, spaces.

use serde::de::IgnoredAny;

use super::entry::Entry;
use super::quoted;

/// Reads the object `line`. None if it is not one, or lacks a member, or has one twice.
pub(super) fn parse(line: &[u8]) -> Option<Entry<'_>> {
    let (mut log, mut stream, mut time) = (None, None, None);
    let mut rest = line.trim_ascii().strip_prefix(b"{")?.strip_suffix(b"}")?.trim_ascii();
    while !rest.is_empty() {
        let (name, after) = string(rest)?;
        let value = after.trim_ascii_start().strip_prefix(b":")?.trim_ascii_start();
        let known = match name {
            b"log" => Some(&mut log),
            b"stream" => Some(&mut stream),
            b"time" => Some(&mut time),
            _ => None,
        };
        rest = match known {
            Some(Some(_)) => return None,
            Some(known) => string(value).map(|(text, after)| {
                *known = Some(text);
                after
            })?,
            None => after_value(value)?,
        };
        rest = next_member(rest.trim_ascii_start())?;
    }
    Entry::new(log, stream?, time?)
}

/// What is between the quotes at the start of `text`, and what comes after them.
fn string(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let text = text.strip_prefix(b"\"")?;
    let (inside, rest) = text.split_at(quoted::length(text)?);
    Some((inside, &rest[1..]))
}

/// What comes after the value at the start of `text`. `serde_json` passes over a value without recursion, however deep.
fn after_value(text: &[u8]) -> Option<&[u8]> {
    let mut values = serde_json::Deserializer::from_slice(text).into_iter::<IgnoredAny>();
    values.next()?.ok()?;
    text.get(values.byte_offset()..)
}

/// After a comma comes another member; nothing else may follow.
fn next_member(rest: &[u8]) -> Option<&[u8]> {
    match rest.split_first() {
        None => Some(rest),
        Some((b',', member)) => Some(member.trim_ascii_start()).filter(|member| !member.is_empty()),
        Some(_) => None,
    }
}
