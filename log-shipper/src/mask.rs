//! A second net against secrets: known shapes are hidden before a line is kept or sent.

mod block;
mod command;
mod extra;
mod hash;
mod header;
mod hints;
mod key;
mod pair;
mod quote;
mod sentence;
mod shape;
mod sql;
#[cfg(test)]
mod tests;
mod text;
mod url;
mod value;
mod vendor;
mod webhook;
mod wrapped;

use std::ops::Range;

pub use extra::MaskError;

use extra::Extra;
use hints::{Hint, Hints};
use text::Text;

/// What stands in a secret's place.
const MASKED: &[u8] = b"[masked]";

/// Hides secrets of known shapes: values of keys that say so (`password=…`, `"token":"…"`, `Authorization: …`), passwords
/// in URLs, private keys, tokens that are known by how they look; and what the patterns of the settings match.
#[derive(Debug)]
pub struct Masker {
    hints: Hints,
    extra: Vec<Extra>,
}

/// Buffers that are used again for each line.
#[derive(Debug, Default)]
pub struct Scratch {
    folded: Vec<u8>,
    out: Vec<u8>,
    other: Vec<u8>,
}

/// A part of a text to be hidden.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Secret {
    span: Range<usize>,
    /// Quotes of the text that the mask needs around it, because the secret has none: a number in JSON.
    quote: Range<usize>,
}

impl Secret {
    fn plain(span: Range<usize>) -> Self {
        Self { span, quote: 0..0 }
    }
}

impl Masker {
    /// Hides what is known, and what the regular expressions `extra` match: all of a match, or only its group
    /// `secret`, or its first group if none has that name.
    ///
    /// Such a match may be anything, so it can make JSON into something else, which is then sent as text.
    pub fn new(extra: &[String]) -> Result<Self, MaskError> {
        Ok(Self { hints: Hints::new(), extra: Extra::all(extra)? })
    }

    /// The text without its secrets, and how many were hidden. JSON stays JSON. What is hidden already is not counted.
    pub fn mask<'t>(&self, text: &'t [u8], scratch: &'t mut Scratch) -> (&'t [u8], u32) {
        let Scratch { folded, out, other } = scratch;
        if shape::is_key_line(text) {
            return (MASKED, 1);
        }
        fold(text, folded);
        let mut count = hide(&Text::new(text, folded), out, url::next);
        if count > 0 {
            fold(out, folded);
        }
        let text_now = if count > 0 { &*out } else { text };
        let hidden = hide(&Text::new(text_now, folded), other, |text, from| self.next(text, from));
        count += swap(hidden, out, other);
        for pattern in &self.extra {
            let hidden = pattern.hide(if count > 0 { out } else { text }, other);
            count += swap(hidden, out, other);
        }
        (if count > 0 { out } else { text }, count)
    }

    /// The next place at `from` or behind it that may be a secret.
    fn next(&self, text: &mut Text<'_>, from: usize) -> Option<Candidate> {
        let Hint { span, kind } = self.hints.next(text.folded, from)?;
        let next = span.start + 1;
        let secret = match kind {
            hints::Kind::Key => pair::secret(text, span),
            hints::Kind::CodedUrl => url::coded(text, span),
            hints::Kind::Pem => shape::private_key(text, span),
            hints::Kind::Jwt => shape::jwt(text, span),
            hints::Kind::Bearer => shape::bearer(text, span),
            hints::Kind::Basic => shape::basic(text, span),
            hints::Kind::Hash => hash::hash(text, span),
            hints::Kind::Token(kinds) => vendor::token(text, &span, kinds),
            hints::Kind::Webhook => webhook::webhook(text, &span),
            hints::Kind::Bot => webhook::bot(text, &span),
            hints::Kind::Sql => sql::identified(text, &span),
            hints::Kind::Program(program) => command::password_of(text, &span, program),
        };
        let secret = secret.filter(|Secret { span, .. }| !span.is_empty() && !text.is_hidden(span.start, span.end));
        Some(Candidate { secret, next })
    }
}

/// A place that was looked at.
struct Candidate {
    secret: Option<Secret>,
    /// Where to look on, if there is no secret.
    next: usize,
}

fn fold(text: &[u8], folded: &mut Vec<u8>) {
    folded.clear();
    folded.extend_from_slice(text);
    folded.make_ascii_lowercase();
}

/// What was written to `other`, if anything was hidden there, takes the place of `out`.
fn swap(hidden: u32, out: &mut Vec<u8>, other: &mut Vec<u8>) -> u32 {
    if hidden > 0 {
        std::mem::swap(out, other);
    }
    hidden
}

/// Hides what `next` finds, and says how much; writes `out` only if that is anything.
fn hide(text: &Text<'_>, out: &mut Vec<u8>, mut next: impl FnMut(&mut Text<'_>, usize) -> Option<Candidate>) -> u32 {
    let (mut text, mut from, mut count) = (*text, 0, 0);
    while let Some(candidate) = next(&mut text, from) {
        from = candidate.next;
        let Some(secret) = candidate.secret else { continue };
        if count == 0 {
            out.clear();
        }
        let quote = &text.bytes[secret.quote];
        for piece in [&text.bytes[text.done..secret.span.start], quote, MASKED, quote] {
            out.extend_from_slice(piece);
        }
        text.done = secret.span.end;
        from = from.max(text.done);
        count += 1;
    }
    if count > 0 {
        out.extend_from_slice(&text.bytes[text.done..]);
    }
    count
}
