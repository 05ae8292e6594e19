//! Kibana's query language: what is understood, what Elasticsearch is asked, and what is refused.

mod property;

use dashboards::kibana::kql;
use serde_json::{Value, json};

fn any_of(parts: &[Value]) -> Value {
    json!({ "bool": { "should": parts, "minimum_should_match": 1 } })
}

fn one(leaf: &Value) -> Value {
    any_of(std::slice::from_ref(leaf))
}

fn term(field: &str, value: &str) -> Value {
    one(&json!({ "term": { field: { "value": value } } }))
}

fn asked(query: &str) -> Value {
    kql::query(query).unwrap_or_else(|error| panic!("{query}: {error}"))
}

#[test]
fn a_condition_becomes_what_suits_its_field() {
    let cases = [
        ("user.name: ada", json!({ "term": { "user.name": { "value": "ada" } } })),
        ("user.name:\"Roger Histand\"", json!({ "term": { "user.name": { "value": "Roger Histand" } } })),
        ("minitwit.truncated: true", json!({ "term": { "minitwit.truncated": { "value": true } } })),
        ("message: down", json!({ "match": { "message": "down" } })),
        ("message: \"shutting down\"", json!({ "match_phrase": { "message": "shutting down" } })),
        ("http.response.status_code: 500", json!({ "match": { "http.response.status_code": "500" } })),
        ("client.ip: \"2001:db8::1\"", json!({ "match_phrase": { "client.ip": "2001:db8::1" } })),
        (
            "@timestamp: \"2026-11-25\"",
            json!({ "range": { "@timestamp": { "gte": "2026-11-25", "lte": "2026-11-25" } } }),
        ),
        ("container.labels.a.b: c", json!({ "match": { "container.labels.a.b": "c" } })),
        ("stranger: c", json!({ "match": { "stranger": "c" } })),
        ("error.type: *", json!({ "exists": { "field": "error.type" } })),
        ("event.duration > 300000000", json!({ "range": { "event.duration": { "gt": "300000000" } } })),
        ("event.duration>=3", json!({ "range": { "event.duration": { "gte": "3" } } })),
        ("event.duration<3", json!({ "range": { "event.duration": { "lt": "3" } } })),
        ("@timestamp <= now-1d", json!({ "range": { "@timestamp": { "lte": "now-1d" } } })),
        ("url.path: /static/*", json!({ "wildcard": { "url.path": { "value": "\\/static\\/*" } } })),
        ("url.path: *.css", json!({ "wildcard": { "url.path": { "value": "*.css" } } })),
        ("message: lin*s", json!({ "query_string": { "fields": ["message"], "query": "lin*s" } })),
        ("user.name: a\\*b", json!({ "term": { "user.name": { "value": "a*b" } } })),
        ("\"user.name\": ada", json!({ "term": { "user.name": { "value": "ada" } } })),
    ];
    for (query, leaf) in cases {
        assert_eq!(asked(query), one(&leaf), "{query}");
    }
}

#[test]
fn nothing_asks_for_everything() {
    for query in ["", "  \n\t\u{a0}"] {
        assert_eq!(asked(query), json!({ "match_all": {} }));
    }
}

#[test]
fn and_binds_closer_than_or_and_not_closest() {
    let [a, b, c] = ["a", "b", "c"].map(|name| term("user.name", name));
    let and = |parts: &[&Value]| json!({ "bool": { "filter": parts } });
    let not = |part: &Value| json!({ "bool": { "must_not": part } });
    let name = |name| format!("user.name: {name}");
    let cases = [
        ("A or B and C", any_of(&[a.clone(), and(&[&b, &c])])),
        ("A and B or C", any_of(&[and(&[&a, &b]), c.clone()])),
        ("(A or B) and C", and(&[&any_of(&[a.clone(), b.clone()]), &c])),
        ("A AND B And C", and(&[&a, &b, &c])),
        ("not A and B", and(&[&not(&a), &b])),
        ("not (A and B)", not(&and(&[&a, &b]))),
        ("NOT A or not B", any_of(&[not(&a), not(&b)])),
        ("( ( A ) )", a.clone()),
        ("A\n  and\tB", and(&[&a, &b])),
    ];
    for (query, expected) in cases {
        let query = query
            .replace('A', "\0")
            .replace('B', &name("b"))
            .replace('C', &name("c"))
            .replace("\0ND", "AND")
            .replace("\0nd", "And")
            .replace('\0', &name("a"));
        assert_eq!(asked(&query), expected, "{query}");
    }
}

