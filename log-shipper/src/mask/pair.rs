//! From a key to its value: the sign between them, in every spelling.

use std::ops::Range;

use super::Secret;
use super::header::{authorization_end, cookie_end};
use super::key::{Key, Kind};
use super::quote::Quote;
use super::text::Text;
use super::value::{composite_end, is_count, is_nothing, is_prose, line_end, word_end};
use super::wrapped::wrapped_end;

/// What separates keys from values, in lower case; the first that fits is taken.
const SIGNS: [(&[u8], Sign); 14] = [
    (b"=>", Sign::Equals),
    (b"==", Sign::Equals),
    (b"=", Sign::Equals),
    (b":=", Sign::Equals),
    (b":", Sign::Colon),
    (b"%3d", Sign::Coded(1)),
    (b"%3a", Sign::Coded(1)),
    (b"%253d", Sign::Coded(2)),
    (b"%253a", Sign::Coded(2)),
    (b"\\u003d", Sign::Equals),
    (b"\\\\u003d", Sign::Equals),
    (b"\\u003a", Sign::Colon),
    (b"&#61;", Sign::Equals),
    (b"&#58;", Sign::Colon),
];

/// An XML element's attributes have no more bytes.
const ATTRIBUTES_MAX: usize = 256;

/// A part of `multipart/form-data` has no more lines in its head.
const PART_LINES_MAX: usize = 8;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sign {
    Equals,
    Colon,
    /// Any sign, percent-encoded so many times.
    Coded(u8),
    /// The space behind `--password`, or the comma where arguments are a list.
    Argument,
    /// The end of an XML tag.
    Tag,
    /// The empty line behind a part's head in `multipart/form-data`.
    Part,
}

/// How a key is written, and where its value begins.
struct Pair {
    kind: Kind,
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
    let (sign, start) = sign(text, &key, quote)?;
    let secret = Pair { kind: key.kind(text)?, quote, sign, start }.value(text)?;
    let Range { start, end } = secret.span;
    (start < end && !text.is_hidden(start, end)).then_some(secret)
}

fn sign(text: &Text<'_>, key: &Key, quote: Option<Quote>) -> Option<(Sign, usize)> {
    let behind = quote.map_or(key.end, |quote| quote.end);
    // `)` may close what began long before the key.
    let open = quote.map_or(key.start, |quote| key.start.saturating_sub(quote.end - quote.start));
    let is_bracketed = text.before(open) == Some(b'(');
    let brackets = [(&b"]"[..], true), (b"%5d", true), (b")", is_bracketed)];
    let bracket = brackets.into_iter().find(|(bracket, fits)| *fits && text.has(behind, bracket));
    let behind = behind + bracket.map_or(0, |(bracket, _)| bracket.len());
    let at = text.skip_gap(behind);
    // `auth::token: …` is where a line is from.
    let is_path = text.has(at, b"::") || text.bytes[..key.start].ends_with(b"::");
    let found = SIGNS.iter().find(|(spelling, _)| text.has(at, spelling)).filter(|_| !is_path);
    let (sign, start) = match found {
        Some((spelling, sign)) => (*sign, at + spelling.len()),
        None => other_sign(text, key, quote, at)?,
    };
    let value = text.skip_gap(start);
    let is_spaced = |start, end| text.bytes[start..end].iter().any(|byte| b" \t".contains(byte));
    let is_empty =
        sign == Sign::Equals && !is_spaced(behind, at) && is_spaced(start, value) && begins_otherwise(text, value);
    (!is_empty).then_some((sign, value))
}

/// Whether what comes behind `password= ` is the next pair, or the end of a request line.
fn begins_otherwise(text: &Text<'_>, at: usize) -> bool {
    let word = &text.folded[at..word_end(text, at, 0)];
    word.contains(&b'=') || word.starts_with(b"http/")
}

fn other_sign(text: &Text<'_>, key: &Key, quote: Option<Quote>, at: usize) -> Option<(Sign, usize)> {
    if text.bytes[key.start..].starts_with(b"--") {
        let comma = quote.is_some() && text.has(at, b",");
        return (comma || at > key.end).then_some((Sign::Argument, at + usize::from(comma)));
    }
    if is_element(text, key) {
        let attributes = &text.bytes[at..text.bytes.len().min(at + ATTRIBUTES_MAX)];
        let end = memchr::memchr2(b'<', b'>', attributes)?;
        return (attributes[end] == b'>').then_some((Sign::Tag, at + end + 1));
    }
    let quote = quote?;
    named_value(text, quote, at)
        .map(|start| (Sign::Colon, start))
        .or_else(|| Some((Sign::Part, part(text, key, quote)?)))
}

