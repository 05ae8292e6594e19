//! The printed bytes behind a JSON string.

use crate::line::Marks;

/// What stands for bytes that were no character.
const REPLACEMENT: &[u8] = "\u{fffd}".as_bytes();

/// Appends what `escaped`, the inside of a JSON string, stands for; always UTF-8.
///
/// Bytes that are not UTF-8, bad escapes and lone surrogates become U+FFFD, with [`Marks::INVALID_TEXT`]. So does the
/// escape `\ufffd`: Docker has put it there for such a byte (it writes a printed U+FFFD as it is).
pub fn unescape(escaped: &[u8], into: &mut Vec<u8>) -> Marks {
    into.reserve(escaped.len() + BLOCK);
    if std::str::from_utf8(escaped).is_ok() {
        return unescape_text(escaped, into);
    }
    let mut marks = Marks::INVALID_TEXT;
    for chunk in escaped.utf8_chunks() {
        marks.add(unescape_text(chunk.valid().as_bytes(), into));
        if !chunk.invalid().is_empty() {
            into.extend_from_slice(REPLACEMENT);
        }
    }
    marks
}

/// Bytes that are copied at once: in JSON inside JSON the next escape is not far.
const BLOCK: usize = 8;

fn unescape_text(mut rest: &[u8], into: &mut Vec<u8>) -> Marks {
    let mut marks = Marks::none();
    // Copying a whole block and taking back what is too much is faster than copying some bytes.
    while let Some((block, after)) = rest.split_first_chunk::<BLOCK>() {
        into.extend_from_slice(block);
        let run = plain_run(*block);
        if run == BLOCK {
            rest = after;
            continue;
        }
        into.truncate(into.len() - (BLOCK - run));
        rest = escape(&rest[run..], into, &mut marks);
    }
    while let Some(byte) = rest.first() {
        if *byte == b'\\' {
            rest = escape(rest, into, &mut marks);
        } else {
            into.push(*byte);
            rest = &rest[1..];
        }
    }
    marks
}

/// How many bytes are before the first backslash.
fn plain_run(block: [u8; BLOCK]) -> usize {
    const ONES: u64 = u64::MAX / 255;
    let word = u64::from_le_bytes(block) ^ (ONES * u64::from(b'\\'));
    // The lowest high bit set is that of the first byte that is zero (those above it may be wrong).
    let zeros = word.wrapping_sub(ONES) & !word & (ONES << 7);
    zeros.trailing_zeros() as usize / 8
}

/// Appends what the escape at the start of `rest` stands for, and returns what comes after it.
#[inline]
fn escape<'a>(rest: &'a [u8], into: &mut Vec<u8>, marks: &mut Marks) -> &'a [u8] {
    if let [_, code, after @ ..] = rest {
        let plain = PLAIN[usize::from(*code)];
        if plain != 0 {
            into.push(plain);
            return after;
        }
    }
    long_escape(rest, into, marks)
}

/// What the escapes of two characters stand for; 0 where there is none.
const PLAIN: [u8; 256] = {
    let mut plain = [0; 256];
    let pairs = *b"\"\"\\\\//b\x08f\x0cn\nr\rt\t";
    let mut at = 0;
    while at < pairs.len() {
        plain[pairs[at] as usize] = pairs[at + 1];
        at += 2;
    }
    plain
};

/// `\u` and four digits, two such for a character beyond the first 65,536, and all that is wrong.
#[inline(never)]
fn long_escape<'a>(rest: &'a [u8], into: &mut Vec<u8>, marks: &mut Marks) -> &'a [u8] {
    let (found, length) = match (unit(rest), rest.get(6..).and_then(unit)) {
        (Some(high @ 0xd800..0xdc00), Some(low @ 0xdc00..0xe000)) => {
            (char::from_u32(0x1_0000 + ((high - 0xd800) << 10) + (low - 0xdc00)), 12)
        }
        (Some(unit), _) => (char::from_u32(unit), 6),
        // The bytes after a bad escape stand for themselves.
        (None, _) => (None, 1),
    };
    let found = found.filter(|found| *found != char::REPLACEMENT_CHARACTER);
    if found.is_none() {
        marks.add(Marks::INVALID_TEXT);
    }
    let found = found.unwrap_or(char::REPLACEMENT_CHARACTER);
    into.extend_from_slice(found.encode_utf8(&mut [0; 4]).as_bytes());
    &rest[length..]
}

/// The UTF-16 unit of the escape at the start of `text`.
fn unit(text: &[u8]) -> Option<u32> {
    let digits: &[u8; 4] = text.strip_prefix(b"\\u")?.first_chunk()?;
    digits.iter().try_fold(0, |unit, digit| Some(unit << 4 | char::from(*digit).to_digit(16)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn unescaped(escaped: &[u8]) -> (String, Marks) {
        let mut text = b"before".to_vec();
        let marks = unescape(escaped, &mut text);
        let text = String::from_utf8(text).expect("it is always UTF-8");
        (text.strip_prefix("before").expect("what was there stays").to_owned(), marks)
    }

    #[test]
    fn every_escape_of_json_is_read() {
        let (text, marks) = unescaped(br#"\"\\\/\b\f\n\r\t\u0041\u00e9\u20ac\ud83c\udf89 \u2028\u003c"#);
        assert_eq!(text, "\"\\/\u{8}\u{c}\n\r\tAé€🎉 \u{2028}<");
        assert!(marks.is_empty());
    }

    #[test]
    fn escapes_may_follow_each_other_across_blocks() {
        for filler in 0..20 {
            let escaped = format!(r#"{0}\\\"\\\\\"{0}\u00e9\n{0}"#, "x".repeat(filler));
            let plain = format!("{0}\\\"\\\\\"{0}é\n{0}", "x".repeat(filler));
            assert_eq!(unescaped(escaped.as_bytes()), (plain, Marks::none()));
        }
    }

    #[test]
    fn what_is_no_character_is_replaced_and_marked() {
        let cases: [(&[u8], &str); 10] = [
            (br"a\ud83cb", "a\u{fffd}b"),
            (br"a\udf89\ud83c", "a\u{fffd}\u{fffd}"),
            (br"\ud83c\u0041", "\u{fffd}A"),
            (br"a\xb", "a\u{fffd}xb"),
            (br"a\u12", "a\u{fffd}u12"),
            (br"a\u+123", "a\u{fffd}u+123"),
            (br"a\", "a\u{fffd}"),
            (b"a\xffb\\n", "a\u{fffd}b\n"),
            (b"a\xf0\x9f\x8eb", "a\u{fffd}b"),
            (br"a\ufffdb", "a\u{fffd}b"),
        ];
        for (escaped, plain) in cases {
            assert_eq!(unescaped(escaped), (plain.to_owned(), Marks::INVALID_TEXT), "{}", escaped.escape_ascii());
        }
    }

    #[test]
    fn a_printed_replacement_character_is_nothing_to_mark() {
        assert_eq!(unescaped("a\u{fffd}b".as_bytes()), ("a\u{fffd}b".to_owned(), Marks::none()));
    }

    proptest! {
        #[test]
        fn what_serde_writes_is_read_back(text in any::<String>()) {
            let json = serde_json::to_string(&text).unwrap();
            let (read, marks) = unescaped(&json.as_bytes()[1..json.len() - 1]);
            prop_assert_eq!(read, text);
            prop_assert!(marks.is_empty());
        }

        #[test]
        fn any_bytes_become_text(escaped in proptest::collection::vec(prop_oneof![any::<u8>(), Just(b'\\'), Just(b'u'), Just(b'd')], 0..60)) {
            unescaped(&escaped);
        }
    }
}
