//! Secrets that are known by how they look, whatever their key.

use std::ops::Range;

use super::Secret;
use super::text::Text;

/// A vendor's token has no fewer characters.
const TOKEN_MIN: usize = 20;

/// A private key has no more bytes.
const PRIVATE_KEY_MAX: usize = 16 * 1024;

/// What is between the lines `BEGIN … PRIVATE KEY` and `END`; all that is there if the end is missing.
pub(super) fn private_key(text: &Text<'_>, hint: Range<usize>) -> Option<Secret> {
    text.folded[..hint.end].ends_with(b"-----beg").then_some(())?;
    let label = text.skip(hint.end, |byte| byte.is_ascii_uppercase() || byte == b' ');
    let name = &text.bytes[hint.end..label];
    let start = label + 5;
    (memchr::memmem::find(name, b"PRIVATE KEY").is_some() && text.has(label, b"-----")).then_some(())?;
    let rest = &text.bytes[start..text.bytes.len().min(start + PRIVATE_KEY_MAX)];
    let quote = memchr::memchr(b'"', rest).map(|quote| quote - text.run_before(start + quote, start));
    let last =
        memchr::memmem::find(rest, b"-----END").filter(|end| !text.json || quote.is_none_or(|quote| *end < quote));
    let end = last.or(quote).map_or(text.bytes.len(), |end| start + end);
    let body = &text.folded[start..end];
    let is_masked = memchr::memmem::find(body, b"masked").is_some();
    (!is_masked && body.iter().any(u8::is_ascii_alphanumeric)).then(|| Secret::plain(start..end))
}

/// A JSON Web Token: three parts in base64url, of which the first is a JSON object.
pub(super) fn jwt(text: &Text<'_>, hint: Range<usize>) -> Option<Secret> {
    text.bytes[hint.start..].starts_with(b"eyJ").then_some(())?;
    text.before(hint.start).is_none_or(|byte| !is_token_byte(byte)).then_some(())?;
    let head = text.skip(hint.start, is_token_byte);
    let body = text.skip((head + 1).min(text.bytes.len()), is_token_byte);
    let parts = text.get(head) == Some(b'.') && text.get(body) == Some(b'.');
    (parts && head - hint.start > 8 && body - head > 4).then_some(())?;
    let end = text.skip(body + 1, |byte| is_token_byte(byte) || byte == b'.');
    Some(Secret::plain(hint.start..end))
}

/// `Bearer …` where no header is named.
pub(super) fn bearer(text: &Text<'_>, hint: Range<usize>) -> Option<Secret> {
    text.before(hint.start).is_none_or(|byte| !byte.is_ascii_alphanumeric()).then_some(())?;
    let end = text.has(hint.start, b"bearer").then_some(hint.start + 6)?;
    let coded = if text.has(end, b"%20") { 3 } else { usize::from(text.has(end, b"+")) };
    let start = text.skip_spaces(end + coded);
    // Before the token is read, which may hold many more hints.
    (start > end).then_some(())?;
    let end_of_token = text.skip(start, |byte| is_token_byte(byte) || b".~+/".contains(&byte));
    let token = &text.bytes[start..end_of_token];
    let is_token = token.len() >= 16 || (token.len() >= 8 && token.iter().any(u8::is_ascii_digit));
    is_token.then(|| Secret::plain(start..text.skip(end_of_token, |byte| byte == b'=')))
}

/// A vendor's token, whose letters begin with `begin`.
pub(super) fn token(text: &Text<'_>, hint: Range<usize>, begin: &[u8]) -> Option<Secret> {
    let part = &text.folded[hint.clone()];
    let start = hint.start.checked_sub(memchr::memmem::find(begin, part)?)?;
    // Before the token is read, which may hold many more hints.
    let is_start = text.has(start, begin) && text.before(start).is_none_or(|byte| !byte.is_ascii_alphanumeric());
    is_start.then_some(())?;
    // Amazon's are in capitals alone, so `Akiashvili` is none.
    let is_part = if begin == b"akia" { is_capital } else { is_token_byte };
    let end = text.skip(start, is_part);
    let is_whole = !text.get(end).is_some_and(is_token_byte);
    (is_whole && end - start >= TOKEN_MIN).then(|| Secret::plain(start..end))
}

fn is_capital(byte: u8) -> bool {
    byte.is_ascii_uppercase() || byte.is_ascii_digit()
}

pub(super) fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
}
