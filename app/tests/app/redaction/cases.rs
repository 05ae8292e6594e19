//! The corpus: where a secret may stand in a request, each case by its name.

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use futures_util::stream;
use minitwit::middleware::identify::Caller;
use minitwit::middleware::request_id::RequestId;

use super::canary::{Canary, NUMBER, hex, percent, unicode};
use crate::recorded_log::{to, with_body};

const FORM: &str = "application/x-www-form-urlencoded";
const JSON: &str = "application/json";

/// One place for a secret.
pub struct Case {
    pub name: &'static str,
    pub request: Request,
}

pub fn all(canary: &Canary) -> Vec<Case> {
    let s = canary.plain.as_str();
    [targets(s), headers(s), forms(s), objects(s), bodies(s), answers(s)].into_iter().flatten().collect()
}

fn case(name: &'static str, request: Request) -> Case {
    Case { name, request }
}

fn targets(s: &str) -> Vec<Case> {
    let get = |name, target: String| case(name, to("GET", &target));
    let encoded = percent(s);
    let twice = encoded.replace('%', "%25");
    vec![
        get("query of a login", format!("/login?password={s}")),
        get("query key in percent form", format!("/login?%70assword={s}")),
        get("query value in percent form", format!("/login?password={encoded}")),
        get("query encoded twice", format!("/login?password={twice}&{twice}")),
        get("query key of an array", format!("/login?password[]={s}&p[password]={s}")),
        get("query without a value", format!("/?{s}")),
        get("secret as key", format!("/?{s}=1")),
        get("allowed key, other value", format!("/?p={s}&no=1{s}&latest={s}1")),
        get("allowed key twice", format!("/?p=1&p={s}")),
        get("allowed key, huge number", format!("/?latest={NUMBER}&p=-{NUMBER}&no=+{NUMBER}")),
        get("allowed key in another case", format!("/?P={s}&LATEST={NUMBER}")),
        get("JSON in the query", format!("/?q=%7B%22pwd%22:%22{s}%22%7D")),
        get("semicolons in the query", format!("/?p=1;password={s}")),
        get("query in the query", format!("/?p=1?password={s}")),
        get("path segment", format!("/reset/{s}")),
        get("path segment in percent form", format!("/reset/{encoded}")),
        get("path segment encoded twice", format!("/reset/{twice}")),
        get("matrix parameter of a route", format!("/login;password={s}")),
        get("matrix parameter of a known word", format!("/admin;jsessionid={s}/x")),
        get("matrix parameter after a name", format!("/ada;password={s}")),
        get("name that nobody has", format!("/{s}")),
        get("name with a slash", format!("/a%2F{s}")),
        get("name after the simulator's route", format!("/msgs/{s}")),
        get("user information in a path", format!("/ada:{s}@minitwit.example/")),
        get("address in a path", format!("/http://ada:{s}@host/")),
        get("deep path", format!("{}/{s}", "/api".repeat(50))),
        get("traversal", format!("/..;/{s}/%2e%2e/{s}")),
        get("asset", format!("/static/{s}.css")),
        get("NUL in a path", format!("/{s}%00.png")),
        get("invalid UTF-8 in a path", format!("/{s}%ff")),
        get("absolute target with user information", format!("http://ada:{s}@minitwit.example/login")),
        get("absolute target of another host", format!("http://{s}.example/login?token={s}")),
        case("invented method", to(s, "/login")),
        case("method in lower case", to(&s.to_lowercase(), "/")),
    ]
}

