//! Random secrets in random surroundings.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use super::corpus::rows;
use super::{MASKER, Scratch, masked};

/// Shapes with `{}` in the place of a secret that is one word.
const WORDS: &[&str] = &[
    "password={}",
    "PASSWD={}&x=y",
    "a=b&pwd={};c",
    "?access_token={}&state=1",
    "password: {}",
    "dbPassword = {}",
    "x%26password%3D{}%26y%3Dz",
    "token%253D{}%2526y",
    "--password {}",
    "X-Api-Key: {}",
    "<password>{}</password>",
    "Authorization: Basic {}",
    "Proxy-Authorization: Bearer {}",
    "authorization: Foo {}",
    "Set-Cookie: id={}; Path=/",
    "cookie=a=b; c={} d",
    "postgres://ada:{}@db:5432/x",
    "redis://:{}@h",
    "ada:{}@tcp(h)/d",
    "session_id={}",
    "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhIn0.{}",
];

/// Shapes in which a secret is a text in quotes, written as `{}` with its quotes.
const QUOTED: &[&str] = &[
    r#"{"pwd":{}}"#,
    r#"{"a":1,"client_secret" : {} ,"b":2}"#,
    r#"{"authorization":{},"cookie":{}}"#,
    r#"{"password":[1,{}],"b":[]}"#,
    r#"[{"name":"API_KEY","value":{}}]"#,
    "password={} a=b",
    "secret = {}",
    "token: {}",
];

fn surroundings() -> impl Strategy<Value = String> {
    "([a-zA-Z0-9.,:;/()&?@=-]{1,8} ){0,4}"
}

/// JSON of the text, as it is written `depth` texts further in.
fn string(text: &str, depth: usize) -> String {
    (0..=depth).fold(text.to_owned(), |text, _| serde_json::to_string(&text).unwrap())
}

