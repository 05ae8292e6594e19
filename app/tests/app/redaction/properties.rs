//! The same for random secrets in random structures.

use axum::extract::Request;
use axum::http::{HeaderValue, header};
use minitwit::telemetry::Format;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::canary::{Canary, percent, unicode};
use crate::recorded_log::{RecordedSite, to, with_body};

const FORM: &str = "application/x-www-form-urlencoded";

/// Secrets as people and machines make them; long enough not to occur by chance.
fn secret() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Za-z]{3,6}[0-9]{2,5}[A-Za-z]{3,8}",
        "[A-Za-z0-9]{4,8}[!#$%&*+/=?@^_~.-]{1,3}[0-9]{1,4}[A-Za-z]{4,8}",
        "[a-z]{4}[äöü名]{2,3}[0-9]{3}[\"'\\\\<> ]{1,2}[A-Z]{4}",
    ]
}

/// JSON of any shape whose every leaf and some keys are the secret.
fn structure(secret: String) -> impl Strategy<Value = Value> {
    let keys = prop_oneof![Just("pwd".to_owned()), Just("content".to_owned()), Just(secret.clone()), "[a-zA-Z_ ]{1,8}"];
    Just(Value::String(secret)).prop_recursive(4, 16, 4, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::Array),
            prop::collection::vec((keys.clone(), inner), 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// A body with the structure in a form that a client, or somebody who looks for holes, could choose.
fn body(secret: &str, structure: &Value, way: u8) -> (&'static str, Vec<u8>) {
    // A bare string would be a message's text, which is public.
    let hidden = if structure.is_string() { json!([structure]) } else { structure.clone() };
    let text = json!({"content": hidden, "pwd": structure, "x": structure, secret: structure}).to_string();
    match way {
        0 => ("application/json", text.into_bytes()),
        1 => ("application/json", text.replace(secret, &unicode(secret)).into_bytes()),
        2 => ("application/json", text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        3 => ("application/json", [text.as_bytes(), b" ", secret.as_bytes()].concat()),
        4 => ("application/json", text.as_bytes()[..text.len() - 1].to_vec()),
        5 => ("text/plain", text.into_bytes()),
        6 => (
            FORM,
            format!("username={}&password={}&{}=1", percent(secret), percent(secret), percent(secret)).into_bytes(),
        ),
        7 => (FORM, format!("text=a&text={}", percent(secret)).into_bytes()),
        8 => (FORM, format!("username=ada;password={}", percent(secret)).into_bytes()),
        _ => ("multipart/form-data; boundary=b", format!("--b\r\n\r\n{secret}\r\n--b--").into_bytes()),
    }
}

fn target(secret: &str, way: u8) -> String {
    let once = percent(secret);
    match way {
        0 => format!("/msgs/{once}?no={once}&{once}={once}"),
        1 => format!("/login;password={once}"),
        2 => format!("/{}/{}", once.replace('%', "%25"), once),
        3 => format!("/redirect?to=/{once}%23{once}"),
        4 => format!("/redirect?to=https://a:{once}@example.org/{once}?p={once}"),
        5 => "/fail".into(),
        6 => format!("/{once}"),
        _ => "/login".into(),
    }
}

fn request(secret: &str, structure: &Value, ways: (u8, u8, u8)) -> Request {
    let (content_type, body) = body(secret, structure, ways.1);
    let mut request = with_body(to("POST", &target(secret, ways.0)), content_type, body);
    let name = [header::USER_AGENT, header::REFERER, header::HOST, header::CONTENT_TYPE, header::COOKIE];
    let around = ["{}", "Mozilla/5.0 ({})", "http://localhost/{}", "http://a:{}@localhost/", "application/json;a={}"];
    for (at, name) in name.into_iter().enumerate() {
        let shape = around[(at + usize::from(ways.2)) % around.len()];
        if (usize::from(ways.2) >> at) & 1 == 1 {
            let value = shape.replace("{}", secret);
            request.headers_mut().insert(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        }
    }
    request
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn a_random_secret_in_any_place_is_not_in_the_line(
        (secret, structure) in secret().prop_flat_map(|secret| (Just(secret.clone()), structure(secret))),
        ways in (0..8_u8, 0..10_u8, 0..32_u8),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let site = RecordedSite::start(Format::Json);
        let log = runtime.block_on(site.log_of(request(&secret, &structure, ways)));
        prop_assert!(serde_json::from_slice::<Value>(&log).is_ok());
        Canary::new(&secret).assert_absent(&log, "line");
    }
}
