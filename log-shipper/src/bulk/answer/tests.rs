use proptest::prelude::*;
use rstest::rstest;
use serde_json::{Value, json};

use super::*;

fn refused(status: u16, kind: &str, reason: &str) -> Outcome {
    let problem = Problem { kind: kind.to_owned(), reason: reason.to_owned() };
    Outcome { status, failure_store: FailureStore::No, problem: Some(Box::new(problem)) }
}

#[test]
fn stored_items_are_told_from_refused_ones() {
    let body = br#"{"errors":true,"took":3,"items":[{"create":{"status":201}},{"create":{"_index":"a","status":400,
        "error":{"type":"document_parsing_exception","reason":"[1:2] no \"ip\" \u00e4\ud83d\ude00","caused_by":{"type":"x"}}}},
        {"index":{"status":200,"failure_store":"used"}},{"create":{"failure_store":"failed","status":429,"error":"busy"}}]}"#;
    let answer = Answer::parse(body, 4).unwrap();
    assert!(answer.errors);
    assert_eq!(answer.items[0], Outcome::STORED);
    assert_eq!(answer.items[1], refused(400, "document_parsing_exception", "[1:2] no \"ip\" ä😀"));
    assert_eq!((answer.items[2].status, answer.items[2].failure_store), (200, FailureStore::Used));
    assert_eq!((answer.items[3].failure_store, answer.items[3].reason()), (FailureStore::Failed, "busy"));
}

#[rstest]
#[case::empty("", Malformed::Empty)]
#[case::white_space(" \n", Malformed::Empty)]
#[case::html("<html>502 Bad Gateway</html>", Malformed::NotAnAnswer)]
#[case::another_answer(r#"{"acknowledged":true}"#, Malformed::NotAnAnswer)]
#[case::no_errors(r#"{"items":[{"create":{"status":201}}]}"#, Malformed::NotAnAnswer)]
#[case::cut(r#"{"errors":false,"items":[{"create":{"status":201}}"#, Malformed::NotAnAnswer)]
#[case::trailing(r#"{"errors":false,"items":[{"create":{"status":201}}]}x"#, Malformed::NotAnAnswer)]
#[case::no_status(r#"{"errors":false,"items":[{"create":{}}]}"#, Malformed::NotAnAnswer)]
#[case::long_status(r#"{"errors":false,"items":[{"create":{"status":2010}}]}"#, Malformed::NotAnAnswer)]
#[case::status_with_fraction(r#"{"errors":false,"items":[{"create":{"status":201.5}}]}"#, Malformed::NotAnAnswer)]
#[case::another_operation(r#"{"errors":false,"items":[{"delete":{"status":200}}]}"#, Malformed::NotAnAnswer)]
#[case::two_operations(
    r#"{"errors":false,"items":[{"create":{"status":200},"index":{"status":200}}]}"#,
    Malformed::NotAnAnswer
)]
#[case::too_few(r#"{"errors":false,"items":[]}"#, Malformed::WrongCount(0))]
#[case::too_many(
    r#"{"errors":false,"items":[{"create":{"status":201}},{"create":{"status":201}}]}"#,
    Malformed::WrongCount(2)
)]
fn what_is_no_answer_is_an_error(#[case] body: &str, #[case] error: Malformed) {
    assert_eq!(Answer::parse(body.as_bytes(), 1), Err(error));
}

