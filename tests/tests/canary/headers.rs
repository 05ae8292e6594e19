//! The canary in a request's header.

use e2e::canary::forms::{base64_digits, percent};

use crate::cast::Cast;
use crate::stage::basic;
use crate::wish::{Door, FORM, Request, Wish};

/// Headers whose value is the canary, as it is and as its first word.
const NAMES: &[&str] = &[
    "Accept",
    "Accept-Language",
    "Authorization",
    "Content-Encoding",
    "Content-Type",
    "Cookie",
    "Date",
    "Expect",
    "Forwarded",
    "From",
    "Host",
    "If-Modified-Since",
    "If-None-Match",
    "Origin",
    "Password",
    "Proxy-Authorization",
    "Range",
    "Referer",
    "Sec-Fetch-Site",
    "TE",
    "Transfer-Encoding",
    "Upgrade",
    "User-Agent",
    "Via",
    "X-Api-Key",
    "X-Forwarded-For",
    "X-Forwarded-Host",
    "X-Forwarded-Proto",
    "X-Real-IP",
    "X-Request-Id",
    "traceparent",
];

/// Everything of this kind.
pub fn all(cast: &Cast<'_>) -> Vec<Wish> {
    let names = NAMES.iter().flat_map(|name| [(*name, cast.canary.word.clone()), (*name, cast.canary.whole.clone())]);
    let headers = names.map(|(name, value)| (name.to_owned(), value)).chain(composed(cast));
    headers.flat_map(|(name, value)| bearers(cast, &name, &value)).collect()
}

/// Requests that carry a header: a page, a resource, a form, an object.
fn bearers(cast: &Cast<'_>, name: &str, value: &str) -> [Wish; 5] {
    let form = Request::of(Door::Web, "POST", "/login");
    let typed = if name.eq_ignore_ascii_case("content-type") { form } else { form.header("Content-Type", FORM) };
    let requests = [
        Request::get(Door::Web, "/public"),
        cast.as_member(Request::get(Door::Web, "/")),
        Request::get(Door::Api, "/msgs"),
        Request::get(Door::Ops, "/readyz"),
        typed.header("Content-Length", "0"),
    ];
    requests.map(|request| request.header(name, value).wish())
}

/// Headers in which the canary has company.
fn composed(cast: &Cast<'_>) -> Vec<(String, String)> {
    let (word, whole, escaped) = (&cast.canary.word, &cast.canary.whole, percent(&cast.canary.whole, true));
    let base64: String = base64_digits(whole.as_bytes(), b"-_").into_iter().map(char::from).collect();
    let composed = [
        ("Host", format!("{word}:8000")),
        ("Host", format!("{word}.example")),
        ("Host", format!("ada:{word}@localhost")),
        ("Host", format!("localhost:{word}")),
        ("Referer", format!("http://localhost/login?username=ada&password={escaped}")),
        ("Referer", format!("http://localhost/login#password={escaped}")),
        ("Referer", format!("http://localhost/{escaped}/{word};{word}")),
        ("Referer", format!("http://ada:{escaped}@localhost/login")),
        ("Referer", format!("http://{word}/")),
        ("Referer", format!("https://{word}.example/{word}?{word}#{word}")),
        ("Referer", format!("https://{}.example/", word.to_lowercase())),
        ("Origin", format!("http://ada:{word}@localhost")),
        ("Cookie", format!("session={word}")),
        ("Cookie", format!("session={word:x<43}")),
        ("Cookie", format!("flash={word}; password={whole}; __Host-session={word}")),
        ("Cookie", format!("flash=posted-{base64}.logged_in.{word}")),
        ("Authorization", basic(&format!("simulator:{whole}x"))),
        ("Authorization", basic(whole)),
        ("Authorization", format!("Bearer {word}")),
        ("Authorization", format!("Digest username=\"ada\", response=\"{word}\"")),
        ("User-Agent", format!("Mozilla/5.0 ({word}; Linux x86_64) Firefox/{word}")),
        ("User-Agent", format!("curl/8.5.0 {whole}")),
        ("Content-Type", format!("{FORM}; charset={word}")),
        ("Content-Type", format!("{FORM}; password=\"{whole}\"")),
        ("Content-Type", format!("application/{word}")),
        ("Content-Type", format!("multipart/form-data; boundary={word}")),
        ("X-Forwarded-For", format!("127.0.0.1, {word}")),
        ("Forwarded", format!("for={word};host={word};proto={word}")),
        ("X-Request-Id", format!("{word}-{word}")),
        ("traceparent", format!("00-{word}-{word}-01")),
        ("If-None-Match", format!("\"{word}\"")),
        ("Expect", format!("100-continue;{word}")),
        ("Connection", format!("close, {word}")),
        ("Content-Length", word.clone()),
    ];
    let unknown = [(word.clone(), "1".to_owned()), (format!("X-{word}"), whole.clone())];
    composed.map(|(name, value)| (name.to_owned(), value)).into_iter().chain(unknown).collect()
}
