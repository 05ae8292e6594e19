//! Passwords in URLs and in data source names: what is before an `@`.

use std::ops::Range;

use super::shape::is_token_byte;
use super::text::Text;
use super::{Candidate, Secret};

/// User and password have no more bytes.
const USER_MAX: usize = 1_024;

/// A URL that is looked at has no more bytes.
const URL_MAX: usize = 2 * USER_MAX;

/// A user name of so many characters, without a password, is a token.
const USER_TOKEN: usize = 20;

/// Looks at the next `@` that is at `from` or behind it.
pub(super) fn next(text: &mut Text<'_>, from: usize) -> Option<Candidate> {
    let at = memchr::memchr_iter(b'@', &text.bytes[from..]).map(|at| from + at);
    // Lines with `"@timestamp"` are many.
    let mut ats = at.filter(|at| text.before(*at).is_some_and(is_url_byte));
    let Some(at) = ats.next() else { return cut(text, from) };
    let floor = from.max(at.saturating_sub(USER_MAX));
    let length = text.bytes[floor..at].iter().rev().take_while(|byte| is_url_byte(**byte) || **byte == b'\\').count();
    let word = &text.bytes[at - length..at];
    let Some(scheme) = scheme_end(word) else {
        let secret =
            if text.has(at, b"@tcp(") || text.has(at, b"@unix(") { data_source(text, at - length..at) } else { None };
        return Some(Candidate { secret, next: at + 1 });
    };
    let start = at - length + scheme;
    let (info, end) = user_info(text, start);
    Some(Candidate { secret: secret(text, info), next: end.max(at + 1) })
}

/// A URL at the end of the text that was cut within its password: what looks like a port is no number.
fn cut(text: &Text<'_>, from: usize) -> Option<Candidate> {
    let end = text.bytes.len();
    let near = &text.bytes[from.max(end.saturating_sub(USER_MAX))..];
    let word =
        &near[near.len() - near.iter().rev().take_while(|byte| is_url_byte(**byte) || **byte == b'\\').count()..];
    let start = end - word.len() + scheme_end(word)?;
    let rest = &text.bytes[start..];
    let colon = memchr::memchr(b':', rest).filter(|_| !rest.starts_with(b"["))?;
    let port = &rest[colon + 1..];
    let is_port = port[..memchr::memchr3(b'/', b'?', b'#', port).unwrap_or(port.len())]
        .iter()
        .all(|byte| !byte.is_ascii_alphabetic());
    (!is_port && !rest[..colon].contains(&b'/'))
        .then(|| Candidate { secret: hide(text, start + colon + 1..end), next: end })
}

fn is_url_byte(byte: u8) -> bool {
    !matches!(byte, 0..=b' ' | b'"' | b'\'' | b'`' | b'<' | b'>' | b'\\')
}

/// What follows the last `://`, which JSON may write as `:\/\/`, and JSON inside of JSON with more backslashes.
fn scheme_end(word: &[u8]) -> Option<usize> {
    let slash = |at: usize| {
        let run = word[at..].iter().take_while(|byte| **byte == b'\\').count();
        (word.get(at + run)? == &b'/').then_some(at + run + 1)
    };
    memchr::memrchr_iter(b':', word).find_map(|colon| slash(slash(colon + 1)?))
}

/// `user:password` of the URL whose part after `://` begins at `start`, and where that part ends.
fn user_info(text: &Text<'_>, start: usize) -> (Range<usize>, usize) {
    let rest = &text.bytes[start..text.bytes.len().min(start + URL_MAX)];
    let word = &rest[..rest.iter().take_while(|byte| is_url_byte(**byte)).count()];
    let authority = &word[..memchr::memchr3(b'/', b'?', b'#', word).unwrap_or(word.len())];
    // A password may have a slash, although it should not; then what is before it looks like a port, but is no number.
    let port = memchr::memchr(b':', authority).map(|colon| &authority[colon + 1..]);
    let is_odd = port.is_some_and(|port| !port.iter().all(u8::is_ascii_digit)) && !authority.starts_with(b"[");
    let whole = if authority.contains(&b'@') || !is_odd { authority } else { word };
    let length = memchr::memrchr(b'@', whole).unwrap_or_default();
    (start..start + length, start + whole.len())
}

/// The password, or the user if that looks like a token.
fn secret(text: &Text<'_>, info: Range<usize>) -> Option<Secret> {
    let user = &text.bytes[info.clone()];
    match memchr::memchr(b':', user) {
        Some(colon) => hide(text, info.start + colon + 1..info.end),
        None if user.len() >= USER_TOKEN && user.iter().all(|byte| is_token_byte(*byte)) => hide(text, info),
        None => None,
    }
}

/// `user:password@tcp(host)/database`
fn data_source(text: &Text<'_>, word: Range<usize>) -> Option<Secret> {
    let colon = memchr::memchr(b':', &text.bytes[word.clone()])?;
    hide(text, word.start + colon + 1..word.end)
}

/// `scheme%3A%2F%2Fuser%3Apassword%40host`
pub(super) fn coded(text: &Text<'_>, hint: Range<usize>) -> Option<Secret> {
    let start = hint.end;
    text.folded[..start].ends_with(b"%3a%2f%2f").then_some(())?;
    let rest = &text.folded[start..text.bytes.len().min(start + USER_MAX)];
    let word = &rest[..rest.iter().take_while(|byte| is_url_byte(**byte)).count()];
    let word = &word[..memchr::memmem::find(word, b"%2f").unwrap_or(word.len())];
    let colon = memchr::memmem::find(word, b"%3a")?;
    let at = memchr::memmem::rfind(word, b"%40").filter(|at| *at > colon)?;
    hide(text, start + colon + 3..start + at)
}

fn hide(text: &Text<'_>, span: Range<usize>) -> Option<Secret> {
    (!span.is_empty() && !text.is_hidden(span.start, span.end)).then(|| Secret::plain(span))
}
