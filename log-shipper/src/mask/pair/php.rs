//! Strings as PHP shows them, behind their length: `string(7) "hunter2"`, `s:7:"hunter2"`.

use std::ops::Range;

use crate::mask::quote::Quote;
use crate::mask::text::Text;

/// The string behind the sign `=>` that ends at `at`, on this line or on the next one.
pub(super) fn dumped(text: &Text<'_>, at: usize) -> Option<Range<usize>> {
    let at = text.new_line(at).map_or(at, |line| text.skip_spaces(line));
    string(text, text.has(at, b"string(").then_some(at + 7)?, b") ", |open| !open.closes(text))
}

/// The string behind one that `close` closes.
pub(super) fn serialized(text: &Text<'_>, close: Quote) -> Option<Range<usize>> {
    string(text, text.has(close.end, b";s:").then_some(close.end + 3)?, b":", |open| open.is_like(close))
}

/// The content of the string whose length is at `at`.
fn string(text: &Text<'_>, at: usize, behind: &[u8], opens: impl Fn(Quote) -> bool) -> Option<Range<usize>> {
    let digits = text.skip(at, |byte| byte.is_ascii_digit());
    let open =
        Quote::at(text, text.has(digits, behind).then_some(digits + behind.len())?).filter(|open| opens(*open))?;
    // A quote inside is not escaped.
    let length = str::from_utf8(&text.bytes[at..digits]).ok()?.parse().ok();
    let end = length.and_then(|length: usize| open.end.checked_add(length));
    let end = end.filter(|end| Quote::at(text, *end).is_some_and(|close| close.start == *end && close.is_like(open)));
    Some(open.end..end.unwrap_or_else(|| open.content_end(text)))
}
