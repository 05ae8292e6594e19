//! Values that no sign separates from a key in quotes: the next string of a list.

use std::ops::Range;

use crate::mask::Secret;
use crate::mask::key::{Key, Kind};
use crate::mask::quote::Quote;
use crate::mask::text::Text;

/// Strings of a row behind the key.
const ROW_MAX: usize = 4;

/// The string beside the key, which `quote` closes.
pub(super) fn secret(text: &Text<'_>, key: &Key, kind: Kind, quote: Quote) -> Option<Secret> {
    let open = text.bytes[..key.start].strip_suffix(&text.bytes[quote.start..quote.end])?.len();
    let string = in_a_row(text, quote).or_else(|| in_a_list(text, key, kind, open, quote))?;
    Some(Secret::plain(string))
}

/// `"AUTH" "ada" "hunter2"`, as Redis shows commands.
fn in_a_row(text: &Text<'_>, key: Quote) -> Option<Range<usize>> {
    let next = |close: Quote| {
        let at = text.skip_spaces(close.end);
        Quote::at(text, at).filter(|open| at > close.end && open.is_like(key))
    };
    let first = next(key).filter(|_| key.is_double())?;
    let mut end = first.content_end(text);
    for _ in 1..ROW_MAX {
        let close = Quote::at(text, end).filter(|close| close.is_like(key));
        let Some(open) = close.and_then(next) else { break };
        end = open.content_end(text);
    }
    Some(first.end..end)
}

/// `["Authorization", "Bearer …", "Cookie", "…"]`, `[["password", "hunter2"]]`, `[(b'password', b'hunter2')]`.
fn in_a_list(text: &Text<'_>, key: &Key, kind: Kind, open: usize, quote: Quote) -> Option<Range<usize>> {
    let mut at = text.skip_spaces(text.has(quote.end, b",").then_some(quote.end + 1)?);
    while let Some(line) = text.new_line(at) {
        at = text.skip_spaces(line);
    }
    let prefix = usize::from(text.has(at, b"b") || text.has(at, b"u"));
    let value = Quote::at(text, at + prefix).filter(|value| value.is_like(quote))?;
    let string = value.end..value.content_end(text);
    let is_header =
        matches!(kind, Kind::Authorization | Kind::Cookie) || text.bytes[key.start..key.end].contains(&b'-');
    let is_name = || text.bytes[string.clone()].iter().all(|byte| byte.is_ascii_alphabetic() || *byte == b'-');
    let is_pair = || is_first_of_two(text, open, string.end, value);
    ((is_header && !is_name()) || is_pair()).then_some(string)
}

/// Whether the key that opens at `open` and the value that ends at `end` are alone in a list that is in another list.
fn is_first_of_two(text: &Text<'_>, open: usize, end: usize, quote: Quote) -> bool {
    let open = open - usize::from(text.before(open).is_some_and(|byte| b"bu".contains(&byte)));
    let before = text.bytes[..open].trim_ascii_end();
    let outside = before.strip_suffix(b"[").or(before.strip_suffix(b"(")).map(<[u8]>::trim_ascii_end);
    let is_inside = outside.and_then(<[u8]>::last).is_some_and(|byte| b"[(,{".contains(byte));
    let close = Quote::at(text, end).filter(|close| close.is_like(quote)).map(|close| text.skip_spaces(close.end));
    is_inside && close.and_then(|at| text.get(at)).is_some_and(|byte| b"])".contains(&byte))
}
