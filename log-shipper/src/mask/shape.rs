//! Secrets that are known by how they look, whatever their key.

use std::ops::Range;

use super::Secret;
use super::text::Text;

/// The part of a URL before its path has no more bytes, nor has a data source name before its address.
const AUTHORITY_MAX: usize = 1_024;

/// A private key has no more bytes.
const PRIVATE_KEY_MAX: usize = 16 * 1024;

/// A user name of so many characters in a URL, without a password, is a token.
const USER_TOKEN: usize = 20;

/// `scheme://user:password@host`
pub(super) fn url(text: &Text<'_>, hint: Range<usize>) -> Option<Secret> {
    let start = hint.end;
    text.before(hint.start).filter(u8::is_ascii_alphanumeric)?;
    let word = &text.bytes[start..start + url_length(text, start)];
    let authority = &word[..memchr::memchr3(b'/', b'?', b'#', word).unwrap_or(word.len())];
    // A password may have a slash, although it should not; a port does not.
    let odd = || {
        !authority.starts_with(b"[")
            && memchr::memchr(b':', authority)
                .is_some_and(|colon| !authority[colon + 1..].iter().all(u8::is_ascii_digit))
    };
    let whole = if authority.contains(&b'@') || !odd() { authority } else { word };
    user_info(text, start, &whole[..memchr::memrchr(b'@', whole)?])
}

/// Bytes from `start` on that may belong to a URL.
fn url_length(text: &Text<'_>, start: usize) -> usize {
    let rest = &text.bytes[start..text.bytes.len().min(start + AUTHORITY_MAX)];
    rest.iter().take_while(|byte| !matches!(byte, 0..=b' ' | b'"' | b'\'' | b'`' | b'<' | b'>' | b'\\')).count()
}

fn user_info(text: &Text<'_>, start: usize, info: &[u8]) -> Option<Secret> {
    let end = start + info.len();
    let from = match memchr::memchr(b':', info) {
        Some(colon) => start + colon + 1,
        None if info.len() >= USER_TOKEN && info.iter().all(|byte| is_token_byte(*byte)) => start,
        None => return None,
    };
    hide(text, from..end)
}

/// The same with its signs percent-encoded.
pub(super) fn coded_url(text: &Text<'_>, hint: Range<usize>) -> Option<Secret> {
    let start = hint.end;
    let word = &text.folded[start..start + url_length(text, start)];
    let word = &word[..memchr::memmem::find(word, b"%2f").unwrap_or(word.len())];
    let colon = memchr::memmem::find(word, b"%3a")?;
    let at = memchr::memmem::rfind(word, b"%40").filter(|at| *at > colon)?;
    hide(text, start + colon + 3..start + at)
}

/// `user:password@tcp(host)/database`
pub(super) fn dsn(text: &Text<'_>, hint: Range<usize>) -> Option<Secret> {
    let floor = text.done.max(hint.start.saturating_sub(AUTHORITY_MAX));
    let before = &text.bytes[floor..hint.start];
    let length = before.iter().rev().take_while(|byte| !matches!(byte, 0..=b' ' | b'"' | b'\'' | b'`' | b'=')).count();
    let start = hint.start - length;
    let colon = memchr::memchr(b':', &text.bytes[start..hint.start])?;
    hide(text, start + colon + 1..hint.start)
}

/// What is between the lines `BEGIN … PRIVATE KEY` and `END`; all that is there if the end is missing.
pub(super) fn private_key(text: &Text<'_>, hint: Range<usize>) -> Option<Secret> {
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
    let coded = if text.has(hint.end, b"%20") { 3 } else { usize::from(text.has(hint.end, b"+")) };
    let start = text.skip_spaces(hint.end + coded);
    let end = text.skip(start, |byte| is_token_byte(byte) || b".~+/".contains(&byte));
    let token = &text.bytes[start..end];
    let end = text.skip(end, |byte| byte == b'=');
    let is_token = token.len() >= 16 || (token.len() >= 8 && token.iter().any(u8::is_ascii_digit));
    (start > hint.end && is_token).then(|| Secret::plain(start..end))
}

/// A vendor's token, with its beginning.
pub(super) fn token(text: &Text<'_>, hint: Range<usize>, length: usize) -> Option<Secret> {
    text.before(hint.start).is_none_or(|byte| !byte.is_ascii_alphanumeric()).then_some(())?;
    let end = text.skip(hint.end, is_token_byte);
    let token = &text.bytes[hint.end..end];
    let is_amazons = text.bytes[hint.clone()].ends_with(b"IA");
    let fits = !matches!(&text.folded[hint.clone()], b"akia" | b"asia")
        || (is_amazons && token.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit()));
    (token.len() >= length && fits).then(|| Secret::plain(hint.start..end))
}

fn is_token_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_'
}

fn hide(text: &Text<'_>, span: Range<usize>) -> Option<Secret> {
    (!span.is_empty() && !text.is_hidden(span.start, span.end)).then(|| Secret::plain(span))
}
