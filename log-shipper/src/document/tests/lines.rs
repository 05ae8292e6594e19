//! Lines of every kind, and what becomes of each.

use rstest::rstest;
use serde_json::{Value, json};

use super::{DOCKERS, document, line, of_the_line, written};
use crate::line::Marks;

#[test]
fn a_text_becomes_the_message() {
    assert_eq!(of_the_line("hello \"world\"\\"), (json!({"message": "hello \"world\"\\"}), Marks::none()));
    assert_eq!(of_the_line(""), (json!({"message": ""}), Marks::none()));
    let odd = "a\0b\u{1b}[31m\tc\r\u{7f}é\u{1f600}";
    assert_eq!(of_the_line(odd), (json!({"message": odd}), Marks::none()));
}

#[test]
fn bytes_that_are_no_text_are_replaced_and_marked() {
    let (members, marks) = of_the_line(b"a\xffb\xe2\x82 {\"a\":1}");
    assert_eq!((members, marks), (json!({"message": "a\u{fffd}b\u{fffd} {\"a\":1}"}), Marks::INVALID_TEXT));
    let (members, marks) = of_the_line(b"{\"a\":\"\xff\"}");
    assert_eq!((members, marks), (json!({"message": "{\"a\":\"\u{fffd}\"}"}), Marks::INVALID_TEXT));
}

#[test]
fn an_object_is_the_document() {
    let text = r#" {"message":"x","n":[1.50,-0,1e9,null,true,false,"é\u00e9\ud83d\ude00"],"o":{"p":{}},"event":{"original":"y"}} "#;
    let (document, marks) = written(&line(text.as_bytes()));
    assert!(document.ends_with(&text.trim()[1..]), "its bytes are as they were: {document}");
    assert_eq!(marks, Marks::none());
}

#[test]
fn an_empty_object_is_a_document() {
    assert_eq!(of_the_line("{ }"), (json!({}), Marks::none()));
}

