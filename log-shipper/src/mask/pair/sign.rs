//! What separates a key from its value, in every spelling.

use crate::mask::key::Key;
use crate::mask::quote::Quote;
use crate::mask::text::Text;
use crate::mask::value::word_end;

/// In lower case; the first that fits is taken.
const SIGNS: [(&[u8], Sign); 14] = [
    (b"=>", Sign::Equals),
    (b"==", Sign::Equals),
    (b"=", Sign::Equals),
    (b"!=", Sign::Equals),
    (b":=", Sign::Equals),
    (b":", Sign::Colon),
    (b"%3d", Sign::Coded(1)),
    (b"%3a", Sign::Coded(1)),
    (b"%253d", Sign::Coded(2)),
    (b"%253a", Sign::Coded(2)),
    (b"%25253d", Sign::Coded(3)),
    (b"%25253a", Sign::Coded(3)),
    (b"&#61;", Sign::Equals),
    (b"&#58;", Sign::Colon),
];

/// What may be a sign between spaces.
const ARROWS: [&[u8]; 2] = [b"->", "→".as_bytes()];

/// What PHP says of a property in the brackets around its name has no more bytes.
const VISIBILITY_MAX: usize = 128;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    Equals,
    Colon,
    /// Any sign, percent-encoded so many times.
    Coded(u8),
    /// The space behind `--password`, or the comma where arguments are a list.
    Argument,
}

/// The sign behind the key, and where its value begins.
pub(super) fn sign(text: &Text<'_>, key: &Key, quote: Option<Quote>) -> Option<(Sign, usize)> {
    let behind = behind_brackets(text, key, quote);
    let at = text.skip_gap(behind);
    // `auth::token: …` is where a line is from.
    let is_path = text.has(at, b"::") || text.bytes[..key.start].ends_with(b"::");
    let is_arrow = |arrow: &&[u8]| text.has(at, arrow) && at > behind;
    let plain = SIGNS.iter().find(|(spelling, _)| text.has(at, spelling)).filter(|_| !is_path);
    let plain = plain.map(|(spelling, sign)| (*sign, at + spelling.len()));
    let arrow = || ARROWS.into_iter().find(is_arrow).map(|arrow| (Sign::Equals, at + arrow.len()));
    let (sign, start) = plain.or_else(|| escaped(text, at)).or_else(arrow)?;
    let value = text.skip_gap(start);
    let is_spaced = |start, end| text.bytes[start..end].iter().any(|byte| b" \t".contains(byte));
    let is_empty =
        sign == Sign::Equals && !is_spaced(behind, at) && is_spaced(start, value) && begins_otherwise(text, value);
    (!is_empty).then_some((sign, value))
}

/// A sign as JSON and nginx escape it, with more backslashes in texts inside of texts.
fn escaped(text: &Text<'_>, at: usize) -> Option<(Sign, usize)> {
    let letter = at + text.run(at);
    let of_nginx = || Some((text.hex((letter > at && text.has(letter, b"x")).then_some(letter + 1)?)?, letter + 3));
    match text.unicode(at).or_else(of_nginx)? {
        (b'=', end) => Some((Sign::Equals, end)),
        (b':', end) => Some((Sign::Colon, end)),
        _ => None,
    }
}

/// Behind the key, its quote, and the brackets that are closed there.
fn behind_brackets(text: &Text<'_>, key: &Key, quote: Option<Quote>) -> usize {
    let behind = quote.map_or(key.end, |quote| quote.end);
    // `)` may close what began long before the key.
    let open = quote.map_or(key.start, |quote| key.start.saturating_sub(quote.end - quote.start));
    let before = text.before(open);
    if let Some(end) = visibility_end(text, behind).filter(|_| before == Some(b'[')) {
        return end;
    }
    let brackets =
        [(&b"][]"[..], true), (b"]", true), (b"%5d%5b%5d", true), (b"%5d", true), (b")", before == Some(b'('))];
    let bracket = brackets.into_iter().find(|(bracket, fits)| *fits && text.has(behind, bracket));
    behind + bracket.map_or(0, |(bracket, _)| bracket.len())
}

/// Behind `:protected]`, `:"Class":private]` of PHP.
fn visibility_end(text: &Text<'_>, at: usize) -> Option<usize> {
    text.has(at, b":").then_some(())?;
    let near = &text.bytes[at..text.bytes.len().min(at + VISIBILITY_MAX)];
    let end = at + memchr::memchr(b']', near)? + 1;
    text.has(text.skip_spaces(end), b"=>").then_some(end)
}

/// Whether what comes behind `password= ` is the next pair, or the end of a request line.
fn begins_otherwise(text: &Text<'_>, at: usize) -> bool {
    let end = word_end(text, at, 0);
    let word = &text.folded[at..end];
    let is_name = word.iter().all(u8::is_ascii_alphabetic) && text.has(text.skip_spaces(end), b"=");
    word.contains(&b'=') || word.starts_with(b"http/") || is_name
}
