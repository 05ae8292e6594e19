//! Sentences, which look like a key and its value: `session: closed by peer`.

use super::text::Text;
use super::value::is_one_of;

/// Words with which a sentence goes on behind `password:`, rather than a secret.
const PROSE: &str = "\
    a accepted an and are at bad be by can cannot changed closed could created deleted denied did do does empty \
    ended enter error expected expired expires failed fails failure for found from granted had has have in incorrect \
    invalid is issued it may mismatch missing must need needs no not of ok on opened optional or please refreshed \
    rejected removed require required requires reset revoked set should started succeeded success successful that the \
    this to too unauthorized unchanged unexpected unknown updated verified was were with wrong yes you your";

/// Words that are the second of a sentence, and not of credentials.
const SECOND: &str = "\
    a and as at by for from has in is of on the to was with";

/// A number with no more digits is no password, if a word is behind it.
const NUMBER_MAX: usize = 3;

/// A word of a sentence has no more letters.
const WORD_MAX: usize = 16;

/// Whether the value is a word with which a sentence goes on.
pub(super) fn is_prose(text: &Text<'_>, start: usize, end: usize) -> bool {
    is_one_of(PROSE, text, start, end)
}

/// Whether the value, which has a space before it, and what follows are a sentence. `may_be_words`: a password may be
/// some, a token is none.
pub(super) fn is_sentence(text: &Text<'_>, start: usize, end: usize, may_be_words: bool) -> bool {
    let is_number = end - start <= NUMBER_MAX && text.bytes[start..end].iter().all(u8::is_ascii_digit);
    let is_first = is_number || (!may_be_words && is_word(text, start, end));
    is_prose(text, start, end) || (is_first && next_word(text, end).is_some())
}

/// Whether `authorization: ` is of a sentence: `granted to ada`.
pub(super) fn is_told(text: &Text<'_>, start: usize, end: usize) -> bool {
    let next = next_word(text, end);
    is_word(text, start, end) && next.is_some_and(|(start, end)| is_one_of(SECOND, text, start, end))
}

/// Where the words end of which the first one, a password, ends at `end`: `correct horse battery staple`.
pub(super) fn words_end(text: &Text<'_>, start: usize, end: usize) -> usize {
    let is_first = is_word(text, start, end);
    let mut end = end;
    while let Some((_, next)) = next_word(text, end).filter(|_| is_first) {
        end = next;
    }
    end
}

/// A word in small letters behind a single space, which is no key.
fn next_word(text: &Text<'_>, at: usize) -> Option<(usize, usize)> {
    let start = (text.get(at)? == b' ').then_some(at + 1)?;
    let end = text.skip(start, |byte| byte.is_ascii_lowercase());
    let is_key = text.get(end).is_some_and(|byte| byte.is_ascii_alphanumeric() || b"=:_-".contains(&byte));
    (end > start && !is_key).then_some((start, end))
}

fn is_word(text: &Text<'_>, start: usize, end: usize) -> bool {
    end > start && end - start <= WORD_MAX && text.bytes[start..end].iter().all(u8::is_ascii_lowercase)
}
