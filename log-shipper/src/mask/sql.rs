//! SQL that sets a user's password without a sign: `IDENTIFIED BY '…'`.

use std::ops::Range;

use super::Secret;
use super::quote::Quote;
use super::text::Text;
use super::value::word_end;

/// The statement's words before `IDENTIFIED` have no more bytes.
const REACH: usize = 256;

/// What the statement says before.
const STATEMENTS: [&[u8]; 3] = [b"create ", b"alter ", b"grant "];

/// What stands between `IDENTIFIED` and a password, or between a plugin's name and one.
const BEFORE: [&[u8]; 5] = [b"by password ", b"by values ", b"by ", b"as ", b"using "];

/// The password behind `IDENTIFIED BY`, or behind `IDENTIFIED WITH plugin BY`, `AS` or `USING`, and that behind `REPLACE`.
pub(super) fn identified(text: &Text<'_>, hint: &Range<usize>) -> Option<Secret> {
    let start = hint.start.checked_sub(memchr::memmem::find(b"identified ", &text.folded[hint.clone()])?)?;
    (text.has(start, b"identified ") && text.is_word_start(start) && is_sql(text, start)).then_some(())?;
    let mut at = text.skip_spaces(start + 11);
    if text.has(at, b"with ") || text.has(at, b"via ") {
        at = text.skip_spaces(text.skip(at, |byte| byte.is_ascii_alphabetic()));
        let quote = Quote::at(text, at).map(|quote| Quote::at(text, quote.content_end(text)).map_or(at, |end| end.end));
        at = text.skip_spaces(quote.unwrap_or_else(|| word_end(text, at, 0)));
    }
    let before = BEFORE.into_iter().find(|before| text.has(at, before))?;
    let at = text.skip_spaces(at + before.len());
    // What is in brackets there, `pair` finds.
    (!text.has(at, b"password(")).then_some(())?;
    match Quote::at(text, at) {
        Some(quote) => (!quote.closes(text)).then(|| Secret::plain(quote.end..with_old(text, quote))),
        None => Some(Secret::plain(at..word_end(text, at, 0))).filter(|secret| !secret.span.is_empty()),
    }
}

/// Whether it is in capitals, or a statement is before it, and not a sentence.
fn is_sql(text: &Text<'_>, start: usize) -> bool {
    let before = &text.folded[start.saturating_sub(REACH)..start];
    let is_statement = || STATEMENTS.iter().any(|word| memchr::memmem::find(before, word).is_some());
    text.bytes[start].is_ascii_uppercase() || is_statement()
}

/// Where the string that `quote` opens ends, or the one of the old password behind it.
fn with_old(text: &Text<'_>, quote: Quote) -> usize {
    let end = quote.content_end(text);
    let old = Quote::at(text, end).and_then(|close| {
        let at = text.skip_spaces(close.end);
        let old = text.has(at, b"replace ").then(|| text.skip_spaces(at + 8))?;
        Quote::at(text, old).filter(|old| old.is_like(quote))
    });
    old.map_or(end, |old| old.content_end(text))
}
