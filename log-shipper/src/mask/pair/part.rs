//! Parts of `multipart/form-data` whose name says that they are secret.

use crate::mask::Secret;
use crate::mask::key::Key;
use crate::mask::quote::Quote;
use crate::mask::text::Text;

/// A part has no more lines in its head.
const LINES_MAX: usize = 8;

/// The content of the part whose name is the key.
pub(super) fn secret(text: &Text<'_>, key: &Key, quote: Quote) -> Option<Secret> {
    let start = content(text, key, quote)?;
    Some(Secret::plain(start..line_end(text, start, quote)))
}

fn content(text: &Text<'_>, key: &Key, quote: Quote) -> Option<usize> {
    let open = key.start.checked_sub(quote.end - quote.start)?;
    text.folded[..open].ends_with(b"name=").then_some(())?;
    let mut at = text.new_line(quote.end)?;
    for _ in 0..LINES_MAX {
        if let Some(start) = text.new_line(at) {
            return Some(start);
        }
        at = text.new_line(line_end(text, at, quote))?;
    }
    None
}

/// Where a line of a part ends whose name is in a quote like `name`: with the string around all parts at the latest.
fn line_end(text: &Text<'_>, start: usize, name: Quote) -> usize {
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