#[test]
fn line_breaks_between_members_do_not_end_the_document() {
    let (document, marks) = written(&line(b"{\r\n  \"a\": 1,\n  \"b\": \"\\n\"\n}\n"));
    assert!(document.ends_with(r#",    "a": 1,   "b": "\n" }"#), "{document}");
    assert_eq!(marks, Marks::none());
}

#[rstest]
#[case::nearly_json(r#"{"a":1"#)]
#[case::more_behind(r#"{"a":1} x"#)]
#[case::two_objects(r#"{"a":1}{"a":1}"#)]
#[case::trailing_comma(r#"{"a":1,}"#)]
#[case::leading_zero(r#"{"a":01}"#)]
#[case::single_quotes("{'a':1}")]
#[case::control_character("{\"a\":\"\t\"}")]
#[case::line_break_in_a_string("{\"a\":\"\n\"}")]
#[case::bad_escape(r#"{"a":"\x"}"#)]
#[case::bad_escape_in_a_name(r#"{"\x":1}"#)]
#[case::short_escape(r#"{"a":"\u12"}"#)]
#[case::not_a_number(r#"{"a":NaN}"#)]
#[case::byte_order_mark("\u{feff}{\"a\":1}")]
#[case::array(r#"[{"a":1}]"#)]
#[case::string(r#""a""#)]
#[case::open_string(r#"{"a"#)]
fn what_is_no_object_is_a_text(#[case] text: &str) {
    assert_eq!(of_the_line(text), (json!({"message": text}), Marks::none()));
}

#[rstest]
#[case::twice(r#"{"a":1,"b":2,"a":3}"#.into())]
#[case::twice_by_escape(r#"{"a":1,"\u0061":2}"#.into())]
#[case::twice_further_in(r#"{"x":[{"a":1},{"b":{"c":1,"c":1}}]}"#.into())]
#[case::twice_a_long_name(format!(r#"{{"{0}":1,"{0}":1}}"#, "long".repeat(9)))]
#[case::time_twice(r#"{"@timestamp":"2026-11-25T09:00:00Z","@timestamp":"2026-11-25T09:00:00Z"}"#.into())]
#[case::no_name(r#"{"":1}"#.into())]
#[case::no_name_further_in(r#"{"a":[{"":1}]}"#.into())]
#[case::blank(r#"{" ":1}"#.into())]
#[case::blank_by_escape(r#"{"\u2003":1}"#.into())]
#[case::dot(r#"{".":1}"#.into())]
#[case::dots(r#"{"a..b":1}"#.into())]
#[case::first_dot(r#"{".a":1}"#.into())]
#[case::last_dot(r#"{"log.offset.":1}"#.into())]
#[case::blank_part(r#"{"a. .b":1}"#.into())]
#[case::long_number(format!(r#"{{"a":{}}}"#, "1".repeat(1_001)))]
#[case::half_a_character(r#"{"a":"\ud800"}"#.into())]
#[case::other_half(r#"{"a":"\udc00x"}"#.into())]
#[case::not_a_pair(r#"{"a":"\ud83d\u0041"}"#.into())]
#[case::deep_objects(r#"{"a":"#.repeat(33) + "1" + &"}".repeat(33))]
#[case::deep_arrays(r#"{"a":"#.to_owned() + &"[".repeat(10_000) + &"]".repeat(10_000) + "}")]
#[case::many_members(object_of(1_001))]
#[case::very_many_members(object_of(100_000))]
fn json_that_elasticsearch_should_not_get_is_kept_as_text(#[case] text: String) {
    assert_eq!(of_the_line(&text), (json!({"message": text}), Marks::UNFIT_JSON));
}

fn object_of(members: usize) -> String {
    let members: Vec<_> = (0..members).map(|at| format!(r#""m{at}":{at}"#)).collect();
    format!("{{{}}}", members.join(","))
}

#[rstest]
#[case::deep(r#"{"a":"#.repeat(32) + "1" + &"}".repeat(32))]
#[case::deep_array(format!(r#"{{"a":{}1{}}}"#, "[".repeat(31), "]".repeat(31)))]
#[case::many_members(object_of(1_000))]
#[case::long_number(format!(r#"{{"a":{}}}"#, "1".repeat(1_000)))]
#[case::same_name_in_others(r#"{"a":{"a":1},"b":[{"a":1},{"a":1}]}"#.into())]
#[case::same_beginning(format!(r#"{{"{0}a":1,"{0}b":1,"{0}":1}}"#, "long".repeat(4)))]
#[case::value_beside_object(r#"{"a":1,"a.b":2}"#.into())]
fn json_within_the_limits_is_the_document(#[case] text: String) {
    let (document, marks) = written(&line(text.as_bytes()));
    assert!(document.ends_with(&text[1..]), "{document}");
    assert_eq!(marks, Marks::none());
}

#[rstest]
#[case(r#"{"@timestamp":"2020-01-01T00:00:00Z"}"#, "2020-01-01T00:00:00Z", Marks::none())]
#[case(r#"{"\u0040timestamp":"2020-01-01T00:00:00Z"}"#, "2020-01-01T00:00:00Z", Marks::none())]
#[case(r#"{"@timestamp":"yesterday"}"#, DOCKERS, Marks::RESERVED_NAMES)]
#[case(r#"{"@timestamp":1}"#, DOCKERS, Marks::RESERVED_NAMES)]
#[case(r#"{"@timestamp":null}"#, DOCKERS, Marks::RESERVED_NAMES)]
#[case(r#"{"@timestamp":{"x":1}}"#, DOCKERS, Marks::RESERVED_NAMES)]
#[case(r#"{"@timestamp.x":1}"#, DOCKERS, Marks::RESERVED_NAMES)]
#[case("text", DOCKERS, Marks::none())]
fn the_time_is_the_lines_own_or_else_dockers(#[case] text: &str, #[case] time: &str, #[case] expected: Marks) {
    let (document, marks) = document(text);
    assert_eq!((document["@timestamp"].as_str(), marks), (Some(time), expected));
}

#[rstest]
#[case(None)]
#[case(Some("0001-01-01T00:00:00Z"))]
#[case(Some("\"},"))]
fn without_any_good_time_it_is_that_of_reading(#[case] time: Option<&str>) {
    let (document, _) = written(&super::Line { time, ..line(b"x") });
    let document: Value = serde_json::from_str(&document).unwrap();
    assert_eq!(document["@timestamp"], "2026-11-25T10:00:00.500000Z");
}

#[rstest]
#[case(r#"{"log.offset":1,"a":1}"#, json!({"a": 1}))]
#[case(r#"{"a":1,"log.offset":1}"#, json!({"a": 1}))]
#[case(r#"{"a":1, "log.offset" : 1 ,"b":2}"#, json!({"a": 1, "b": 2}))]
#[case(r#"{"lo\u0067.offset":1}"#, json!({}))]
#[case(r#"{"log":{"offset":1,"level":"x"}}"#, json!({"log": {"level": "x"}}))]
#[case(r#"{"log":{"level":"x","off\u0073et":1,"flags":[],"file":{},"logger":"y"}}"#, json!({"log": {"level": "x", "logger": "y"}}))]
#[case(r#"{"log":{"file.path":"/x"}}"#, json!({"log": {}}))]
#[case(r#"{"log.file":{"path":"/x"},"log.filename":1}"#, json!({"log.filename": 1}))]
#[case(r#"{"log.file.name":1,"log.flags":["masked"],"log.flags.x":1}"#, json!({}))]
#[case(r#"{"log":"x"}"#, json!({}))]
#[case(r#"{"log":[{"offset":1}]}"#, json!({}))]
#[case(r#"{"host":"web","b":1}"#, json!({"b": 1}))]
#[case(r#"{"host":{"name":"web","ip":"::1"}}"#, json!({"host": {"ip": "::1"}}))]
#[case(r#"{"host.name":1,"host.name.x":1,"host.ip":2}"#, json!({"host.ip": 2}))]
#[case(r#"{"container":{"id":1},"container.id":1,"containers":1}"#, json!({"containers": 1}))]
#[case(r#"{"docker":1,"docker.swarm.node":1,"dockerd":1}"#, json!({"dockerd": 1}))]
#[case(r#"{"agent":1,"agent.type":2,"stream":3,"stream.x":4,"streams":5}"#, json!({"streams": 5}))]
#[case(r#"{"ecs":{"version":1}}"#, json!({}))]
#[case(r#"{"ecs.version":{"x":"1.6.0"}}"#, json!({}))]
#[case(r#"{"ecs":"8.11.0"}"#, json!({}))]
#[case(r#"{"ecs":{"version":"8.11.0","x":1}}"#, json!({}))]
#[case(r#"{"_id":"x","_index":"y","_source.x":1,"_ids":2,"a":{"_id":3}}"#, json!({"_ids": 2, "a": {"_id": 3}}))]
#[case(r#"{"_type":1,"_routing":1,"_doc_count":5,"_tier":1,"_ignored":1}"#, json!({}))]
fn what_is_the_shippers_is_left_out_and_kept_in_the_original(#[case] text: &str, #[case] mut left: Value) {
    left["event.original"] = text.into();
    assert_eq!(of_the_line(text), (left, Marks::RESERVED_NAMES));
}

#[rstest]
#[case(r#"{"a":1,"ecs":{"version":"8.11.0"}}"#, json!({"a": 1}))]
#[case(r#"{"ecs": {"version": "8.11.0"}, "a": 1}"#, json!({"a": 1}))]
#[case(r#"{"ecs.version":"8.11.0","a":1}"#, json!({"a": 1}))]
#[case(r#"{"ecs":{}}"#, json!({}))]
#[case(r#"{"a":1,"ecs":{"version":"1.6.0"}}"#, json!({"a": 1}))]
#[case(r#"{"ecs.version":"9.2.0"}"#, json!({}))]
#[case(r#"{"log":null,"host":null,"event":null}"#, json!({"log": null, "host": null, "event": null}))]
#[case(r#"{"event":"x"}"#, json!({"event": "x"}))]
#[case(r#"{"event.original":"x"}"#, json!({"event.original": "x"}))]
#[case(r#"{"log":{"level":"x"},"service.name":"y","event":{"kind":"z"}}"#, json!({"log": {"level": "x"}, "service.name": "y", "event": {"kind": "z"}}))]
fn what_says_nothing_else_is_not_marked(#[case] text: &str, #[case] left: Value) {
    assert_eq!(of_the_line(text), (left, Marks::none()));
}

#[rstest]
#[case(r#"{"_id":1,"event.original":"x","event.kind":"y"}"#, json!({"event.kind": "y"}))]
#[case(r#"{"event":{"kind":"y","original":"x"},"_id":1}"#, json!({"event": {"kind": "y"}}))]
#[case(r#"{"event":{"original":{"a":1},"kind":"y"},"_id":1}"#, json!({"event": {"kind": "y"}}))]
#[case(r#"{"event":"x","_id":1,"a":2}"#, json!({"a": 2}))]
#[case(r#"{"_id":1,"event":[{"original":"x"}]}"#, json!({}))]
#[case(r#"{"_id":1,"event.original.x":1,"\u0065vent.original":1}"#, json!({}))]
fn the_original_of_a_line_gives_way_to_the_whole_line(#[case] text: &str, #[case] mut left: Value) {
    left["event.original"] = text.into();
    assert_eq!(of_the_line(text), (left, Marks::RESERVED_NAMES));
}

#[test]
fn the_marks_are_in_the_document() {
    let marks = Marks::TRUNCATED;
    let (text, marks) = written(&super::Line { marks, ..line(b"\xff") });
    let document: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(document["log.flags"], json!(["truncated", "invalid_text"]));
    assert!(marks.has(Marks::TRUNCATED) && marks.has(Marks::INVALID_TEXT));
    assert!(!document_of_plain_text().contains("log.flags"));
}

fn document_of_plain_text() -> String {
    written(&line(b"x")).0
}
