//! Text written as a JSON string.

use super::word::next_special;

/// Appends `text` as a JSON string, with its quotes.
pub(super) fn string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    inside(out, text.as_bytes());
    out.push(b'"');
}

/// The same for bytes that need not be UTF-8: what is not becomes U+FFFD. True if all was.
pub(super) fn lossy_string(out: &mut Vec<u8>, text: &[u8]) -> bool {
    let mut whole = true;
    out.push(b'"');
    for chunk in text.utf8_chunks() {
        inside(out, chunk.valid().as_bytes());
        if !chunk.invalid().is_empty() {
            whole = false;
            out.extend_from_slice("\u{fffd}".as_bytes());
        }
    }
    out.push(b'"');
    whole
}

fn inside(out: &mut Vec<u8>, text: &[u8]) {
    let mut done = 0;
    loop {
        let special = next_special(text, done);
        out.extend_from_slice(&text[done..special]);
        let Some(byte) = text.get(special) else { return };
        escape(out, *byte);
        done = special + 1;
    }
}

fn escape(out: &mut Vec<u8>, byte: u8) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let short = match byte {
        b'"' | b'\\' => byte,
        b'\n' => b'n',
        b'\r' => b'r',
        b'\t' => b't',
        _ => {
            let digits = [HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]];
            out.extend_from_slice(b"\\u00");
            return out.extend_from_slice(&digits);
        }
    };
    out.extend_from_slice(&[b'\\', short]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_string_is_read_back_as_it_was(text in any::<String>()) {
            let mut out = Vec::new();
            string(&mut out, &text);
            prop_assert_eq!(serde_json::from_slice::<String>(&out).unwrap(), text);
        }

        #[test]
        fn bytes_are_read_back_with_replacements(text in any::<Vec<u8>>()) {
            let mut out = Vec::new();
            let whole = lossy_string(&mut out, &text);
            prop_assert_eq!(serde_json::from_slice::<String>(&out).unwrap(), String::from_utf8_lossy(&text));
            prop_assert_eq!(whole, str::from_utf8(&text).is_ok());
        }
    }
}
