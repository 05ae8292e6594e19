//! The ways to write a text down. Case does not matter here: the search ignores it.

use std::fmt::{Display, Write};

use sha2::{Digest, Sha256};

/// Each form with its name.
pub(super) fn of(text: &str) -> impl Iterator<Item = (&'static str, Vec<u8>)> {
    let percent = |special| percent(text, special);
    let twice = |special| percent(special).replace('%', "%25");
    let written = [
        ("as it is", text.to_owned()),
        ("percent", percent(false)),
        ("percent, the special ones", percent(true)),
        ("as a form", percent(true).replace("%20", "+")),
        ("percent twice", twice(false)),
        ("percent twice, the special ones", twice(true)),
        ("hexadecimal", each(text.bytes(), |byte| format!("{byte:02x}"))),
        ("decimal", each(text.bytes(), |byte| format!("{byte}, ")).trim_end_matches(", ").to_owned()),
        ("backslash x", each(text.bytes(), |byte| format!("\\x{byte:02x}"))),
        ("JSON", text.replace('\\', "\\\\").replace('"', "\\\"")),
        ("JSON, all", each(text.encode_utf16(), |unit| format!("\\u{unit:04x}"))),
        ("HTML", html(text, |c| named(c).map_or_else(|| format!("&#{};", u32::from(c)), str::to_owned))),
        ("HTML, numbers", html(text, |c| format!("&#{};", u32::from(c)))),
        ("HTML, all", each(text.chars(), |c| format!("&#{};", u32::from(c)))),
        ("SHA-256", sha256(text)),
        ("SHA-256, with what it is", sha256(&format!("account {text}"))),
        ("HTML, all in hexadecimal", each(text.chars(), |c| format!("&#x{:x};", u32::from(c)))),
    ];
    let base64 = (0..3).flat_map(|before| base64(text.as_bytes(), before)).map(|digits| ("Base64", digits));
    let utf16 = [
        ("UTF-16, little end first", text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        ("UTF-16, big end first", text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
    ];
    let written = written.into_iter().map(|(name, text)| (name, text.into_bytes()));
    written.chain(base64.collect::<Vec<_>>()).chain(utf16)
}

/// Without a key, whoever reads it can test guesses.
fn sha256(text: &str) -> String {
    each(Sha256::digest(text).iter(), |byte| format!("{byte:02x}"))
}

fn each<T, D: Display>(items: impl Iterator<Item = T>, write: impl Fn(T) -> D) -> String {
    items.fold(String::new(), |mut text, item| {
        write!(text, "{}", write(item)).expect("a string can be written to");
        text
    })
}

/// `%XX` for each byte, or for those alone that RFC 3986 does not call unreserved.
#[must_use]
pub fn percent(text: &str, only_special: bool) -> String {
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    let write =
        |byte| if only_special && unreserved(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    each(text.bytes(), write)
}

fn html(text: &str, entity: impl Fn(char) -> String) -> String {
    each(text.chars(), |c| if "&\"<>'".contains(c) { entity(c) } else { c.to_string() })
}

fn named(c: char) -> Option<&'static str> {
    [('&', "&amp;"), ('"', "&quot;"), ('<', "&lt;"), ('>', "&gt;")]
        .into_iter()
        .find(|(plain, _)| *plain == c)
        .map(|(_, e)| e)
}

/// In both alphabets of RFC 4648, after so many other bytes, without the digits that neighbours take part in.
fn base64(text: &[u8], before: usize) -> [Vec<u8>; 2] {
    [b"+/", b"-_"].map(|last| {
        let digits = base64_digits(&[&vec![0; before], text].concat(), last);
        let whole = (before + text.len()) * 8 / 6;
        digits[(before * 8).div_ceil(6)..whole].to_vec()
    })
}

/// Base64 (RFC 4648) without padding; `last` has the digits 62 and 63.
#[must_use]
pub fn base64_digits(bytes: &[u8], last: &[u8; 2]) -> Vec<u8> {
    let alphabet: Vec<u8> = (b'A'..=b'Z').chain(b'a'..=b'z').chain(b'0'..=b'9').chain(*last).collect();
    let digits = |three: &[u8]| {
        let bits = three.iter().fold(0_usize, |bits, byte| bits << 8 | usize::from(*byte)) << (8 * (3 - three.len()));
        let digit = |place: usize| alphabet[bits >> (18 - 6 * place) & 63];
        (0..=three.len()).map(digit).collect::<Vec<_>>()
    };
    bytes.chunks(3).flat_map(digits).collect()
}