fn headers(s: &str) -> Vec<Case> {
    let with = |title, name: &str, value: String| {
        let mut request = to("GET", "/");
        let name: HeaderName = name.parse().unwrap();
        request.headers_mut().insert(name, HeaderValue::from_bytes(value.as_bytes()).unwrap());
        case(title, request)
    };
    let mut with_id = to("GET", "/");
    let id = RequestId(HeaderValue::from_str(&format!("id={s}")).unwrap());
    with_id.extensions_mut().insert(Caller { address: [10, 0, 0, 9].into(), secure: false, id });
    vec![
        case("request id of a strange shape", with_id),
        with("host", "host", s.into()),
        with("host in lower case", "host", format!("{}.example", s.to_lowercase())),
        with("host with user information", "host", format!("ada:{s}@minitwit.example")),
        with("host with a port that is none", "host", format!("minitwit.example:{s}")),
        with("user agent", "user-agent", s.into()),
        with("user agent with a version", "user-agent", format!("curl/{s}")),
        with("user agent with a product", "user-agent", format!("Mozilla/5.0 {s}/1.0")),
        with("user agent with a comment", "user-agent", format!("Mozilla/5.0 (X11; {s}; Linux)")),
        with(
            "user agent with a link",
            "user-agent",
            format!("Mozilla/5.0 (compatible; bot; +http://ada:{s}@host/?k={s})"),
        ),
        with("user agent with a number", "user-agent", format!("curl/{NUMBER} {NUMBER}")),
        with("user agent with a key", "user-agent", format!("password={s}")),
        with("user agent that is long", "user-agent", format!("Mozilla/5.0 {}{s}", "Linux ".repeat(100))),
        with("referrer's query", "referer", format!("http://minitwit.example/login?password={s}")),
        with("referrer's fragment", "referer", format!("http://minitwit.example/#access_token={s}")),
        with("referrer's path", "referer", format!("http://minitwit.example/reset/{s}")),
        with("referrer's user information", "referer", format!("http://ada:{s}@minitwit.example/")),
        with("referrer's user", "referer", format!("https://{s}@example.org/")),
        with("referrer's host", "referer", format!("http://{s}/")),
        with("referrer's first label", "referer", format!("http://{s}.example.org/")),
        with("referrer's label of digits", "referer", format!("http://{NUMBER}.example.org/")),
        with("referrer's port", "referer", format!("http://example.org:{s}/")),
        with("referrer's scheme", "referer", format!("data:text/plain,{s}")),
        with("foreign referrer", "referer", format!("https://example.org/{s}?q={s}#{s}")),
        with("referrer with a backslash", "referer", format!("https://example.org\\@{s}/")),
        with("referrer that is not UTF-8", "referer", format!("http://localhost/\u{e9}{s}")),
        with("content type", "content-type", format!("application/{s}")),
        with("content type's parameter", "content-type", format!("application/json; password={s}; boundary=\"{s}\"")),
        with("cookie", "cookie", format!("session={s}; {s}=1")),
        with("authorization", "authorization", format!("Basic {}", STANDARD.encode(format!("ada:{s}")))),
        with("bearer", "authorization", format!("Bearer {s}")),
        with("authorization at a proxy", "proxy-authorization", format!("Basic {s}")),
        with("authorization behind a proxy", "x-forwarded-authorization", format!("Basic {s}")),
        with("forwarded address", "x-forwarded-for", s.into()),
        with("request id that nobody vouches for", "x-request-id", s.into()),
        with("key of another system", "x-api-key", s.into()),
        with("trace", "traceparent", s.into()),
        with("header's name", s, "1".into()),
        with("content length that is none", "content-length", s.into()),
        with("expectation", "expect", s.into()),
    ]
}

fn forms(s: &str) -> Vec<Case> {
    let login = |name, body: String| case(name, with_body(to("POST", "/login"), FORM, body));
    let post = |name, body: String| case(name, with_body(to("POST", "/add_message"), FORM, body));
    let encoded = percent(s);
    vec![
        login("password", format!("username=ada&password={s}")),
        login("password twice", format!("username=ada&password=x&password={s}")),
        login("password in percent form", format!("username=ada&password={encoded}")),
        login("key in percent form", format!("username=ada&pass%77ord={s}")),
        login("key in another case", format!("username=ada&PASSWORD={s}&Password={s}")),
        login("key with a space", format!("username=ada&+password={s}&password+={s}")),
        login("key with NUL", format!("username=ada&password%00={s}")),
        login("key of an array", format!("username=ada&password[]={s}&user[password]={s}")),
        login("semicolons", format!("username=ada;password={s}")),
        login("password typed as name", format!("username={s}&password=x")),
        login("name twice", format!("username=ada&username={s}&password=x")),
        login("name with more", format!("username=ada%26password%3D{s}&password=x")),
        login("JSON sent as form", format!("{{\"username\":\"ada\",\"pwd\":\"{s}\"}}")),
        login("secret as key", format!("username=ada&{s}=1&{s}")),
        login("field of another route", format!("username=ada&text={s}&email={s}&password2={s}")),
        post("message twice", format!("text=hello&text={s}")),
        post("message in another case", format!("text=hello&Text={s}")),
        post("password beside a message", format!("text=hello&password={s}&token={encoded}")),
    ]
}

