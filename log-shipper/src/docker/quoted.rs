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

/// Whether all of `text` is plainly inside one string: each quote has one backslash before it, and there is no control
/// character. A quote after several backslashes may be inside as well; that is for [`length`] to say.
pub(super) fn is_plain(text: &[u8]) -> bool {
    let [first, second, ..] = *text else { return !text.iter().any(|byte| matches!(byte, b'"' | b'\\' | ..b' ')) };
    if first < b' ' || second < b' ' || first == b'"' || (second == b'"' && first != b'\\') {
        return false;
    }
    // Three shifted views and no way out of the loop: that becomes vector instructions, 16 bytes at a time.
    let views = text.iter().zip(&text[1..]).zip(&text[2..]);
    let strange = views.fold(0, |strange, ((&before, &escape), &byte)| {
        let bare = u8::from(byte == b'"') & (u8::from(escape != b'\\') | u8::from(before == b'\\'));
        strange | bare | u8::from(byte < b' ')
    });
    strange == 0 && !ends_in_backslash(text)
}

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
        fn what_is_plain_is_one_string(text in r#"[ab"\\\x00]{0,12}"#) {
            let quoted = format!("{text}\"");
            if is_plain(text.as_bytes()) {
                prop_assert_eq!(length(quoted.as_bytes()), Some(text.len()));
            }
        }

        #[test]
        fn what_has_single_escapes_is_plain(text in r#"([a-d]|\\"|\\n){0,40}"#) {
            prop_assert!(is_plain(text.as_bytes()));
        }
    }
}
