//! Values of `Authorization` and `Cookie` headers that are in no quotes.

use super::sentence::{is_prose, is_told};
use super::text::Text;
use super::value::{is_one_of, line_end, word_end};

/// Schemes behind which one word follows.
const SCHEMES: &str = "\
    basic bearer token apikey negotiate ntlm dpop privatetoken key";

/// Where credentials end, or where they would begin if there is nothing to hide: one word behind a scheme that is known, or else the line.
pub(super) fn authorization_end(text: &Text<'_>, start: usize) -> usize {
    let scheme = word_end(text, start, 0);
    if is_prose(text, start, scheme) || is_told(text, start, scheme) || text.is_hidden(start, scheme) {
        return start;
    }
    if is_one_of(SCHEMES, text, start, scheme) {
        let credentials = text.skip_gap(scheme);
        let end = word_end(text, credentials, 0);
        return if text.is_hidden(credentials, end) { start } else { end };
    }
    line_end(text, start)
}

/// The same for cookies: behind `:` with the line, behind `=` with the last pair.
pub(super) fn cookie_end(text: &Text<'_>, start: usize, is_header: bool) -> usize {
    let mut end = word_end(text, start, 0);
    if is_prose(text, start, end) || text.is_hidden(start, end) {
        return start;
    }
    if is_header {
        return line_end(text, start);
    }
    while text.get(end) == Some(b';') {
        end = word_end(text, text.skip_spaces(end + 1), 0);
    }
    end
}
