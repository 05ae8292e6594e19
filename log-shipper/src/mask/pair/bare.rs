//! Keys that no sign follows: SQL's `PASSWORD '…'`, directives of configurations, commands.

use crate::mask::Secret;
use crate::mask::key::{Key, Kind};
use crate::mask::quote::Quote;
use crate::mask::sentence::is_prose;
use crate::mask::text::Text;
use crate::mask::value::{is_one_of, word_end};

/// Keys behind which SQL and configurations have a string.
const STRINGS: [&str; 4] = ["password", "passwd", "passphrase", "secretstring"];

/// Directives of Redis.
const DIRECTIVES: [&str; 2] = ["requirepass", "masterauth"];

/// Schemes of `Authorization`, if no sign says that it is a header.
const SCHEMES: &str = "\
    basic bearer digest negotiate ntlm";

/// A word that is so long, with letters and digits, is a password behind the word `password`.
const ODD_MIN: usize = 6;

/// A word that is so long, with letters of both cases and digits, is none of a sentence.
const RANDOM_MIN: usize = 16;

/// The word before a key has no more bytes.
const REACH: usize = 64;

/// Credentials are no ordinary word if they are so long.
const CREDENTIALS_MIN: usize = 16;

/// Where the value begins.
pub(super) fn value(text: &Text<'_>, key: &Key, kind: Kind) -> Option<usize> {
    let call = key.end + usize::from(text.has(key.end, b"("));
    let start = behind_verb(text, text.skip_spaces(call));
    // Before the value is read, which may hold many more hints.
    (start > key.end).then_some(())?;
    let is_value = match kind {
        Kind::Authorization => is_scheme(text, start),
        _ if key.ends_with(&STRINGS) && is_string(text, start) => true,
        _ if call > key.end => false,
        Kind::Strong if text.bytes[..start].trim_ascii_end().ends_with(b" is:") => true,
        _ if key.ends_with(&DIRECTIVES) || is_of_login(text, key) => true,
        _ => {
            let word = &text.bytes[start..word_end(text, start, 0)];
            is_random(word) || (key.ends_with(&STRINGS) && is_odd(word))
        }
    };
    is_value.then_some(start)
}

/// `password is: hunter2`
fn behind_verb(text: &Text<'_>, at: usize) -> usize {
    if text.has(at, b"is: ") { text.skip_spaces(at + 4) } else { at }
}

/// Whether a string begins there, also one of PostgreSQL's `E'…'` or Microsoft's `N'…'`.
fn is_string(text: &Text<'_>, at: usize) -> bool {
    let prefix = usize::from(text.has(at, b"e'") || text.has(at, b"n'"));
    Quote::at(text, at + prefix).is_some_and(|quote| prefix > 0 || !quote.closes(text))
}

fn is_scheme(text: &Text<'_>, at: usize) -> bool {
    let scheme = word_end(text, at, 0);
    let start = text.skip_spaces(scheme);
    let end = word_end(text, start, 0);
    let credentials = &text.bytes[start..end];
    let is_word = credentials.len() < CREDENTIALS_MIN && credentials.iter().all(u8::is_ascii_lowercase);
    is_one_of(SCHEMES, text, at, scheme) && !is_word && !is_prose(text, start, end)
}

/// `machine … login … password …` of a `.netrc`.
fn is_of_login(text: &Text<'_>, key: &Key) -> bool {
    let before = text.folded[..key.start].trim_ascii_end();
    let user = before.iter().rev().take(REACH).take_while(|byte| !byte.is_ascii_whitespace()).count();
    before[..before.len() - user].trim_ascii_end().ends_with(b"login")
}

/// Whether the word has letters and digits.
fn is_odd(word: &[u8]) -> bool {
    word.len() >= ODD_MIN && word.iter().any(u8::is_ascii_digit) && word.iter().any(u8::is_ascii_alphabetic)
}

fn is_random(word: &[u8]) -> bool {
    let has = |is: fn(&u8) -> bool| word.iter().any(is);
    let is_token = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=_-".contains(byte);
    word.len() >= RANDOM_MIN
        && word.iter().all(is_token)
        && has(u8::is_ascii_lowercase)
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_digit)
}

/// `AUTH hunter2`, `AUTH ada hunter2`: a whole line, or what a prompt is before.
pub(super) fn command(text: &Text<'_>, key: &Key) -> Option<Secret> {
    let before = &text.bytes[..key.start];
    (text.bytes[key.start..key.end] == *b"AUTH" && (before.is_empty() || before.ends_with(b"> "))).then_some(())?;
    let start = text.skip_spaces(key.end);
    let first = word_end(text, start, 0);
    let end = word_end(text, text.skip_spaces(first), 0).max(first);
    let is_all = end == text.bytes.len() || Quote::at(text, end).is_some() || text.line_break(end).is_some();
    (start > key.end && is_all && !is_prose(text, start, first)).then(|| Secret::plain(start..end))
}