/// `<password`, `<ns:password`
fn is_element(text: &Text<'_>, key: &Key) -> bool {
    let before = &text.bytes[..key.start];
    let before = match before.strip_suffix(b":") {
        Some(before) => {
            &before
                [..before.len() - before.iter().rev().take_while(|byte| byte.is_ascii_alphanumeric()).take(32).count()]
        }
        None => before,
    };
    before.ends_with(b"<")
}

/// `{"name":"password","value":…`: where the value begins. `at` is behind the first of both.
fn named_value(text: &Text<'_>, quote: Quote, at: usize) -> Option<usize> {
    let name =
        Quote::at(text, text.skip_spaces(text.has(at, b",").then_some(at + 1)?)).filter(|open| open.is_like(quote))?;
    let close =
        Quote::at(text, text.has(name.end, b"value").then_some(name.end + 5)?).filter(|close| close.is_like(quote))?;
    let colon = text.skip_spaces(close.end);
    text.has(colon, b":").then_some(colon + 1)
}

/// Where the content of a part of `multipart/form-data` begins whose name is the key.
fn part(text: &Text<'_>, key: &Key, quote: Quote) -> Option<usize> {
    let open = key.start.checked_sub(quote.end - quote.start)?;
    text.folded[..open].ends_with(b"name=").then_some(())?;
    let mut at = text.new_line(quote.end)?;
    for _ in 0..PART_LINES_MAX {
        if let Some(start) = text.new_line(at) {
            return Some(start);
        }
        at = text.new_line(part_line_end(text, at, quote))?;
    }
    None
}

/// Where a line of a part ends whose name is in a quote like `name`: with the string around all parts at the latest.
fn part_line_end(text: &Text<'_>, start: usize, name: Quote) -> usize {
    let mut at = start;
    while at < text.bytes.len() && text.line_break(at).is_none() {
        match Quote::at(text, at) {
            Some(quote) if quote.is_around(name, text) => return quote.start,
            Some(quote) => at = quote.end,
            None => at += text.run(at).max(1),
        }
    }
    at
}

impl Pair {
    fn value(&self, text: &Text<'_>) -> Option<Secret> {
        if matches!(self.sign, Sign::Equals | Sign::Colon | Sign::Coded(_) | Sign::Argument)
            && let Some(quote) = Quote::at(text, self.start)
        {
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
        opens.then(|| Secret::plain(quote.end..quote.content_end(text)))
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
            (Sign::Tag, _) => return self.element_end(text),
            (Sign::Part, _) => return Some(part_line_end(text, start, self.quote?)),
            (Sign::Argument, _) if text.get(start) == Some(b'-') => return None,
            (_, Kind::Plural) => return None,
            (_, Kind::Phrase) => return Some(line_end(text, start)),
            (_, Kind::Authorization) => authorization_end(text, start),
            (_, Kind::Cookie) => cookie_end(text, start, is_header),
            (Sign::Coded(times), _) => word_end(text, start, times),
            _ => word_end(text, start, 0),
        };
        let is_wrapped = matches!(self.sign, Sign::Equals | Sign::Colon);
        let end = if is_wrapped { wrapped_end(text, start, self.quote).map_or(end, |it| it.max(end)) } else { end };
        let sentence = is_prose(text, start, end) && self.may_be_sentence(text);
        (!sentence && !self.tells_nothing(text, end)).then_some(end)
    }

    fn tells_nothing(&self, text: &Text<'_>, end: usize) -> bool {
        is_nothing(text, self.start, end) || (self.kind == Kind::Counted && is_count(text, self.start, end))
    }

    /// Where the element's text ends: with the string that it is in at the latest.
    fn element_end(&self, text: &Text<'_>) -> Option<usize> {
        let end = self.start + memchr::memchr2(b'<', b'"', &text.bytes[self.start..])?;
        Some(end - text.run_before(end, self.start))
    }

    /// `password: must be …`, `use --token to …`; an `m` before the value ends an escape that sets a color.
    fn may_be_sentence(&self, text: &Text<'_>) -> bool {
        matches!(self.sign, Sign::Colon | Sign::Argument)
            && text.before(self.start).is_some_and(|byte| b" m".contains(&byte))
    }
}
