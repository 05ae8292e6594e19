//! A row as the bytes of an HTTP/1.1 request.

use std::fmt::Write;

use serde_json::json;

use crate::scenario::{Action, Row};
use crate::simulator::replica::Replica;

/// The head, with its empty line, and the body.
#[must_use]
pub fn of(row: &Row, replica: &Replica, credential: &str) -> (String, String) {
    let (path, body) = path_and_body(row);
    let body = ascii(&body.to_string());
    let head = format!(
        "POST {prefix}{path}?latest={id} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: minitwit-simulate/{version}\r\n\
         Accept-Encoding: gzip, deflate\r\nAccept: */*\r\nConnection: close\r\nContent-Type: application/json\r\n\
         Authorization: {credential}\r\nContent-Length: {length}\r\n\r\n",
        prefix = replica.prefix,
        id = row.id,
        host = replica.authority,
        version = env!("CARGO_PKG_VERSION"),
        length = body.len(),
    );
    (head, body)
}

fn path_and_body(row: &Row) -> (String, serde_json::Value) {
    let user = percent_encoded(&row.user);
    match &row.action {
        Action::Register { email, password } => {
            ("/register".to_owned(), json!({"username": row.user, "email": email, "pwd": password}))
        }
        Action::Tweet { text } => (format!("/msgs/{user}"), json!({"content": text})),
        Action::Follow { other } => (format!("/fllws/{user}"), json!({"follow": other})),
        Action::Unfollow { other } => (format!("/fllws/{user}"), json!({"unfollow": other})),
    }
}

/// Everything but RFC 3986's unreserved characters as `%XX`.
#[must_use]
pub fn percent_encoded(name: &str) -> String {
    name.bytes().fold(String::with_capacity(name.len()), |mut encoded, byte| {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            write!(encoded, "%{byte:02X}").expect("a string can always be written to");
        }
        encoded
    })
}

/// The same JSON with `\uXXXX` for all that is not ASCII, as Python's `json.dumps` writes it.
fn ascii(json: &str) -> String {
    json.chars().fold(String::with_capacity(json.len()), |mut escaped, character| {
        if character.is_ascii() {
            escaped.push(character);
        } else {
            for unit in character.encode_utf16(&mut [0; 2]) {
                write!(escaped, "\\u{unit:04x}").expect("a string can always be written to");
            }
        }
        escaped
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(action: Action) -> (String, String) {
        let row = Row { line: 1, id: 42, epoch_ms: 0, user: "Zoë M. + Jo".to_owned(), action };
        of(&row, &"http://localhost:8001".parse().expect("the URL is good"), "Basic x")
    }

    #[test]
    fn a_tweet_names_its_author_in_the_path_and_escapes_what_is_not_ascii() {
        let (head, body) = sent(Action::Tweet { text: "“say \"hi\"\\ 🦊”".to_owned() });
        assert!(head.starts_with("POST /msgs/Zo%C3%AB%20M.%20%2B%20Jo?latest=42 HTTP/1.1\r\nHost: localhost:8001\r\n"));
        assert!(head.contains("\r\nConnection: close\r\n") && head.contains("\r\nAuthorization: Basic x\r\n"));
        assert!(head.ends_with(&format!("\r\nContent-Length: {}\r\n\r\n", body.len())));
        assert_eq!(body, r#"{"content":"\u201csay \"hi\"\\ \ud83e\udd8a\u201d"}"#);
    }

    #[test]
    fn a_registration_and_a_follow_have_the_apis_keys() {
        let (head, body) = sent(Action::Register { email: "z@m".to_owned(), password: "a\\b".to_owned() });
        assert!(head.starts_with("POST /register?latest=42 "));
        assert_eq!(body, r#"{"email":"z@m","pwd":"a\\b","username":"Zo\u00eb M. + Jo"}"#);
        let (head, body) = sent(Action::Follow { other: "Ada B".to_owned() });
        assert!(head.starts_with("POST /fllws/Zo%C3%AB%20M.%20%2B%20Jo?latest=42 "));
        assert_eq!(body, r#"{"follow":"Ada B"}"#);
        assert_eq!(sent(Action::Unfollow { other: "Ada B".to_owned() }).1, r#"{"unfollow":"Ada B"}"#);
    }
}
