//! Hashes of passwords, as programs store them.

use std::ops::Range;

use super::Secret;
use super::text::Text;

/// A hash has no fewer characters.
const MIN: usize = 32;

/// Its parts are between so many `$`.
const DOLLARS_MIN: usize = 2;

/// So many characters tell whether it is one.
const LOOKED_AT: usize = 128;

/// `$2b$12$…`, `$argon2id$…`, `$6$…`, `pbkdf2:sha256:…$…$…`: what `hint` begins.
pub(super) fn hash(text: &Text<'_>, hint: Range<usize>) -> Option<Secret> {
    let begin = hint.start;
    // Before it is read, which may hold many more hints.
    (text.bytes[begin] == b'$' || text.is_word_start(begin)).then_some(())?;
    text.before(begin).is_none_or(|byte| byte != b'$').then_some(())?;
    let near = &text.bytes[begin..text.bytes.len().min(begin + LOOKED_AT)];
    let near = &near[..near.iter().take_while(|byte| is_hash_byte(**byte)).count()];
    (near.len() >= MIN && memchr::memchr_iter(b'$', near).count() >= DOLLARS_MIN).then_some(())?;
    let end = text.skip(begin, is_hash_byte);
    let closers = text.bytes[begin..end].iter().rev().take_while(|byte| b".,:".contains(byte)).count();
    Some(Secret::plain(begin..end - closers))
}

fn is_hash_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"$./+=,:_-".contains(&byte)
}