#[test]
fn a_list_of_values_is_a_list_of_conditions() {
    let [a, b, c] = ["a", "b c", "d"].map(|name| term("user.name", name));
    assert_eq!(asked("user.name: (a or \"b c\" or d)"), any_of(&[a.clone(), b.clone(), c.clone()]));
    assert_eq!(asked("user.name:(a and \"b c\")"), json!({ "bool": { "filter": [a, b] } }));
    let not = json!({ "bool": { "must_not": c } });
    assert_eq!(asked("user.name: (a or not d)"), any_of(&[a.clone(), not]));
    assert_eq!(asked("user.name: ( a )"), a);
}

#[test]
fn what_is_escaped_is_itself() {
    let cases = [
        (r#"user.name: "a\"b\\c""#, "a\"b\\c"),
        (r#"user.name: "a\tb\u00e9\x""#, "a\tb\u{e9}\\x"),
        (r"user.name: a\(b\)\:\<\>\{\}\*\\\u0041", "a(b):<>{}*\\A"),
        (r"user.name: \and", "and"),
        (r"user.name: \NOT", "NOT"),
        (r#"user.name: "a or b and (c: *)""#, "a or b and (c: *)"),
        ("user.name: orange", "orange"),
        ("user.name: candy", "candy"),
    ];
    for (query, value) in cases {
        assert_eq!(asked(query), term("user.name", value), "{query}");
    }
}

#[test]
fn what_is_not_understood_is_refused_with_its_place() {
    let cases = [
        ("error", 1, "field: value"),
        ("\"some words\"", 1, "field: value"),
        ("user.name: ada lovelace", 12, "between quotes"),
        ("user.name: ada and", 12, "between quotes"),
        ("user.name: cannot see", 15, "can follow"),
        ("user.name: ada or", 12, "between quotes"),
        ("user.name: ada or ", 19, "a field is missing"),
        ("user.name:", 11, "a value is missing"),
        ("user.name: \"ada", 16, "closing \""),
        ("(user.name: ada", 16, "closing )"),
        ("user.name: ada)", 15, "can follow"),
        ("user.name: (a or b", 19, "closing )"),
        ("user.name: null", 12, "not field: *"),
        ("user.*: ada", 1, "without *"),
        ("*: ada", 1, "without *"),
        ("\"\": ada", 1, "without *"),
        ("null: ada", 1, "one whole name"),
        ("user name: ada", 1, "no field's name"),
        ("a: { b: c }", 4, "nested"),
        ("event.duration > *", 18, "comparison"),
        ("event.duration > true", 18, "comparison"),
        ("event.duration: 5*", 1, "holds no words"),
        ("client.ip: 10.*", 1, "holds no words"),
        ("user.name: a\\b", 13, "hexadecimal"),
        ("and user.name: a", 1, "no field's name"),
        ("not", 1, "field: value"),
        (": a", 1, "a field is missing"),
        ("user.name = ada", 1, "field: value"),
        ("user.name: a AND NOT", 18, "field: value"),
        ("é: (", 5, "a value is missing"),
    ];
    for (query, at, what) in cases {
        let error = kql::query(query).expect_err(query);
        assert_eq!(error.at, at, "{query}: {error}");
        assert!(error.to_string().contains(what), "{query}: {error}");
        assert!(error.to_string().starts_with(&format!("at character {at} of the query: ")), "{error}");
    }
}

#[test]
fn deep_parentheses_are_refused_and_do_no_harm() {
    assert!(kql::query(&format!("{}user.name: a{}", "(".repeat(64), ")".repeat(64))).is_ok());
    let error = kql::query(&"(".repeat(1_000_000)).unwrap_err();
    assert!(error.what.contains("too many parentheses"), "{error}");
}
