//! Text inside a JSON string that stays on its line, whatever it holds.

/// Appends `text`, escaped for a JSON string (RFC 8259, section 7).
///
/// Besides what JSON demands, everything is written as `\uXXXX` that could end a line, steer a terminal or turn the text
/// around it: C0, DEL and C1 controls, U+2028 and U+2029, and the invisible and directional format characters.
pub fn escape(out: &mut Vec<u8>, text: &str) {
    let mut rest = text;
    loop {
        let (run, tail) = rest.split_at(plain_run(rest.as_bytes()));
        out.extend_from_slice(run.as_bytes());
        let mut chars = tail.chars();
        let Some(c) = chars.next() else { return };
        escape_char(out, c);
        rest = chars.as_str();
    }
}

/// How many bytes at the start of `text` stand for themselves.
fn plain_run(text: &[u8]) -> usize {
    // Sixteen bytes without a branch are one vector instruction for each comparison.
    let strange = |block: &[u8; 16]| block.iter().fold(false, |strange, byte| strange | !is_plain(*byte));
    let blocks = text.as_chunks().0.iter().take_while(|block| !strange(block)).count() * 16;
    let rest = text[blocks..].iter();
    blocks + rest.take_while(|byte| is_plain(**byte)).count()
}

/// Printable ASCII but the quote and the backslash.
fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && !matches!(byte, b'"' | b'\\')
}

/// Like [`escape`], but cuts at the last whole character after which `out` has at most `limit` bytes. True if all fits.
pub fn escape_within(out: &mut Vec<u8>, text: &str, limit: usize) -> bool {
    // No character's escape is longer than six times its bytes.
    if out.len() + text.len() * 6 <= limit {
        escape(out, text);
        return true;
    }
    for c in text.chars() {
        let before = out.len();
        escape_char(out, c);
        if out.len() > limit {
            out.truncate(before);
            return false;
        }
    }
    true
}

fn escape_char(out: &mut Vec<u8>, c: char) {
    match c {
        '"' => out.extend_from_slice(b"\\\""),
        '\\' => out.extend_from_slice(b"\\\\"),
        '\n' => out.extend_from_slice(b"\\n"),
        '\r' => out.extend_from_slice(b"\\r"),
        '\t' => out.extend_from_slice(b"\\t"),
        c if unprintable(c) => c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| escape_unit(out, *unit)),
        c => out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
    }
}

fn escape_unit(out: &mut Vec<u8>, unit: u16) {
    out.extend_from_slice(b"\\u");
    for shift in [12, 8, 4, 0] {
        out.push(b"0123456789abcdef"[usize::from(unit >> shift & 15)]);
    }
}

fn unprintable(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{fdd0}'..='\u{fdef}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{fffe}'
            | '\u{ffff}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn escaped(text: &str) -> String {
        let mut out = Vec::new();
        escape(&mut out, text);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn what_could_leave_the_line_is_escaped() {
        assert_eq!(escaped("a\"b\\c\r\n\t"), "a\\\"b\\\\c\\r\\n\\t");
        assert_eq!(escaped("\0\u{1b}[31m\u{7f}\u{85}"), "\\u0000\\u001b[31m\\u007f\\u0085");
        assert_eq!(escaped("\u{2028}\u{202e}\u{feff}\u{e0041}"), "\\u2028\\u202e\\ufeff\\udb40\\udc41");
        assert_eq!(escaped("Zoë 名前 🎉"), "Zoë 名前 🎉");
    }

    #[test]
    fn every_character_survives_a_json_reader() {
        let all: String = ('\0'..=char::MAX).collect();
        assert_eq!(serde_json::from_str::<String>(&format!("\"{}\"", escaped(&all))).unwrap(), all);
    }

    #[test]
    fn a_cut_is_made_between_characters() {
        for limit in 0..12 {
            let mut out = Vec::new();
            let whole = escape_within(&mut out, "ë\u{1}ab", limit);
            let text = String::from_utf8(out).unwrap();
            assert!(text.len() <= limit && "ë\\u0001ab".starts_with(&text));
            assert_eq!(whole, text == "ë\\u0001ab", "{limit}");
            assert!(serde_json::from_str::<String>(&format!("\"{text}\"")).is_ok());
        }
    }
}
