//! Values whose key is itself a value: `{"name":"password","value":"hunter2"}`, `<input name="password" value="hunter2">`.

use std::ops::Range;

use super::sign::Sign;
use crate::mask::key::Key;
use crate::mask::quote::Quote;
use crate::mask::text::Text;

/// What else is said of the key, before its value or behind it, has no more bytes.
const REACH: usize = 512;

/// What the value is called, or what that ends with: also `value`.
const VALUE: &[u8] = b"val";

/// A value before the key has the letters of its name no more often.
const NAMES_MAX: usize = 8;

/// What stands between the two, if they have no quotes.
const BETWEEN: &[u8] = b" \t\r\n,;";

/// The quote of the value's name, if it has the key's, the sign behind it, and where the value begins.
pub(super) fn behind(text: &Text<'_>, key: &Key, quote: Option<Quote>) -> Option<(Option<Quote>, Sign, usize)> {
    let before = text.bytes[..open(text, key, quote)?].trim_ascii_end();
    before.last().filter(|byte| b":=>".contains(byte))?;
    let start = quote.map_or(key.end, |quote| quote.end);
    let near = &text.folded[start..text.bytes.len().min(start + REACH)];
    let near = &near[..memchr::memchr3(b'}', b'{', b'>', near).unwrap_or(near.len())];
    let names = memchr::memmem::find_iter(near, VALUE).map(|at| start + at);
    let near = match quote {
        Some(_) => text.bytes.len(),
        None => first_word(text, start),
    };
    names.take_while(|at| *at <= near).find_map(|name| sign(text, name, quote))
}

/// Where the next word begins that is not a part of `BETWEEN`.
fn first_word(text: &Text<'_>, at: usize) -> usize {
    let mut at = text.skip(at, |byte| BETWEEN.contains(&byte));
    while let Some(line) = text.new_line(at) {
        at = text.skip(line, |byte| BETWEEN.contains(&byte));
    }
    at
}

/// The same for the name at `name`.
fn sign(text: &Text<'_>, name: usize, quote: Option<Quote>) -> Option<(Option<Quote>, Sign, usize)> {
    let at = name + VALUE.len();
    let at = if text.has(at, b"ue") { at + 2 } else { at };
    let close = Quote::at(text, at).filter(|close| quote.is_some_and(|quote| quote.is_like(*close)));
    let at = text.skip_spaces(close.map_or(at, |close| close.end));
    let sign = if text.get(at)? == b':' { Sign::Colon } else { Sign::Equals };
    let length = if text.has(at, b"=>") { 2 } else { usize::from(b":=".contains(&text.bytes[at])) };
    (length > 0).then(|| (close, sign, text.skip_spaces(at + length)))
}

/// The value before: `{"value":"hunter2","name":"password"}`.
pub(super) fn before(text: &Text<'_>, key: &Key, quote: Quote) -> Option<Range<usize>> {
    let mark = &text.bytes[quote.start..quote.end];
    let before = text.bytes[..open(text, key, Some(quote))?].trim_ascii_end();
    let before = before.strip_suffix(b":").or(before.strip_suffix(b"="))?.trim_ascii_end();
    let (before, own) = before.strip_suffix(mark).map_or((before, &b""[..]), |before| (before, mark));
    let letters = before.iter().rev().take_while(|byte| byte.is_ascii_alphabetic()).count();
    let before = without(without(&before[..before.len() - letters], own), b",");
    let close = before.strip_suffix(mark).filter(|_| letters > 1)?.len();
    let floor = text.done.max(close.saturating_sub(REACH)).min(close);
    let names = memchr::memmem::rfind_iter(&text.folded[floor..close], VALUE).map(|at| floor + at);
    let string = |name| {
        let (_, _, start) = sign(text, name, Some(quote))?;
        let open = Quote::at(text, start).filter(|open| open.is_like(quote) && open.end <= close)?;
        (open.content_end(text) == close).then_some(open.end..close)
    };
    names.take(NAMES_MAX).find_map(string)
}

fn without<'t>(bytes: &'t [u8], end: &[u8]) -> &'t [u8] {
    let bytes = bytes.trim_ascii_end();
    bytes.strip_suffix(end).unwrap_or(bytes).trim_ascii_end()
}

/// Where the key begins, with the quote that opens it.
fn open(text: &Text<'_>, key: &Key, quote: Option<Quote>) -> Option<usize> {
    let mark = quote.map_or(&b""[..], |quote| &text.bytes[quote.start..quote.end]);
    text.bytes[..key.start].strip_suffix(mark).map(<[u8]>::len)
}
