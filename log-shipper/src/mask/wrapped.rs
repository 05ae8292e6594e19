//! Values of programs' texts that have something before their quote: `Some("…")`, `f"…"`, `('ada', '…')`.

use super::quote::Quote;
use super::text::Text;
use super::value::word_stop;

/// The partner of a bracket is looked for in so many bytes.
const REACH: usize = 1_024;

/// What Python, Rust and SQL have before a quote has no more letters.
const PREFIX_MAX: usize = 2;

/// Where the value at `start` ends, if a quote or a bracket opens in its first word. `key` is the quote of its key.
pub(super) fn wrapped_end(text: &Text<'_>, start: usize, key: Option<Quote>) -> Option<usize> {
    let stop = word_stop(text, start, 0);
    let word = &text.bytes[start..stop];
    let count = |bracket| memchr::memchr_iter(bracket, word).count();
    if let Some(open) = memchr::memchr(b'(', word).filter(|_| count(b'(') > count(b')')) {
        return partner_end(text, start + open, key);
    }
    let prefix = text.skip(start, |byte| b"bBeEfFnNrRuU".contains(&byte));
    let at = if (1..=PREFIX_MAX).contains(&(prefix - start)) && prefix <= stop { prefix } else { stop };
    let quote = Quote::at(text, at).filter(|quote| at > start && quote.start == at)?;
    let opens = (at == prefix || quote.is_double()) && quote.opens(text, key);
    opens.then(|| string_end(text, quote).unwrap_or_else(|end| end))
}

/// Where the bracket at `open` is closed, or the string in it ends that nothing closes.
fn partner_end(text: &Text<'_>, open: usize, key: Option<Quote>) -> Option<usize> {
    let (mut at, mut depth) = (open, 0_usize);
    while let Some(byte) = text.get(at).filter(|_| at < open + REACH) {
        match byte {
            b'(' => depth += 1,
            b')' if depth == 1 => return Some(at + 1),
            b')' => depth -= 1,
            b'"' | b'\'' | b'`' | b'\\' => {
                at = match Quote::at(text, at) {
                    Some(quote) if is_string(text, quote, key) => match string_end(text, quote) {
                        Ok(end) if end < open + REACH => end,
                        // So long a string is not read again for the next key.
                        Ok(end) | Err(end) => return Some(end),
                    },
                    Some(quote) if quote.is_double() => return None,
                    Some(quote) => quote.end,
                    None => at + text.run(at).max(1),
                };
                continue;
            }
            _ => {}
        }
        at += 1;
    }
    None
}

/// Whether a string begins at `quote`, and not an `it's`.
fn is_string(text: &Text<'_>, quote: Quote, key: Option<Quote>) -> bool {
    let is_inside = text.before(quote.start).is_some_and(|byte| byte.is_ascii_alphanumeric());
    quote.opens(text, key) && (quote.is_double() || !is_inside)
}

/// Behind the quote that closes the string at `open`; where its text ends, if there is none.
fn string_end(text: &Text<'_>, open: Quote) -> Result<usize, usize> {
    let end = open.content_end(text);
    Quote::at(text, end).filter(|close| close.is_like(open)).map(|close| close.end).ok_or(end)
}
