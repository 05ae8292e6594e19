//! Where a JSON string ends.

/// How many bytes of `text`, which begins after a quote, are before the closing quote. None if there is none, or if the
/// string holds a control character, which JSON has only escaped.
pub(super) fn length(text: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        at += text.get(at..)?.iter().position(|byte| matches!(byte, b'"' | b'\\' | ..b' '))?;
        match text[at] {
            b'"' => return Some(at),
            b'\\' => at += 2,
            _ => return None,
        }
    }
}

/// Whether all of `text` is plainly inside one string: each quote has one or three backslashes before it (JSON, or JSON in
/// JSON), and there is no control character. A quote after more of them may be inside as well; that is for [`length`] to
/// say. The first [`CONTEXT`] bytes are what comes before the string.
pub(super) fn is_plain(text: &[u8]) -> bool {
    // No branch and no way out of the loop: that becomes vector instructions, 16 bytes at a time.
    let is = |byte: u8, wanted: u8| u8::from(byte == wanted);
    let is_not = |byte: u8, other: u8| u8::from(byte != other);
    let strange = text.array_windows().fold(0, |strange, &[fourth, third, second, first, byte]: &[u8; CONTEXT + 1]| {
        let three = is(third, b'\\') & is_not(fourth, b'\\');
        let bare = is_not(first, b'\\') | is(second, b'\\') & (1 ^ three);
        strange | is(byte, b'"') & bare | u8::from(byte < b' ')
    });
    strange == 0 && !ends_in_backslash(text)
}

/// Bytes before a quote that tell whether it is escaped.
pub(super) const CONTEXT: usize = 4;

/// Whether an escape begins at the last byte of `text`.
pub(super) fn ends_in_backslash(text: &[u8]) -> bool {
    text.iter().rev().take_while(|byte| **byte == b'\\').count() % 2 == 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_string_ends_at_the_first_quote_that_is_not_escaped() {
        assert_eq!(length(br#"abc","x":1"#), Some(3));
        assert_eq!(length(br#"a\"b\\","x":1"#), Some(6));
        assert_eq!(length(br#"""#), Some(0));
    }

    #[test]
    fn a_string_without_an_end_or_with_a_bare_control_character_is_none() {
        for text in [&b"abc"[..], b"abc\\\"", b"abc\\", b"", b"a\0b\"", b"a\nb\""] {
            assert_eq!(length(text), None, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_plain_is_one_string(text in r#"([ab\x00]|\\{0,5}"|\\){0,12}"#) {
            let quoted = format!("{text}\"");
            if is_plain(format!("g\":\"{text}").as_bytes()) {
                prop_assert_eq!(length(quoted.as_bytes()), Some(text.len()));
            }
        }

        #[test]
        fn json_in_json_is_plain(text in r#"([a-d]|\\"|\\n|x\\\\\\"){0,40}"#) {
            let text = format!("g\":\"{text}");
            prop_assert!(is_plain(text.as_bytes()));
        }
    }
}
