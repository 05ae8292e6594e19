//! Entries as Docker 20.10 and 26 write them, as others may, and what is none.

use proptest::prelude::*;

use super::*;

const TIME: &str = "2026-11-25T09:00:00.123456789Z";

#[test]
fn an_entry_as_docker_writes_it_is_read_on_the_fast_path() {
    let line =
        br#"{"log":"{\"level\":\"info\",\"a\":\"\"}\n","stream":"stdout","time":"2026-11-25T09:00:00.123456789Z"}"#;
    let log = br#"{\"level\":\"info\",\"a\":\"\"}\n"#;
    let entry = Entry { log, stream: Stream::Stdout, time: TIME, complete: true };
    assert_eq!(as_docker_writes(line), Some(entry));
    assert_eq!(entry.text(), br#"{\"level\":\"info\",\"a\":\"\"}"#);
}

#[test]
fn attributes_of_log_options_are_passed_over_on_the_fast_path() {
    let line =
        br#"{"log":"up\n","stream":"stderr","attrs":{"tag":"a,\"attrs\":{","x":"y"},"time":"2026-11-25T09:00:00.12Z"}"#;
    let entry = Entry { log: br"up\n", stream: Stream::Stderr, time: "2026-11-25T09:00:00.12Z", complete: true };
    assert_eq!(parse(line), Some(entry));
    let line = br#"{"log":"up\n","stream":"stderr","attrs":{"tag":"web"},"time":"2026-11-25T09:00:00.12Z"}"#;
    assert_eq!(as_docker_writes(line), Some(entry));
}

#[test]
fn a_piece_is_not_complete() {
    for (log, complete) in
        [("abc", false), (r"abc\\n", false), (r"abc\\\n", true), (r"\n", true), ("n", false), ("", false)]
    {
        let line = format!(r#"{{"log":"{log}","stream":"stdout","time":"{TIME}"}}"#);
        let entry = parse(line.as_bytes()).unwrap();
        assert_eq!((entry.log, entry.complete), (log.as_bytes(), complete), "{log}");
    }
}

#[test]
fn a_text_that_looks_like_the_end_of_an_entry_does_not_end_it() {
    let inner = r#"x\",\"stream\":\"stderr\",\"time\":\"2026-11-25T09:00:00Z\"}\\\"\n"#;
    let line = format!(r#"{{"log":"{inner}","stream":"stdout","time":"{TIME}"}}"#);
    assert_eq!(parse(line.as_bytes()).unwrap().log, inner.as_bytes());
}

#[test]
fn docker_leaves_out_a_text_that_is_empty() {
    let entry = parse(br#"{"stream":"stdout","time":"2026-11-25T09:00:00Z"}"#).unwrap();
    assert_eq!((entry.log, entry.complete), (&b""[..], false));
}

#[test]
fn other_orders_members_and_spaces_are_read() {
    let deep = "[".repeat(10_000) + &"]".repeat(10_000);
    let line = format!(
        r#" {{ "time" : "{TIME}" , "new" : {{"a":[1,{{"log":"no"}}],"deep":{deep}}}, "log":"a\n" ,"stream": "stderr" }} "#
    );
    let entry = Entry { log: br"a\n", stream: Stream::Stderr, time: TIME, complete: true };
    assert_eq!(parse(line.as_bytes()), Some(entry));
}

#[test]
fn a_member_between_text_and_stream_is_not_taken_for_text() {
    let line = br#"{"log":"a","x":"b","stream":"stdout","time":"2026-11-25T09:00:00Z"}"#;
    assert_eq!(parse(line).unwrap().log, b"a");
}

#[test]
fn what_is_no_entry_is_none() {
    let bad = [
        "",
        "{",
        "{}",
        "null",
        "[]",
        r#"{"log":"a\n"#,
        r#"{"log":"a\n","stream":"stdout","time":"2026-11-25T09:00:00Z""#,
        r#"{"log":"a\n","stream":"stdout","time":"2026-11-25T09:00:00Z"}}"#,
        r#"{"log":"a\n","stream":"stdout","time":"2026-11-25T09:00:00Z"}{"log":"b\n","stream":"stdout","time":"2026-11-25T09:00:00Z"}"#,
        r#"{"log":"a","stream":"stdout","time":"2026-11-25T09:00:00Z","log":"b"}"#,
        r#"{"log":"a","stream":"stdout","time":"2026-11-25T09:00:00Z",}"#,
        r#"{"log":"a","stream":"stdout","attrs":{"a":"b,"time":"2026-11-25T09:00:00Z"}"#,
        r#"{"log":"a","stream":"stdout","attrs":{"a":["b"},"time":"2026-11-25T09:00:00Z"}"#,
        r#"{"log":"a" "stream":"stdout","time":"2026-11-25T09:00:00Z"}"#,
        r#"{"log":1,"stream":"stdout","time":"2026-11-25T09:00:00Z"}"#,
        r#"{"log":null,"stream":"stdout","time":"2026-11-25T09:00:00Z"}"#,
        r#"{"log":"a","stream":"stdin","time":"2026-11-25T09:00:00Z"}"#,
        r#"{"log":"a","time":"2026-11-25T09:00:00Z"}"#,
        r#"{"log":"a","stream":"stdout"}"#,
        "{\"log\":\"a\0\0\0b\\n\",\"stream\":\"stdout\",\"time\":\"2026-11-25T09:00:00Z\"}",
        "\0\0\0\0\0\0\0\0",
        "{\"log\":\"a\\n\",\"stream\":\"stdout\",\"time\":\"2026-11-25T09:0\0\0\0\0\0\0\"}",
        "{\"log\":\"a\\\",\"stream\":\"stdout\",\"time\":\"2026-11-25T09:00:00Z\"}",
    ];
    for line in bad {
        assert_eq!(parse(line.as_bytes()), None, "{line}");
    }
}

#[test]
fn a_time_is_rfc_3339_in_utc() {
    let good = ["2026-11-25T09:00:00Z", "2026-11-25T09:00:00.1Z", TIME, "2026-12-31T23:59:60Z"];
    let bad = [
        "",
        "now",
        "2026-11-25T09:00:00",
        "2026-11-25T09:00:00+01:00",
        "2026-11-25T09:00:00.Z",
        "2026-11-25T09:00:00.1234567890Z",
        "2026-11-25T09:00:00.12x456789Z",
        "2026-13-25T09:00:00Z",
        "2026-00-25T09:00:00Z",
        "2026-11-32T09:00:00Z",
        "2026-11-25T24:00:00Z",
        "2026-11-25T09:60:00Z",
        "2026-11-25 09:00:00Z",
        "2026-11-25T09:00:00ZZ",
    ];
    assert_eq!(good.iter().find(|time| !is_time(time.as_bytes())), None);
    assert_eq!(bad.iter().find(|time| is_time(time.as_bytes())), None);
}

/// Members of an object in any order, with spaces.
fn members() -> impl Strategy<Value = (String, String, &'static str)> {
    let text = prop_oneof![any::<String>(), r#"[ab"\\\n]{0,20}"#];
    let stream = prop_oneof![Just("stdout"), Just("stderr")];
    let unknown = proptest::option::of(prop_oneof![
        Just(r#""attrs":{"tag":"we\"b"}"#),
        Just(r#""x":[{"log":"\\"},null]"#),
        Just(r#""logs":"log""#),
    ]);
    let space = prop_oneof![3 => Just(""), 1 => Just(" "), 1 => Just("\t ")];
    (text, stream, unknown, space).prop_flat_map(|(text, stream, unknown, space)| {
        let mut members = vec![
            format!(r#""log"{space}:{space}{}"#, serde_json::to_string(&text).unwrap()),
            format!(r#""stream":{space}"{stream}""#),
            format!(r#""time":"{TIME}""#),
        ];
        members.extend(unknown.map(str::to_owned));
        let comma = format!("{space},{space}");
        let object = move |members: Vec<String>| format!("{space}{{{space}{}{space}}}", members.join(&comma));
        (Just(members).prop_shuffle().prop_map(object), Just(text), Just(stream))
    })
}

proptest! {
    #[test]
    fn any_order_of_the_members_means_the_same((json, text, stream) in members()) {
        let entry = parse(json.as_bytes()).expect("it is an entry");
        let mut read = Vec::new();
        crate::docker::unescape(entry.log, &mut read);
        prop_assert_eq!(String::from_utf8(read).unwrap(), text.as_str());
        prop_assert_eq!((entry.stream.name(), entry.time, entry.complete), (stream, TIME, text.ends_with('\n')));
    }

    #[test]
    fn both_ways_of_reading_agree((json, ..) in members(), cut in any::<proptest::sample::Index>(), byte in any::<u8>()) {
        let mut line = json.into_bytes();
        let at = cut.index(line.len());
        line[at] = byte;
        if let Some(entry) = as_docker_writes(&line) {
            prop_assert_eq!(members::parse(&line), Some(entry));
        }
    }

    #[test]
    fn half_an_entry_is_none((json, ..) in members(), cut in any::<proptest::sample::Index>()) {
        let json = json.trim();
        prop_assert_eq!(parse(&json.as_bytes()[..cut.index(json.len())]), None);
    }

    #[test]
    fn no_bytes_break_it(line in proptest::collection::vec(any::<u8>(), 0..80)) {
        let _ = parse(&line);
    }
}
