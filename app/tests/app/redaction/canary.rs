//! A secret in all the forms in which it could be written down.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// A number as long as a card's, for places that take numbers.
pub const NUMBER: &str = "9876543210123";

/// A secret.
pub struct Canary {
    pub plain: String,
    forms: Vec<String>,
}

impl Canary {
    pub fn new(plain: &str) -> Self {
        let mut forms = vec![plain.to_owned(), NUMBER.to_owned()];
        forms.extend([hex(plain.bytes()), percent(plain), unicode(plain), utf16(plain), hex_utf16(plain)]);
        forms.push(plain.chars().rev().collect());
        forms.push(serde_json::to_string(plain).unwrap().trim_matches('"').to_owned());
        forms.push(form_urlencoded::byte_serialize(plain.as_bytes()).collect());
        forms.extend(base64(plain.as_bytes()));
        forms.extend(base64(utf16(plain).as_bytes()));
        Self { plain: plain.to_owned(), forms }
    }

    /// The ways to write it.
    pub fn forms(&self) -> &[String] {
        &self.forms
    }

    /// Neither the text nor, where it is JSON, any string in it has one of the forms.
    pub fn assert_absent(&self, log: &[u8], place: &str) {
        let text = String::from_utf8(log.to_vec()).unwrap();
        let mut readings = vec![text.to_lowercase()];
        if let Ok(line) = serde_json::from_str(&text) {
            strings(&line, &mut readings);
        }
        for form in &self.forms {
            let hidden = !readings.iter().any(|reading| reading.contains(&form.to_lowercase()));
            assert!(hidden, "{place}: {form:?} is in {text}");
        }
    }
}

/// All strings of a value, also of a value that is text in it.
fn strings(value: &serde_json::Value, found: &mut Vec<String>) {
    match value {
        serde_json::Value::String(text) => {
            found.push(text.to_lowercase());
            if let Ok(inner @ serde_json::Value::Object(_)) = serde_json::from_str(text) {
                strings(&inner, found);
            }
        }
        serde_json::Value::Array(items) => items.iter().for_each(|item| strings(item, found)),
        serde_json::Value::Object(members) => members.iter().for_each(|(key, member)| {
            found.push(key.to_lowercase());
            strings(member, found);
        }),
        other => found.push(other.to_string()),
    }
}

fn written<T>(items: impl Iterator<Item = T>, each: impl Fn(&mut String, T)) -> String {
    items.fold(String::new(), |mut text, item| {
        each(&mut text, item);
        text
    })
}

pub fn hex(bytes: impl Iterator<Item = u8>) -> String {
    written(bytes, |text, byte| write!(text, "{byte:02x}").unwrap())
}

/// Every byte, also those that need no encoding.
pub fn percent(plain: &str) -> String {
    written(plain.bytes(), |text, byte| write!(text, "%{byte:02x}").unwrap())
}

/// Every character as JSON's `\uXXXX`.
pub fn unicode(plain: &str) -> String {
    written(plain.encode_utf16(), |text, unit| write!(text, "\\u{unit:04x}").unwrap())
}

/// UTF-16 as it looks when read as UTF-8.
fn utf16(plain: &str) -> String {
    plain.chars().flat_map(|c| [c, '\0']).collect()
}

fn hex_utf16(plain: &str) -> String {
    hex(plain.encode_utf16().flat_map(u16::to_be_bytes))
}

/// In Base64 at each of the three offsets, without the digits that neighbours take part in.
fn base64(plain: &[u8]) -> Vec<String> {
    let engines = [STANDARD_NO_PAD, URL_SAFE_NO_PAD];
    let at = |offset: usize| {
        engines
            .iter()
            .map(move |engine| engine.encode([&vec![0; offset][..], plain].concat()))
            .map(move |text| (offset, text))
    };
    (0..3).flat_map(at).map(|(offset, text)| text[[0, 2, 3][offset]..text.len() - 1].to_owned()).collect()
}
