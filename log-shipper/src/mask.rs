//! A second net against secrets: known shapes are hidden before a line is kept or sent.

mod extra;
mod header;
mod hints;
mod key;
mod pair;
mod quote;
mod shape;
#[cfg(test)]
mod tests;
mod text;
mod value;

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
    /// Hides what is known, and what the regular expressions `extra` match: all of a match, or its group `secret` if the
    /// expression has one.
    ///
    /// Such a match may be anything, so it can make JSON into something else, which is then sent as text.
    pub fn new(extra: &[String]) -> Result<Self, MaskError> {
        Ok(Self { hints: Hints::new(), extra: Extra::all(extra)? })
    }

    /// The text without its secrets, and how many were hidden. JSON stays JSON. What is hidden already is not counted.
    pub fn mask<'t>(&self, text: &'t [u8], scratch: &'t mut Scratch) -> (&'t [u8], u32) {
        let Scratch { folded, out, other } = scratch;
        folded.clear();
        folded.extend_from_slice(text);
        folded.make_ascii_lowercase();
        let mut count = self.hide_known(text, folded, out);
        for pattern in &self.extra {
            let hidden = pattern.hide(if count > 0 { out } else { text }, other);
            if hidden > 0 {
                std::mem::swap(out, other);
                count += hidden;
            }
        }
        (if count > 0 { out } else { text }, count)
    }

    /// Writes `out` only if there is anything to hide.
    fn hide_known(&self, text: &[u8], folded: &[u8], out: &mut Vec<u8>) -> u32 {
        let Some(mut hint) = self.hints.next(folded, 0) else { return 0 };
        let (mut text, mut count) = (Text::new(text, folded), 0);
        out.clear();
        loop {
            let mut from = hint.span.start + 1;
            if let Some(secret) = find(&text, &hint) {
                out.extend_from_slice(&text.bytes[text.done..secret.span.start]);
                for piece in [&text.bytes[secret.quote.clone()], MASKED, &text.bytes[secret.quote.clone()]] {
                    out.extend_from_slice(piece);
                }
                text.done = secret.span.end;
                from = from.max(text.done);
                count += 1;
            }
            match self.hints.next(folded, from) {
                Some(next) => hint = next,
                None => break,
            }
        }
        out.extend_from_slice(&text.bytes[text.done..]);
        count
    }
}

fn find(text: &Text<'_>, hint: &Hint) -> Option<Secret> {
    let span = hint.span.clone();
    match hint.kind {
        hints::Kind::Key => pair::secret(text, span),
        hints::Kind::Url => shape::url(text, span),
        hints::Kind::CodedUrl => shape::coded_url(text, span),
        hints::Kind::Dsn => shape::dsn(text, span),
        hints::Kind::Pem => shape::private_key(text, span),
        hints::Kind::Jwt => shape::jwt(text, span),
        hints::Kind::Bearer => shape::bearer(text, span),
        hints::Kind::Token { length } => shape::token(text, span, length),
    }
}
