//! From a key to its value.

mod bare;
mod beside;
mod element;
mod named;
mod part;
mod php;
mod sign;
mod unsigned;

use std::ops::Range;

use super::Secret;
use super::block;
use super::header::{authorization_end, cookie_end};
use super::key::{Key, Kind};
use super::quote::Quote;
use super::sentence::{is_sentence, words_end};
use super::text::Text;
use super::value::{composite_end, is_count, is_nothing, line_end, word_end};
use super::wrapped::wrapped_end;
use sign::Sign;
use unsigned::Unsigned;

/// Keys whose value may be several words, besides those of kind `Strong`.
const PASSWORDS: [&str; 2] = ["pass", "pw"];

/// The signature of a URL has no fewer characters.
const SIGNATURE_MIN: usize = 16;

/// How a key is written, and where its value begins.
#[derive(Clone, Copy)]
struct Pair {
    kind: Kind,
    /// Whether the value may be several words.
    is_password: bool,
    /// The quote that closes the key.
    quote: Option<Quote>,
    sign: Sign,
    start: usize,
}

/// The value of the key around `hint`, if there is one to hide.
pub(super) fn secret(text: &mut Text<'_>, hint: Range<usize>) -> Option<Secret> {
    if hint.end <= text.checked {
        return None;
    }
    let key = Key::around(text, hint.start, hint.end);
    let quote = Quote::at(text, key.end);
    text.checked = key.checked;
    let sign = sign::sign(text, &key, quote);
    let kind = key.kind(text)?;
    let is_password = kind == Kind::Strong || key.ends_with(&PASSWORDS);
    let pair = |quote, (sign, start)| Pair { kind, is_password, quote, sign, start };
    match sign {
        Some(sign) => pair(quote, sign).value(text),
        None => match unsigned::find(text, &key, kind, quote)? {
            Unsigned::Value(quote, sign, start) => pair(quote, (sign, start)).value(text),
            Unsigned::Secret(secret) => Some(secret),
            Unsigned::Nothing => None,
        },
    }
}

impl Pair {
    fn value(&self, text: &Text<'_>) -> Option<Secret> {
        if self.sign == Sign::Equals
            && let Some(string) = php::dumped(text, self.start)
        {
            return Some(Secret::plain(string));
        }
        if let Some(quote) = Quote::at(text, self.start) {
            return self.quoted(text, quote);
        }
        if self.sign == Sign::Argument && self.quote.is_some() {
            return None;
        }
        if text.get(self.start).is_some_and(|byte| b"[{".contains(&byte)) && !self.is_hidden_word(text) {
            return self.composite(text);
        }
        if self.is_json() {
            return self.scalar(text);
        }
        if self.sign == Sign::Colon
            && let Some(start) = block::mark_end(text, self.start)
        {
            return match text.new_line(start) {
                Some(line) => block::lines(text, line).map(Secret::plain),
                None => Self { start, ..*self }.value(text),
            };
        }
        let end = self.bare_end(text)?;
        Some(Secret::plain(self.start..end))
    }

    /// Whether key and sign are as JSON has them.
    fn is_json(&self) -> bool {
        self.sign == Sign::Colon && self.quote.is_some_and(Quote::is_double)
    }

    fn quoted(&self, text: &Text<'_>, quote: Quote) -> Option<Secret> {
        let opens = match self.quote {
            // A string of JSON directly behind a name of JSON.
            Some(key) if self.is_json() && key.is_like(quote) => true,
            Some(key) if self.sign == Sign::Argument => key.is_like(quote),
            _ => !quote.closes(text),
        };
        opens.then(|| Secret::plain(quote.end..with_new(text, quote)))
    }

    /// `[masked]`, `[redacted]` and the like.
    fn is_hidden_word(&self, text: &Text<'_>) -> bool {
        let end = memchr::memchr(b']', &text.bytes[self.start..text.bytes.len().min(self.start + 16)]);
        end.is_some_and(|end| text.is_hidden(self.start, self.start + end + 1))
    }

    fn composite(&self, text: &Text<'_>) -> Option<Secret> {
        if matches!(self.kind, Kind::Weak | Kind::Counted) && text.get(self.start) == Some(b'{') {
            return None;
        }
        let span = self.start..composite_end(text, self.start, self.quote);
        Some(Secret { span, quote: self.json_quote() })
    }

    /// A number, or what is no JSON at all.
    fn scalar(&self, text: &Text<'_>) -> Option<Secret> {
        let end = text.skip(self.start, |byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
        let is_json = text.get(end) != Some(b'(') && (end == self.start || Quote::at(text, end).is_none());
        let end = if is_json { end } else { wrapped_end(text, self.start, self.quote).unwrap_or(end) };
        let span = self.start..end;
        (self.kind != Kind::Plural && !self.tells_nothing(text, end)).then(|| Secret { span, quote: self.json_quote() })
    }

    fn json_quote(&self) -> Range<usize> {
        self.quote.filter(|_| self.is_json()).map_or(0..0, |quote| quote.start..quote.end)
    }

    /// Where a value without quotes ends; none if it does not look like one.
    fn bare_end(&self, text: &Text<'_>) -> Option<usize> {
        let (start, is_header) = (self.start, self.sign == Sign::Colon);
        let end = match (self.sign, self.kind) {
            (Sign::Argument, _) if text.get(start) == Some(b'-') => return None,
            (_, Kind::Plural) => return None,
            (_, Kind::Phrase) => return Some(line_end(text, start)),
            (_, Kind::Authorization) => authorization_end(text, start),
            (_, Kind::Cookie) => cookie_end(text, start, is_header),
            (Sign::Coded(times), _) => word_end(text, start, times),
            (Sign::Colon, _) => block::node_end(text, start),
            _ => word_end(text, start, 0),
        };
        let is_wrapped = !matches!(self.sign, Sign::Coded(_));
        let end = if is_wrapped { wrapped_end(text, start, self.quote).map_or(end, |it| it.max(end)) } else { end };
        let is_spaced = self.is_spaced(text);
        let is_told = is_spaced && is_sentence(text, start, end, self.is_password || self.sign == Sign::Argument);
        let is_known = is_told || self.tells_nothing(text, end);
        let end = if is_spaced && is_header && self.is_password { words_end(text, start, end) } else { end };
        let is_short = self.kind == Kind::Signature && end - start < SIGNATURE_MIN;
        (!is_known && !is_short).then_some(end)
    }

    fn tells_nothing(&self, text: &Text<'_>, end: usize) -> bool {
        is_nothing(text, self.start, end) || (self.kind == Kind::Counted && is_count(text, self.start, end))
    }

    /// `password: must be …`, `use --token to …`; an `m` before the value ends an escape that sets a color.
    fn is_spaced(&self, text: &Text<'_>) -> bool {
        matches!(self.sign, Sign::Colon | Sign::Argument)
            && text.before(self.start).is_some_and(|byte| b" m".contains(&byte))
    }
}

/// Where the string that `quote` opens ends, or the one that takes its place: `"hunter2" -> "hunter3"`.
fn with_new(text: &Text<'_>, quote: Quote) -> usize {
    let end = quote.content_end(text);
    let new = Quote::at(text, end).filter(|_| !text.json).and_then(|close| {
        let at = text.skip_spaces(close.end);
        let arrow = at > close.end && (text.has(at, b"->") || text.has(at, b"=>"));
        Quote::at(text, text.skip_spaces(arrow.then_some(at + 2)?)).filter(|new| new.is_like(quote))
    });
    new.map_or(end, |new| new.content_end(text))
}