proptest! {
    #[test]
    fn a_secret_word_never_survives(
        shape in select(WORDS), secret in "[a-zA-Z0-9][a-zA-Z0-9_+~$!*-]{6,20}[a-zA-Z0-9]",
        before in surroundings(), after in surroundings(), depth in 0..4_usize,
    ) {
        let line = format!("{before}{} {after}", shape.replace("{}", &secret));
        let line = if depth == 0 { line } else { format!(r#"{{"m":{}}}"#, string(&line, depth - 1)) };
        let (out, _) = masked(&line);
        prop_assert!(!out.contains(&secret), "{}\n{}", line, out);
        prop_assert!(depth == 0 || serde_json::from_str::<&RawValue>(&out).is_ok(), "{}\n{}", line, out);
    }

    #[test]
    fn a_secret_of_the_corpus_never_survives_whatever_it_is(
        shape in select(shapes()), secret in "[a-zA-Z][a-zA-Z0-9]{6,20}[0-9]", before in surroundings(), depth in 0..3_usize,
    ) {
        let line = shape.replace("hunter2", &secret);
        let line = if depth == 0 { line } else { format!(r#"{{"m":{}}}"#, string(&format!("{before}{line}"), depth - 1)) };
        let (out, _) = masked(&line);
        prop_assert!(!out.contains(&secret), "{}\n{}", line, out);
        prop_assert!(depth == 0 || serde_json::from_str::<&RawValue>(&out).is_ok(), "{}\n{}", line, out);
    }

    #[test]
    fn a_secret_text_never_survives(
        shape in select(QUOTED), start in "[a-z]{8}", rest in "\\PC{0,20}", before in surroundings(), depth in 0..4_usize,
    ) {
        // Further in the rest may be spelled in another way, so the start is what must not survive.
        let line = shape.replace("{}", &string(&format!("{start}{rest}"), 0));
        let line = if depth == 0 { line } else { format!(r#"{{"m":{}}}"#, string(&format!("{before}{line}"), depth - 1)) };
        let (out, _) = masked(&line);
        prop_assert!(!out.contains(&start), "{}\n{}", line, out);
        prop_assert!(rest.len() < 8 || !out.contains(rest.as_str()), "{}\n{}", line, out);
        let was_json = serde_json::from_str::<&RawValue>(&line).is_ok();
        prop_assert!(!was_json || serde_json::from_str::<&RawValue>(&out).is_ok(), "{}\n{}", line, out);
    }

    #[test]
    fn json_stays_json(value in json()) {
        let line = format!(r#"{{"m":{value}}}"#);
        let (out, _) = masked(&line);
        prop_assert!(serde_json::from_str::<&RawValue>(&out).is_ok(), "{}\n{}", line, out);
    }

    #[test]
    fn json_stays_json_where_quotes_do_not_match(pieces in vec(select(UNEVEN), 1..8), depth in 0..3_usize) {
        let line = format!(r#"{{"m":{},"user":"ada"}}"#, string(&pieces.concat(), depth));
        let (out, _) = masked(&line);
        prop_assert!(serde_json::from_str::<&RawValue>(&out).is_ok(), "{}\n{}", line, out);
        prop_assert!(out.ends_with(r#","user":"ada"}"#), "{}\n{}", line, out);
    }

    #[test]
    fn any_bytes_can_be_searched(pieces in vec(prop_oneof![piece().prop_map(String::into_bytes), any::<[u8; 2]>().prop_map(Vec::from)], 0..30)) {
        let text = pieces.concat();
        let mut scratch = Scratch::default();
        let (out, count) = MASKER.mask(&text, &mut scratch);
        prop_assert_eq!(count == 0, out == text);
    }
}

/// Lines with a secret that is one word.
fn shapes() -> Vec<&'static str> {
    rows().map(|(text, _)| *text).filter(|text| text.contains("hunter2")).collect()
}

/// Pieces of texts in which a value may be cut, or end in a backslash.
const UNEVEN: &[&str] = &[
    "password=",
    "pwd: ",
    "token=\"",
    "name=\"password\"\r\n\r\n",
    "\"",
    "\"",
    "\\",
    "\\",
    "'",
    "(",
    ")",
    "Some(",
    "f",
    "C:",
    " ",
    ",",
    "\n",
];

/// Pieces of which hostile texts are made.
const PIECES: &[&str] = &[
    "password",
    "pwd",
    "token",
    "cookie",
    "Authorization",
    "secret",
    "--password",
    "session",
    "=",
    ":",
    ": ",
    " = ",
    "%3D",
    "=>",
    "\"",
    "'",
    "\\",
    "\\\"",
    "hunter2",
    " ",
    "\n",
    "\r\n\r\n",
    "{",
    "}",
    "[",
    "]",
    ",",
    "<",
    ">",
    "</",
    "&",
    ";",
    "@",
    "://",
    "u:",
    "@tcp(",
    "-----BEGIN PRIVATE KEY-----",
    "-----END",
    "eyJhbGciOiJI.eyJzdWIi.x",
    "&quot;",
    "%22",
    "%22%3A%22",
    "name=",
    "value",
    "\\u0022",
    "\\u0070wd",
    "Bearer ",
    "Basic ",
    "[masked]",
    "1",
    "-",
    ".",
    "ghp_",
    "AKIA",
    "name",
    "value=",
    "\"password\",\"",
    "identified by ",
    "IDENTIFIED WITH x AS '",
    "mysql -p",
    "curl -u a:",
    ";s:7:\"",
    "string(3) ",
    "<password>",
    "<![CDATA[",
    "&lt;pwd&gt;",
    "\\x22",
    "|\n  ",
    "!",
    "a b",
    "->",
    "hooks.slack.com/services/",
    "sig=",
    "$2a$",
    "basic ",
];

fn piece() -> impl Strategy<Value = String> {
    select(PIECES).prop_map(str::to_owned)
}

fn json() -> impl Strategy<Value = Value> {
    let text = vec(piece(), 0..8).prop_map(|pieces| pieces.concat());
    let leaf =
        prop_oneof![4 => text.prop_map(Value::from), 1 => any::<i32>().prop_map(Value::from), 1 => Just(Value::Null)];
    leaf.prop_recursive(4, 24, 5, |inner| {
        let members = vec((vec(piece(), 1..3), inner.clone()), 0..5);
        prop_oneof![
            members.prop_map(|members| members.into_iter().map(|(n, v)| (n.concat(), v)).collect::<Map<_, _>>().into()),
            vec(inner.clone(), 0..4).prop_map(Value::from),
            inner.prop_map(|value| value.to_string().into()),
        ]
    })
}