#[test]
fn what_is_too_deep_is_an_error_and_no_overflow() {
    for open in ["[", "{\"a\":"] {
        let body = format!(r#"{{"x":{}"#, open.repeat(1_000_000));
        assert_eq!(Answer::parse(body.as_bytes(), 1), Err(Malformed::NotAnAnswer));
    }
}

#[test]
fn bytes_that_are_not_text_are_an_error() {
    assert_eq!(Answer::parse(b"{\"errors\":false,\"x\":\"\xff\",\"items\":[]}", 0), Err(Malformed::NotAnAnswer));
}

#[test]
fn a_long_reason_is_cut_between_characters() {
    let body = json!({"errors": true, "items": [{"create": {"status": 400, "error": {"reason": "ä".repeat(4_000)}}}]});
    let answer = Answer::parse(body.to_string().as_bytes(), 1).unwrap();
    assert_eq!(answer.items[0].reason(), "ä".repeat(512));
}

#[test]
fn half_a_surrogate_pair_is_replaced() {
    let body = br#"{"errors":true,"items":[{"create":{"status":400,"error":{"reason":"\ud83d\u0041\ude00"}}}]}"#;
    assert_eq!(Answer::parse(body, 1).unwrap().items[0].reason(), "\u{fffd}A\u{fffd}");
}

#[rstest]
#[case::object(
    r#"{"error":{"root_cause":[],"type":"security_exception","reason":"no"},"status":403}"#,
    "security_exception"
)]
#[case::text(r#"{"error":"no handler found","status":400}"#, "")]
fn the_error_of_a_whole_request_is_read(#[case] body: &str, #[case] kind: &str) {
    assert_eq!(Problem::parse(body.as_bytes()).unwrap().kind, kind);
}

#[rstest]
#[case::html("<h1>413</h1>")]
#[case::empty("")]
#[case::no_error("{}")]
fn an_answer_that_is_not_elasticsearchs_has_no_error(#[case] body: &str) {
    assert_eq!(Problem::parse(body.as_bytes()), None);
}

fn any_value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f32>().prop_map(|number| json!(number)),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 8, 3, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::from),
            prop::collection::btree_map("[a-z\"\\\\]{0,4}", inner, 0..3).prop_map(|map| json!(map)),
        ]
    })
}

prop_compose! {
    fn any_item()(operation in "create|index", status in 100_u16..1_000, index in any::<Option<String>>(),
                  error in prop::option::of((any::<String>(), any::<String>(), any_value())),
                  store in prop::option::of("used|failed|not_enabled")) -> Value {
        let mut inner = json!({"status": status});
        if let Some(index) = index { inner["_index"] = index.into(); }
        if let Some((kind, reason, cause)) = error { inner["error"] = json!({"type": kind, "reason": reason, "caused_by": cause}); }
        if let Some(store) = store { inner["failure_store"] = store.into(); }
        let mut item = json!({});
        item[operation] = inner;
        item
    }
}

prop_compose! {
    fn any_answer()(errors in any::<bool>(), items in prop::collection::vec(any_item(), 0..6), other in any_value()) -> Value {
        json!({"errors": errors, "items": items, "took": other})
    }
}

fn cut(text: &str, limit: usize) -> &str {
    &text[..text.floor_char_boundary(limit)]
}

proptest! {
    #[test]
    fn any_answer_reads_as_serde_reads_it(answer in any_answer(), pretty in any::<bool>()) {
        let body = if pretty { serde_json::to_string_pretty(&answer).unwrap() } else { answer.to_string() };
        let items = answer["items"].as_array().unwrap();
        let parsed = Answer::parse(body.as_bytes(), items.len()).unwrap();
        prop_assert_eq!(parsed.errors, answer["errors"].as_bool().unwrap());
        for (outcome, item) in parsed.items.iter().zip(items) {
            let inner = item.get("create").or(item.get("index")).unwrap();
            prop_assert_eq!(u64::from(outcome.status), inner["status"].as_u64().unwrap());
            prop_assert_eq!(outcome.kind(), cut(inner["error"]["type"].as_str().unwrap_or(""), 128));
            prop_assert_eq!(outcome.reason(), cut(inner["error"]["reason"].as_str().unwrap_or(""), 1_024));
            prop_assert_eq!(outcome.failure_store == FailureStore::Used, inner["failure_store"] == "used");
        }
    }

    #[test]
    fn a_cut_answer_is_never_taken_for_a_whole_one(answer in any_answer(), at in any::<prop::sample::Index>()) {
        let body = answer.to_string();
        let count = answer["items"].as_array().unwrap().len();
        prop_assert!(Answer::parse(&body.as_bytes()[..at.index(body.len())], count).is_err());
    }

    #[test]
    fn any_bytes_are_read_without_panic(answer in any_answer(), noise in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4)) {
        let mut body = answer.to_string().into_bytes();
        for (place, byte) in noise {
            let place = place.index(body.len());
            body[place] = byte;
        }
        let _ = (Answer::parse(&body, 3), Problem::parse(&body));
    }
}
