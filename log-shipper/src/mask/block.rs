//! YAML's marks before a value: of a block that begins on the next line, of a type.

use std::ops::Range;

use super::text::Text;
use super::value::{line_end, word_end};

/// The mark of a block has no more characters: `|`, `>-`, `|2+`.
const MARK_MAX: usize = 3;

/// Behind the mark of a block at `at`, and the spaces there.
pub(super) fn mark_end(text: &Text<'_>, at: usize) -> Option<usize> {
    (text.has(at, b"|") || text.has(at, b">")).then_some(())?;
    let end = text.skip(at + 1, |byte| byte.is_ascii_digit() || b"+-".contains(&byte));
    let behind = text.skip_spaces(end);
    let is_mark = end - at <= MARK_MAX && (behind > end || end == text.bytes.len() || text.line_break(end).is_some());
    is_mark.then_some(behind)
}

/// The lines of a block, of which the first begins at `start`, without what indents it.
pub(super) fn lines(text: &Text<'_>, start: usize) -> Option<Range<usize>> {
    let first = text.skip_spaces(start);
    let mut end = line_end(text, first);
    while let Some(line) =
        text.new_line(end).filter(|line| first > start && text.skip_spaces(*line) - line >= first - start)
    {
        end = line_end(text, line).max(line);
    }
    (first > start).then_some(first..end)
}

/// Where a word ends, with the one behind it if it is `!type` or `&anchor`.
pub(super) fn node_end(text: &Text<'_>, start: usize) -> usize {
    let is_mark = text.get(start).is_some_and(|byte| b"!&".contains(&byte));
    let end = word_end(text, start + usize::from(is_mark), 0);
    let next = text.skip_spaces(end);
    let goes_on = is_mark && next > end && text.get(next) != Some(b'#');
    if goes_on { word_end(text, next, 0).max(end) } else { end }
}
