//! Eight bytes of a text at once.

const ONES: u64 = 0x0101_0101_0101_0101;
const TOPS: u64 = ONES << 7;

/// The eight bytes at `at`, the first in the lowest place; behind the end there are zeros.
#[inline]
pub(super) fn word_at(text: &[u8], at: usize) -> u64 {
    match text.get(at..at + 8).and_then(<[u8]>::first_chunk) {
        Some(eight) => u64::from_le_bytes(*eight),
        None => last_word(text, at),
    }
}

#[cold]
fn last_word(text: &[u8], at: usize) -> u64 {
    text[at.min(text.len())..].iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte))
}

/// The top bit of each byte that is `byte`; of those behind the first hit, it may be wrong.
#[inline]
pub(super) const fn equal(word: u64, byte: u8) -> u64 {
    let difference = word ^ (ONES * byte as u64);
    difference.wrapping_sub(ONES) & !difference & TOPS
}

/// The same for each byte that means something inside a JSON string: a quote, a backslash, a control character.
#[inline]
pub(super) const fn special(word: u64) -> u64 {
    let control = word.wrapping_sub(ONES * b' ' as u64) & !word & TOPS;
    equal(word, b'"') | equal(word, b'\\') | control
}

/// How many bytes are before the first hit.
#[inline]
pub(super) const fn before(hits: u64) -> usize {
    hits.trailing_zeros() as usize / 8
}

/// Where the next special byte is, at `at` or behind it; the end of the text if there is none.
#[inline]
pub(super) fn next_special(text: &[u8], mut at: usize) -> usize {
    loop {
        // The zeros behind the end are control characters, so this ends.
        match special(word_at(text, at)) {
            0 => at += 8,
            hits => return at + before(hits),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_special_byte_is_found_at_every_place() {
        for special in (0..32).chain([b'"', b'\\']) {
            for length in 0..40 {
                let mut text = vec![0x80; length];
                text.push(special);
                text.extend(b"\"plain");
                assert_eq!(next_special(&text, 0), length);
                assert_eq!(next_special(&text[..length], 0), length);
            }
        }
        for plain in (32..=255).filter(|byte| !matches!(byte, b'"' | b'\\')) {
            assert_eq!(next_special(&[plain; 21], 0), 21, "{plain}");
        }
    }
}
