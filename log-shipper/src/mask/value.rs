//! Where a value without quotes ends.

use super::key::has_word;
use super::quote::Quote;
use super::text::Text;

/// Values that tell nothing.
const NOTHING: &str = "\
    true false null none nil undefined";

/// A number with more digits may be a secret.
const COUNT_DIGITS_MAX: usize = 5;

/// A name behind a value has no more bytes.
const NAME_MAX: usize = 64;

/// More closing brackets than this belong to the value.
const CLOSERS_MAX: usize = 8;

/// The value's last byte in a query is before one of these characters, when its key is percent-encoded.
const CODED_ENDS: &[u8] = b" &;,\"'<#}]\n\r\t";

/// Where the word at `start` ends. `coded`: so many times its key's sign was percent-encoded; an `&` that was encoded as
/// often ends it too.
pub(super) fn word_end(text: &Text<'_>, start: usize, coded: u8) -> usize {
    without_closers(text, start, word_stop(text, start, coded))
}

/// The same with brackets and commas that are not of the word.
pub(super) fn word_stop(text: &Text<'_>, start: usize, coded: u8) -> usize {
    let mut at = start;
    while let Some(byte) = text.get(at) {
        let ends = match byte {
            b'"' | b'`' | 0..=b' ' => true,
            b'&' | b';' => at == start || coded > 0 || separates(text, at),
            b'\'' => text.get(at + 1).is_none_or(|next| !next.is_ascii_alphanumeric()),
            b'<' => text.get(at + 1) == Some(b'/'),
            b'%' => match coded {
                0 => false,
                _ => text.coded(at, coded).is_some_and(|byte| CODED_ENDS.contains(&byte)),
            },
            b'\\' => match escaped(text, at) {
                Escaped::End => true,
                Escaped::Part(next) => {
                    at = next;
                    continue;
                }
            },
            _ => false,
        };
        if ends {
            break;
        }
        at += 1;
    }
    at
}

/// Whether the `&` or `;` at `at` ends a value: what is behind it is a name and a sign, an entity, or no letter.
fn separates(text: &Text<'_>, at: usize) -> bool {
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.%[] ".contains(&byte);
    let name = text.bytes[at + 1..].iter().take(NAME_MAX).take_while(|byte| is_name(**byte)).count();
    let sign = text.get(at + 1 + name);
    let is_entity = text.bytes[at] == b'&' && sign == Some(b';');
    let begins = text.get(at + 1).is_some_and(|byte| byte.is_ascii_alphanumeric());
    !begins || is_entity || sign.is_some_and(|sign| b"=:".contains(&sign))
}

/// Without what belongs to the sentence or the list around: a bracket that has no partner inside, a comma.
fn without_closers(text: &Text<'_>, start: usize, mut end: usize) -> usize {
    for _ in 0..CLOSERS_MAX {
        let word = &text.bytes[start..end];
        let opener = match word.last() {
            Some(b')') => b'(',
            Some(b']') => b'[',
            Some(b'}') => b'{',
            Some(b'>') => b'<',
            Some(b',' | b'.' | b':' | b'\'') => 0,
            _ => break,
        };
        let count = |bracket| memchr::memchr_iter(bracket, word).count();
        if opener != 0 && count(opener) >= word.last().map_or(0, |closer| count(*closer)) {
            break;
        }
        end -= 1;
    }
    end
}

#[derive(Clone, Copy, Debug)]
enum Escaped {
    End,
    Part(usize),
}

/// What the backslashes at `at` mean: a quote ends a value, and in JSON so do white space and what JSON libraries escape
/// although they need not (`&`, `<`, `=`).
fn escaped(text: &Text<'_>, at: usize) -> Escaped {
    let next = at + text.run(at);
    if Quote::at(text, at).is_some() {
        return Escaped::End;
    }
    match text.get(next) {
        Some(b'n' | b'r' | b't') if text.json => Escaped::End,
        Some(b'u') if text.json => match text.unicode(at) {
            Some((byte, _)) if byte < b' ' || CODED_ENDS.contains(&byte) => Escaped::End,
            _ => Escaped::Part(next + 1),
        },
        Some(_) => Escaped::Part(next + 1),
        None => Escaped::Part(next),
    }
}

/// Where the line at `start` ends, or the string that it is in. A quote behind `=` begins a parameter.
pub(super) fn line_end(text: &Text<'_>, start: usize) -> usize {
    let mut at = start;
    while let Some(byte) = text.get(at) {
        if text.line_break(at).is_some_and(|_| byte != b'\\' || text.json) {
            break;
        }
        match Quote::at(text, at) {
            Some(quote) if text.before(at) == Some(b'=') && !quote.closes(text) => {
                let end = quote.content_end(text);
                at = Quote::at(text, end).filter(|close| close.is_like(quote)).map_or(end, |close| close.end);
            }
            Some(quote)
                if quote.is_double() || text.get(quote.end).is_none_or(|next| !next.is_ascii_alphanumeric()) =>
            {
                break;
            }
            Some(quote) => at = quote.end,
            None if byte == b'\\' => at += text.run(at) + 1,
            None => at += 1,
        }
    }
    let end = at.min(text.bytes.len());
    start + text.bytes[start..end].trim_ascii_end().len()
}

/// Where the array or object at `start` ends, at the end of the string around it at the latest. `quote` is that of its
/// strings.
pub(super) fn composite_end(text: &Text<'_>, start: usize, quote: Option<Quote>) -> usize {
    let (mut at, mut depth) = (start, 0_u32);
    while let Some(byte) = text.get(at) {
        match byte {
            b'[' | b'{' => depth += 1,
            b']' | b'}' if depth == 1 => return at + 1,
            b']' | b'}' => depth -= 1,
            b'"' | b'\\' | b'\'' => match Quote::at(text, at) {
                Some(inner) if quote.is_some_and(|quote| quote.is_like(inner)) => {
                    let end = inner.content_end(text);
                    let close = Quote::at(text, end).filter(|close| close.is_like(inner));
                    let Some(close) = close else { return end };
                    at = close.end;
                    continue;
                }
                Some(inner) if inner.is_double() && (text.json || quote.is_some()) => return at,
                _ if byte == b'\\' => at += text.run(at),
                _ => {}
            },
            _ => {}
        }
        at += 1;
    }
    text.bytes.len()
}

/// Whether the value is a word that is no secret.
pub(super) fn is_nothing(text: &Text<'_>, start: usize, end: usize) -> bool {
    is_one_of(NOTHING, text, start, end)
}

/// Whether the value is a number of things.
pub(super) fn is_count(text: &Text<'_>, start: usize, end: usize) -> bool {
    end - start <= COUNT_DIGITS_MAX && text.bytes[start..end].iter().all(u8::is_ascii_digit)
}

/// Whether a part of the text is one of `words`.
pub(super) fn is_one_of(words: &str, text: &Text<'_>, start: usize, end: usize) -> bool {
    has_word(words, &text.folded[start..end])
}
