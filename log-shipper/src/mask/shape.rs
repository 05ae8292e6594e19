//! Secrets that are known by how they look, whatever their key.

use std::ops::Range;

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use super::Secret;
use super::text::Text;

/// A private key has no more bytes.
const PRIVATE_KEY_MAX: usize = 16 * 1024;

/// What follows the empty part of an encrypted token has no fewer characters.
const ENCRYPTED_MIN: usize = 32;

/// Characters of a line of a private key, but for the last: of PEM, and of OpenSSH.
const KEY_LINES: [usize; 2] = [64, 70];

/// So much of a user in base64 is looked at.
const CODED_MAX: usize = 256;

/// What is between the lines `BEGIN … PRIVATE KEY` and `END`; all that is there if the end is missing.
pub(super) fn private_key(text: &Text<'_>, hint: Range<usize>) -> Option<Secret> {
    text.folded[..hint.end].ends_with(b"-----beg").then_some(())?;
    let label = text.skip(hint.end, |byte| byte.is_ascii_uppercase() || b" +%20".contains(&byte));
    let name = &text.bytes[hint.end..label];
    let start = label + 5;
    (memchr::memmem::find(name, b"PRIVATE").is_some() && text.has(label, b"-----")).then_some(())?;
    let rest = &text.bytes[start..];
    let near = &rest[..rest.len().min(PRIVATE_KEY_MAX)];
    let last = memchr::memmem::find(near, b"-----END");
    // All that is behind is of it if the last line is missing, and is looked at but once.
    let quote = memchr::memchr(b'"', last.map_or(rest, |last| &rest[..last]));
    let quote =
        quote.filter(|_| text.json || last.is_none()).map(|quote| quote - text.run_before(start + quote, start));
    let end = quote.or(last).map_or(text.bytes.len(), |end| start + end);
    let has_letters = text.bytes[start..end].iter().any(u8::is_ascii_alphanumeric);
    (has_letters && !text.is_hidden(start, end)).then(|| Secret::plain(start..end))
}

/// A JSON Web Token: three parts in base64url, of which the first is a JSON object.
pub(super) fn jwt(text: &Text<'_>, hint: Range<usize>) -> Option<Secret> {
    text.bytes[hint.start..].starts_with(b"eyJ").then_some(())?;
    let is_inside = text.before(hint.start).is_some_and(|byte| b"-_".contains(&byte));
    (text.is_word_start(hint.start) && !is_inside).then_some(())?;
    let head = text.skip(hint.start, is_token_byte);
    let body = text.skip((head + 1).min(text.bytes.len()), is_token_byte);
    let parts = text.get(head) == Some(b'.') && text.get(body) == Some(b'.');
    // An encrypted one may have an empty second part. Before the rest is read, which may hold many more hints.
    (parts && head - hint.start > 8 && (body - head > 4 || body == head + 1)).then_some(())?;
    let end = text.skip(body + 1, |byte| is_token_byte(byte) || byte == b'.');
    (body > head + 1 || end - body > ENCRYPTED_MIN).then(|| Secret::plain(hint.start..end))
}

/// `Bearer …` where no header is named.
pub(super) fn bearer(text: &Text<'_>, hint: Range<usize>) -> Option<Secret> {
    text.is_word_start(hint.start).then_some(())?;
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

/// `Basic …` where no header is named: a user and a password in base64.
pub(super) fn basic(text: &Text<'_>, hint: Range<usize>) -> Option<Secret> {
    let word =
        hint.start - memchr::memmem::find(b"basic ", &text.folded[hint.clone()]).filter(|at| *at <= hint.start)?;
    (text.has(word, b"basic ") && text.is_word_start(word)).then_some(())?;
    let start = text.skip_spaces(word + 6);
    let end = text.skip(start, is_base64_byte);
    let mut user = STANDARD_NO_PAD.decode(text.bytes[start..end].get(..CODED_MAX.min(end - start) / 4 * 4)?).ok()?;
    user.truncate(memchr::memchr(b':', &user)?);
    user.iter()
        .all(|byte| (b' '..0x7f).contains(byte))
        .then(|| Secret::plain(start..text.skip(end, |byte| byte == b'=')))
}

/// Whether the text is a whole line of a private key in base64, whose first line was another text.
pub(super) fn is_key_line(text: &[u8]) -> bool {
    let line = text.strip_suffix(b"\r").unwrap_or(text);
    let has = |is: fn(&u8) -> bool| line.iter().any(is);
    KEY_LINES.contains(&line.len())
        && line[0] != b'/'
        && line.iter().all(|byte| is_base64_byte(*byte))
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
        && has(u8::is_ascii_digit)
}

fn is_base64_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+/".contains(&byte)
}

pub(super) fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
}
