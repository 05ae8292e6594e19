//! Keys: where the one around a hint begins and ends, and whether its value is a secret.

pub(super) mod words;

use super::text::Text;

pub(super) use words::has_word;
use words::{ABOUT, COUNTED, LAST, STRONG, WEAK};

/// A key has no more bytes on either side of its hint.
const REACH: usize = 64;

/// Letters of a key that are looked at.
const LETTERS_MAX: usize = 160;

/// What a key's value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// The value of a header `Authorization`: a scheme and what it needs.
    Authorization,
    /// The value of a header `Cookie` or `Set-Cookie`.
    Cookie,
    /// Words that may be many.
    Phrase,
    /// A secret, and so is every part of it.
    Strong,
    /// Most likely a secret, but not a number of things, nor an object of them.
    Weak,
    /// The same, but not if it is a small number.
    Counted,
    /// Secrets, if it is a list, an object or a text in quotes.
    Plural,
    /// What makes a URL valid for whoever has it, if it is long.
    Signature,
}

/// A key.
#[derive(Debug)]
pub(super) struct Key {
    pub start: usize,
    pub end: usize,
    /// Hints that end here or before are of this key, or of one that is too long to be read to its end.
    pub checked: usize,
    letters: Letters,
}

impl Key {
    /// The one around the bytes from `start` to `end`.
    pub(super) fn around(text: &Text<'_>, start: usize, end: usize) -> Self {
        let mut letters = Letters::default();
        let start = begin(text, start);
        let limit = end + REACH;
        let end = letters.read(text, start, limit);
        let checked = if end < limit { end } else { text.skip(end, is_key_byte) - REACH - 1 };
        Self { start, end, checked, letters }
    }

    /// Whether it ends with one of these.
    pub(super) fn ends_with(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.letters.text[..self.letters.length].ends_with(word.as_bytes()))
    }

    /// What its value is; none if that is no secret.
    pub(super) fn kind(&self, text: &Text<'_>) -> Option<Kind> {
        // The shell's variables for folders; behind one of these signs it is a part of something else.
        let rest = &text.bytes[self.start..];
        let is_part = matches!(text.before(self.start), Some(b';' | b'&' | b'?'));
        let is_folder = !is_part && (rest.starts_with(b"PWD=/") || rest.starts_with(b"OLDPWD=/"));
        // What Go says of a test.
        let is_verdict = rest.starts_with(b"PASS: ") && text.bytes[..self.start].ends_with(b"--- ");
        self.letters.kind().filter(|kind| {
            let is_of_url = *kind != Kind::Signature || is_in_query(&text.folded[..self.start]);
            !is_folder && !is_verdict && is_of_url
        })
    }
}

/// Whether the pairs of a URL may go on there.
fn is_in_query(before: &[u8]) -> bool {
    const MARKS: [&[u8]; 6] = [b"?", b"&", b"&amp;", b"\\u0026", b"%3f", b"%26"];
    MARKS.iter().any(|mark| before.ends_with(mark))
}

fn is_key_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_-.".contains(&byte)
}

/// Where the key begins that has a letter at `hint`: not with what is left of an escape before it.
fn begin(text: &Text<'_>, hint: usize) -> usize {
    let floor = text.done.max(hint.saturating_sub(REACH)).min(hint);
    // An escaped letter has more backslashes in texts inside of texts.
    let hint = if text.get(hint) == Some(b'\\') { hint - text.run_before(hint, floor) } else { hint };
    let length = text.bytes[floor..hint].iter().rev().take_while(|byte| is_key_byte(**byte)).count();
    let start = hint - length;
    let behind = match text.before(start) {
        Some(b'\\') if text.unicode(start - 1).is_some() => start + 5,
        Some(b'\\') if text.get(start).is_some_and(|letter| b"nrtbf".contains(&letter)) => start + 1,
        Some(b'\\') if text.has(start, b"x") && text.hex(start + 1).is_some() => start + 3,
        Some(b'%') if text.has(start, b"25") && text.hex(start + 2).is_some() => start + 4,
        Some(b'%') if text.hex(start).is_some() => start + 2,
        Some(b'[' | b';') => text.color_around(start).unwrap_or(start),
        _ => start,
    };
    if behind <= hint { behind } else { start }
}

/// The letters of a key in lower case, and where its last word begins.
#[derive(Debug)]
struct Letters {
    text: [u8; LETTERS_MAX],
    length: usize,
    last_word: usize,
    /// Whether the next letter begins a word.
    boundary: bool,
}

impl Default for Letters {
    fn default() -> Self {
        Self { text: [0; LETTERS_MAX], length: 0, last_word: 0, boundary: false }
    }
}

impl Letters {
    /// Reads on from `at`, to `limit` at most, and returns where the key ends. Escaped letters are letters too.
    fn read(&mut self, text: &Text<'_>, mut at: usize, limit: usize) -> usize {
        let mut small = false;
        while at < limit {
            let (byte, next) = match text.get(at) {
                Some(byte) if is_key_byte(byte) => (byte, at + 1),
                Some(b'%') => match text.hex(at + 1) {
                    Some(byte) if is_key_byte(byte) => (byte, at + 3),
                    _ => break,
                },
                Some(b'\\') => match text.unicode(at) {
                    Some((byte, next)) if is_key_byte(byte) => (byte, next),
                    _ => break,
                },
                _ => break,
            };
            self.push(byte, small);
            small = byte.is_ascii_lowercase();
            at = next;
        }
        at
    }

    fn push(&mut self, byte: u8, after_small: bool) {
        self.boundary |= !byte.is_ascii_alphanumeric() || (after_small && byte.is_ascii_uppercase());
        if !byte.is_ascii_alphanumeric() || self.length == LETTERS_MAX {
            return;
        }
        // A number belongs to the word before it.
        if self.boundary && byte.is_ascii_alphabetic() {
            self.last_word = self.length;
            self.boundary = false;
        }
        self.text[self.length] = byte.to_ascii_lowercase();
        self.length += 1;
    }

    fn kind(&self) -> Option<Kind> {
        let digits = self.text[..self.length].iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
        let letters = str::from_utf8(&self.text[..self.length - digits]).unwrap_or_default();
        let last = letters.get(self.last_word..).unwrap_or_default();
        kind(letters, last).filter(|_| !has_word(ABOUT, last.as_bytes()))
    }
}

/// What the value of a key of these letters is, whose last word is `last`.
fn kind(letters: &str, last: &str) -> Option<Kind> {
    let ends_with = |words: &[&str]| words.iter().any(|word| letters.ends_with(word));
    let has = |words: &[&str]| words.iter().any(|word| letters.contains(word));
    if letters.ends_with("authorization") {
        Some(Kind::Authorization)
    } else if letters.ends_with("cookie") || last == "cookies" {
        Some(Kind::Cookie)
    } else if ends_with(&["passwords", "secrets", "credentials"]) {
        Some(Kind::Plural)
    } else if has(&["passphrase", "mnemonic"]) {
        Some(Kind::Phrase)
    } else if ends_with(&["secret", "pwd"]) || has(&STRONG) {
        Some(Kind::Strong)
    } else if letters == "sig" || letters.ends_with("signature") {
        Some(Kind::Signature)
    } else if has_word(COUNTED, letters.as_bytes()) {
        Some(Kind::Counted)
    } else {
        (ends_with(&WEAK) || has_word(LAST, last.as_bytes())).then_some(Kind::Weak)
    }
}