fn objects(s: &str) -> Vec<Case> {
    let post = |name, body: String| case(name, with_body(to("POST", "/msgs/ada"), JSON, body));
    let mut trusted =
        with_body(to("POST", &format!("/msgs/ada%3Bpwd%3D{s}")), JSON, format!("{{\"follow\":\"a={s}\"}}"));
    trusted.headers_mut().insert("authorization", HeaderValue::from_static("Basic right"));
    vec![
        case("trusted name that cannot be one", trusted),
        post("member", format!("{{\"content\":\"hi\",\"pwd\":\"{s}\"}}")),
        post("unknown member", format!("{{\"content\":\"hi\",\"token\":\"{s}\",\"{s}\":1}}")),
        post("member in another case", format!("{{\"content\":\"hi\",\"PwD\":\"{s}\",\"Content\":\"{s}\"}}")),
        post("escaped key", format!("{{\"\\u0070wd\":\"{s}\",\"content\":\"hi\"}}")),
        post("escaped value", format!("{{\"pwd\":\"{}\",\"x\":\"{}\"}}", unicode(s), unicode(s))),
        post("escaped quote", format!("{{\"pwd\":\"a\\\"{s}\"}}")),
        post("number", format!("{{\"pwd\":{NUMBER},\"no\":{NUMBER},\"content\":{NUMBER}}}")),
        post("number with a fraction", format!("{{\"no\":0.{NUMBER},\"follow\":{NUMBER}e3}}")),
        post("array of secrets", format!("{{\"pwd\":[\"{s}\"],\"content\":[\"{s}\"]}}")),
        post("object of secrets", format!("{{\"pwd\":{{\"content\":\"{s}\"}},\"content\":{{\"pwd\":\"{s}\"}}}}")),
        post("deep object", format!("{}\"{s}\"{}", "{\"content\":".repeat(100), "}".repeat(100))),
        post("two members of one name", format!("{{\"pwd\":\"x\",\"pwd\":\"{s}\"}}")),
        post("array at the top", format!("[{{\"pwd\":\"{s}\"}}]")),
        post("string at the top", format!("\"{s}\"")),
        post("object as text", format!("{{\"follow\":\"{{\\\"pwd\\\":\\\"{s}\\\"}}\"}}")),
        post("truncated", format!("{{\"content\":\"hi\",\"pwd\":\"{s}")),
        post("byte order mark", format!("\u{feff}{{\"pwd\":\"{s}\"}}")),
        post("trailing garbage", format!("{{\"content\":\"hi\"}}{s}")),
        post("several lines of JSON", format!("{{\"content\":\"hi\"}}\n{{\"pwd\":\"{s}\"}}")),
        post("comment", format!("{{\"content\":\"hi\"/* {s} */}}")),
        post("single quotes", format!("{{'pwd':'{s}'}}")),
        post("lone surrogate", format!("{{\"content\":\"\\ud800{s}\"}}")),
    ]
}

fn bodies(s: &str) -> Vec<Case> {
    let post = |name, kind: &str, body: Vec<u8>| case(name, with_body(to("POST", "/login"), kind, body));
    let form = format!("username=ada&password={s}");
    let pieces = ["username=a&passw", "ord=", &s[..3], &s[3..]]
        .map(|piece| Ok::<_, std::io::Error>(Bytes::from(piece.to_owned())));
    let boundary = "multipart/form-data; boundary=b";
    let part = format!("--b\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\n{s}\r\n--b--");
    let utf16 = |swap: bool| {
        form.encode_utf16().flat_map(|unit| if swap { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    };
    let long = format!("username=ada&{}={s}", "x".repeat(200_000));
    vec![
        case("pieces", with_body(to("POST", "/login"), FORM, Body::from_stream(stream::iter(pieces)))),
        case("method that has no body", with_body(to("GET", "/"), FORM, form.clone())),
        case("route that is none", with_body(to("POST", "/a/b/c"), FORM, form.clone())),
        post("multipart", boundary, part.into_bytes()),
        post("text", "text/plain", form.clone().into_bytes()),
        post("no type we know", "x/y", form.clone().into_bytes()),
        post("XML", "application/xml", format!("<pwd>{s}</pwd>").into_bytes()),
        post("UTF-16, little end first", FORM, utf16(false)),
        post("UTF-16, big end first", FORM, utf16(true)),
        post("not UTF-8", FORM, [form.as_bytes(), b"\xff\xfe"].concat()),
        post("Base64", FORM, STANDARD.encode(&form).into_bytes()),
        post("hexadecimal", FORM, hex(form.bytes()).into_bytes()),
        // A stored block (RFC 1951, 3.2.4) has its bytes in clear.
        post("compressed", FORM, [b"\x1f\x8b\x08\0\0\0\0\0\0\x03\x01\x20\0\xdf\xff", form.as_bytes()].concat()),
        post("large", FORM, long.into_bytes()),
        post("control characters", FORM, format!("username=ada%0d%0a{s}%1b[31m\r\n{s}\0").into_bytes()),
    ]
}

fn answers(s: &str) -> Vec<Case> {
    let redirect = |name, location: String| {
        let location: String = form_urlencoded::byte_serialize(location.as_bytes()).collect();
        case(name, to("GET", &format!("/redirect?to={location}")))
    };
    let fail = |name, message: String| case(name, with_body(to("POST", "/fail"), "text/plain", message));
    vec![
        redirect("fragment of a redirect", format!("/timeline#token={s}")),
        redirect("query of a redirect", format!("/?before=3&password={s}")),
        redirect("path of a redirect", format!("/{s}")),
        redirect("redirect to another site", format!("https://example.org/{s}?a={s}#{s}")),
        redirect("redirect with user information", format!("https://ada:{s}@example.org/")),
        redirect("redirect without a scheme", format!("//{s}/")),
        redirect("redirect that is relative", s.into()),
        fail("address of a database", format!("error connecting to postgres://mt:{s}@db/mt")),
        fail("statement", format!("SELECT * FROM users WHERE pw_hash='{s}'")),
        fail("value in a driver's message", format!("invalid value \"{s}\" for column; Key (username)=({s}) exists")),
        fail("debug form", format!("Login {{ password: \"{s}\" }}\n  at {s}")),
        fail("link in a message", format!("cannot reach http://127.0.0.1:9200/{s} or https://{s}@host")),
    ]
}
