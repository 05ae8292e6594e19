//! The line in a document: the shipper writes its own members first, and then those of a line that was JSON.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

/// The members that a document has of a line that was a text.
const TEXT: [&str; 2] = ["@timestamp", "message"];

/// The last member that every document has before those of its line, see [`crate::document::Template`].
const LAST: &[u8] = br#","log.offset":"#;

/// Members that may stand between it and those of the line. No line's own members have these names.
const BETWEEN: [&[u8]; 2] = [br#","stream":""#, br#","log.flags":["#];

/// The members that a line had which was JSON, as an object; none if it was a text, or the document is not the shipper's.
pub(super) fn of_json(document: &[u8]) -> Option<String> {
    let members = of_line(document)?;
    let names: BTreeMap<String, &RawValue> = serde_json::from_str(&members).ok()?;
    let is_text = names.keys().all(|name| TEXT.contains(&name.as_str()));
    (!is_text).then_some(members)
}

fn of_line(document: &[u8]) -> Option<String> {
    // A label may have the same name, but its value is a text.
    let starts = memchr::memmem::find_iter(document, LAST).map(|at| &document[at + LAST.len()..]);
    let mut rest = starts.into_iter().find(|rest| rest.first().is_some_and(u8::is_ascii_digit))?;
    rest = &rest[rest.iter().take_while(|byte| byte.is_ascii_digit()).count()..];
    for (name, end) in BETWEEN.into_iter().zip(*b"\"]") {
        if let Some(value) = rest.strip_prefix(name) {
            rest = &value[memchr::memchr(end, value)? + 1..];
        }
    }
    let members = std::str::from_utf8(rest.strip_prefix(b",").unwrap_or(rest)).ok()?;
    Some(["{", members].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_told_from_json() {
        assert_eq!(of_json(br#"{"x":1,"log.offset":7,"@timestamp":"t","message":"x"}"#), None);
        let json = of_json(br#"{"x":1,"log.offset":7,"@timestamp":"t","message":"x","a\u0062":1}"#);
        assert_eq!(json.as_deref(), Some(r#"{"@timestamp":"t","message":"x","a\u0062":1}"#));
    }

    #[test]
    fn what_the_line_had_is_found_behind_what_the_shipper_added() {
        for (document, line) in [
            (r#"{"log.file.path":"a","log.offset":7,"a":1,"b":{"c":2}}"#, Some(r#"{"a":1,"b":{"c":2}}"#)),
            (r#"{"x":1,"log.offset":7,"stream":"stdout","log.flags":["masked"],"a":"]"}"#, Some(r#"{"a":"]"}"#)),
            (r#"{"container.labels":{"a":"","log.offset":"x"},"log.offset":0}"#, Some("{}")),
            (r#"{"a":",\"log.offset\":7","b":1}"#, None),
            (r#"{"message":"x"}"#, None),
        ] {
            assert_eq!(of_line(document.as_bytes()).as_deref(), line, "{document}");
        }
    }
}
