//! Random lines, against `serde_json` and against the model.

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::model::{Fit, left_of};
use super::{DOCKERS, json, line, ours, written};
use crate::document::Scratch;
use crate::document::scan::{Flaw, scan};
use crate::line::Marks;

proptest! {
    #[test]
    fn a_document_has_what_the_line_may_say_and_what_is_ours((members, text) in json::line()) {
        let (document, marks) = written(&line(text.as_bytes()));
        let (mut expected, reserved) = left_of(&members);
        expected.extend(ours());
        expected.entry("@timestamp").or_insert(DOCKERS.into());
        if reserved {
            expected.insert("event.original".into(), text.into());
            expected.insert("log.flags".into(), vec!["reserved_names"].into());
        }
        let expected_marks = if reserved { Marks::RESERVED_NAMES } else { Marks::none() };
        prop_assert_eq!(serde_json::from_str::<Map<String, Value>>(&document).unwrap(), expected);
        prop_assert!(serde_json::from_str::<Fit>(&document).is_ok(), "no name comes twice: {}", document);
        prop_assert_eq!(marks, expected_marks);
    }

    #[test]
    fn damaged_json_is_taken_if_and_only_if_it_is_json((_, text) in json::line(), damage in vec(edit(), 0..3)) {
        let mut text = text.into_bytes();
        for (place, byte, kind) in damage {
            let place = place.index(text.len() + 1);
            match kind {
                0 => text.insert(place, byte),
                1 if place < text.len() => text[place] = byte,
                _ => text.truncate(place),
            }
        }
        if let Ok(text) = str::from_utf8(&text) {
            agree(text)?;
        }
    }

    #[test]
    fn any_bytes_give_a_document(text in vec(prop_oneof![any::<u8>(), json_byte()], 0..60)) {
        let (document, _) = written(&line(&text));
        prop_assert!(serde_json::from_str::<Fit>(&document).is_ok(), "{}", document);
        if let Ok(text) = str::from_utf8(&text) {
            agree(text)?;
        }
    }
}

fn edit() -> impl Strategy<Value = (prop::sample::Index, u8, u8)> {
    (any::<prop::sample::Index>(), json_byte(), 0..3_u8)
}

fn json_byte() -> impl Strategy<Value = u8> {
    proptest::sample::select(br#"{}[]":,\u08d eE+-.19 truefalsn"#.to_vec())
}

/// That the scanner and `serde_json` think the same of `text`.
fn agree(text: &str) -> Result<(), TestCaseError> {
    let json = serde_json::from_str::<&RawValue>(text).is_ok() && text.trim_start().starts_with('{');
    let fit = match serde_json::from_str::<Fit>(text) {
        Ok(Fit { depth, members }) => Some(depth <= 32 && members <= 1_000),
        // `serde_json` has no number for it, and looks at nothing behind it; Elasticsearch does not care.
        Err(error) if error.to_string().starts_with("number out of range") => None,
        Err(_) => Some(false),
    };
    match scan(text, &mut Scratch::default()) {
        Ok(_) => prop_assert!(json && fit != Some(false), "taken: {}", text),
        Err(Flaw::NotJson) => prop_assert!(!json, "not taken: {}", text),
        Err(Flaw::Unfit) => prop_assert!(!json || fit != Some(true), "found unfit: {}", text),
    }
    Ok(())
}
