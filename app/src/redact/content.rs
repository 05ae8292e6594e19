//! The allowed fields as the JSON string of `http.request.body.content`.

use super::escape::escape_within;
use super::{HashKey, Names, Shown};

/// The longest content: 8 KiB.
pub const CONTENT_MAX_BYTES: usize = 8 * 1024;

/// What closes the object after the longest value: a quote and a brace.
const CLOSING_BYTES: usize = 2;

/// A JSON object, as text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Content {
    /// The object, of at most [`CONTENT_MAX_BYTES`].
    pub json: String,
    /// Whether a value was cut, or a field left out, to keep to that size.
    pub truncated: bool,
}

impl Content {
    /// Writes `fields` in their order. Where the room ends, a text is cut between two characters; the object stays valid.
    #[must_use]
    #[expect(clippy::missing_panics_doc, reason = "what is written are strings, so the whole is UTF-8")]
    pub fn of(fields: &[(&'static str, Shown)], names: &Names, key: &HashKey) -> Self {
        let mut json = Vec::with_capacity(128);
        let mut whole = true;
        json.push(b'{');
        for (name, value) in fields {
            whole &= field(&mut json, name, value, names, key);
        }
        json.push(b'}');
        Self { json: String::from_utf8(json).expect("made of strings"), truncated: !whole }
    }
}

/// Appends one field; false if it does not fit as a whole.
fn field(json: &mut Vec<u8>, name: &str, value: &Shown, names: &Names, key: &HashKey) -> bool {
    let before = json.len();
    let joint: &[u8] = if before > 1 { b",\"" } else { b"\"" };
    json.extend_from_slice(joint);
    json.extend_from_slice(name.as_bytes());
    json.extend_from_slice(b"\":");
    let whole = match value {
        Shown::Integer(number) => bare(json, itoa::Buffer::new().format(*number)),
        Shown::Text(text) => quoted(json, text),
        Shown::Name(name) if names.confirms(name) => quoted(json, name),
        Shown::Name(name) => quoted(json, &key.mark(name.as_bytes())),
        Shown::Secret => quoted(json, "[redacted]"),
    };
    if json.len() >= CONTENT_MAX_BYTES {
        json.truncate(before);
        return false;
    }
    whole
}

fn bare(json: &mut Vec<u8>, number: &str) -> bool {
    json.extend_from_slice(number.as_bytes());
    true
}

fn quoted(json: &mut Vec<u8>, text: &str) -> bool {
    json.push(b'"');
    let whole = escape_within(json, text, CONTENT_MAX_BYTES - CLOSING_BYTES);
    json.push(b'"');
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(fields: &[(&'static str, Shown)]) -> Content {
        let mut names = Names::default();
        names.confirm("ada");
        Content::of(fields, &names, &HashKey::new(&[7; 32]))
    }

    #[test]
    fn fields_become_an_object() {
        let fields = [
            ("username", Shown::Name("ada".into())),
            ("follow", Shown::Name("hunter2".into())),
            ("text", Shown::Text("a \"b\"\n".into())),
            ("no", Shown::Integer(-3)),
            ("pwd", Shown::Secret),
        ];
        let hash = HashKey::new(&[7; 32]).mark(b"hunter2");
        let json = format!(r#"{{"username":"ada","follow":"{hash}","text":"a \"b\"\n","no":-3,"pwd":"[redacted]"}}"#);
        assert_eq!(content(&fields), Content { json, truncated: false });
        assert_eq!(content(&[]).json, "{}");
    }

    #[test]
    fn a_content_of_any_length_is_valid_and_has_at_most_8_kib() {
        for length in (8150..8200).chain([100_000]) {
            for filler in ["x", "ë", "\"", "\u{1}"] {
                let fields =
                    [("text", Shown::Text(filler.repeat(length))), ("no", Shown::Integer(1)), ("p", Shown::Secret)];
                let Content { json, truncated } = content(&fields);
                assert!(json.len() <= CONTENT_MAX_BYTES);
                let read: serde_json::Value = serde_json::from_str(&json).unwrap();
                let whole = read["text"] == filler.repeat(length) && read["no"] == 1 && read["p"] == "[redacted]";
                assert_eq!(truncated, !whole, "{length} {filler:?}");
                assert!(read["text"].as_str().unwrap().len() > 1300);
            }
        }
    }
}
