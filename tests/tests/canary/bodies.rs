//! The canary in a request's body: typed into each field, and in every shape that a body can come in.

use e2e::canary::Canary;
use e2e::canary::forms::percent;
use serde_json::json;

use crate::cast::{Cast, MEMBER, OTHER};
use crate::wire::Manner;
use crate::wish::{Door, FORM, Request, Wish};

/// Everything of this kind.
pub fn all(cast: &Cast<'_>) -> Vec<Wish> {
    let mut wishes = typed_into_the_wrong_field(cast.canary);
    wishes.extend(objects(cast).into_iter().flat_map(|body| requests_with(cast, &body)));
    wishes.extend(shapes(cast.canary).into_iter().flat_map(|(media_type, body)| misplaced(cast, &media_type, &body)));
    wishes.extend(carried_otherwise(cast.canary));
    wishes.extend(posted_by_a_member(cast));
    wishes
}

/// A sign-in and a sign-up with something wrong: the page keeps the name and the address, and nobody else learns them.
fn typed_into_the_wrong_field(canary: &Canary) -> Vec<Wish> {
    let secret = &percent(&canary.whole, true);
    let login =
        |name: &str, password: &str| Request::form("/login", format!("username={name}&password={password}")).wish();
    let register = |name: &str, email: &str, password: &str, repeated: &str| {
        let form = format!("username={name}&email={email}&password={password}&password2={repeated}");
        Request::form("/register", form).wish()
    };
    vec![
        login(OTHER, secret).answered(200),
        login("nobody", secret).answered(200),
        login(secret, "x").form_returns(),
        login(secret, secret).form_returns(),
        login(&canary.word, "x").form_returns(),
        login(&canary.word, &canary.word).form_returns(),
        login(&percent(&canary.whole, false), "").form_returns(),
        register("carl", "c%40example.com", secret, "x").answered(200),
        register("carl", "c%40example.com", "x", secret).answered(200),
        register("carl", "no-at", secret, secret).answered(200),
        register(MEMBER, "c%40example.com", secret, secret).answered(200),
        register("carl", secret, secret, "x").form_returns(),
        register(MEMBER, secret, secret, secret).form_returns(),
        register(secret, "c%40example.com", secret, "x").form_returns(),
        register(secret, secret, secret, "x").form_returns(),
        register(&canary.word, &canary.word, secret, secret).form_returns(),
        register(&format!("%20{secret}"), "c%40example.com", secret, secret).form_returns(),
        register(&secret.repeat(4), "c%40example.com", secret, secret).form_returns(),
        register("carl", "c%40example.com", &secret.repeat(40), &secret.repeat(40)).answered(200),
    ]
}

/// What the simulator could send, with something wrong.
fn objects(cast: &Cast<'_>) -> Vec<String> {
    let Canary { whole, word, .. } = cast.canary;
    let escaped: String = whole.encode_utf16().fold(String::new(), |text, unit| format!("{text}\\u{unit:04x}"));
    let deep = format!("{}{}{}", "[".repeat(200), json!(whole), "]".repeat(200));
    let values = [
        json!({ "username": "carl", "email": "no-at", "pwd": whole }),
        json!({ "username": whole, "email": "no-at", "pwd": whole }),
        json!({ "username": "", "email": whole, "pwd": whole }),
        json!({ "username": format!(" {whole}"), "email": whole, "pwd": whole }),
        json!({ "username": MEMBER, "email": whole, "pwd": whole }),
        json!({ "username": { whole: whole }, "email": [whole], "pwd": { "pwd": whole } }),
        json!({ "username": "carl", "email": "c@example.com", "pwd": whole.repeat(40) }),
        json!({ "username": "carl", "email": "c@example.com", "pwd": [whole] }),
        json!({ "username": "carl", "email": "c@example.com", "password": whole, whole: whole }),
        json!({ "follow": whole }),
        json!({ "unfollow": [whole], "pwd": word }),
        json!({ "content": { whole: whole } }),
        json!([whole, { "pwd": whole }]),
        json!(whole),
    ];
    let texts = [
        format!(r#"{{"username":"{escaped}","email":"no-at","pwd":"{escaped}"}}"#),
        format!(r#"{{"\u0070wd":"{escaped}","{escaped}":"{escaped}"}}"#),
        format!(r#"{{"username":"carl","email":"no-at","pwd":"x","pwd":{},"username":{}}}"#, json!(whole), json!(word)),
        format!(r#"{{"username":"carl","email":"no-at","pwd":{}"#, json!(whole)),
        format!(r#"{{"username":"carl","email":"no-at","pwd":"{word}"#),
        format!(r#"{{"username":"carl","email":"no-at","pwd":"x"}} {word}"#),
        format!(r#"{{"username":"carl","email":"no-at","pwd":{word}}}"#),
        format!(r"{{'pwd':'{word}'}}"),
        format!("\u{feff}{}", json!({ "pwd": whole })),
        format!("pwd={}", percent(whole, true)),
        format!("{word}\n{word}"),
        deep,
    ];
    values.iter().map(ToString::to_string).chain(texts).collect()
}

/// Each object goes to each resource that takes one; to messages and followers with the credential and without.
fn requests_with(cast: &Cast<'_>, body: &str) -> Vec<Wish> {
    let posts = |target: &str| Request::json(target, body);
    let (messages, followers) = (format!("/msgs/{MEMBER}"), format!("/fllws/{MEMBER}"));
    let requests = [
        posts("/register"),
        posts("/register?latest=7").old(),
        cast.as_simulator(posts(&messages)),
        cast.as_simulator(posts(&followers)),
        posts(&messages),
    ];
    requests.map(Request::wish).into()
}

/// Bodies of every type, also of another than they say.
fn shapes(canary: &Canary) -> Vec<(String, Vec<u8>)> {
    let Canary { whole, word, .. } = canary;
    let secret = percent(whole, true);
    let all = percent(whole, false);
    let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
    let form = |body: String| (FORM.to_owned(), body.into_bytes());
    let multipart = format!(
        "--{word}\r\nContent-Disposition: form-data; name=\"password\"\r\n\r\n{whole}\r\n--{word}\r\nContent-Disposition: \
         form-data; name=\"{word}\"; filename=\"{word}.txt\"\r\n\r\n{whole}\r\n--{word}--\r\n"
    );
    vec![
        form(format!("password={secret}")),
        form(format!("username={secret}")),
        form(format!("{secret}=x&password={all}")),
        form(format!("username={MEMBER}&password=x&password={secret}")),
        form(format!("username={secret}&username={secret}&password=x")),
        form(format!("username=nobody&password={}", percent(&secret, true))),
        form(format!("user%6eame=nobody&%70assword={all}&token={secret}&pwd={secret}")),
        form(format!("USERNAME={secret}&PASSWORD={secret}")),
        form(format!("username[]={secret}&password[x]={secret}")),
        form(format!("username=nobody;password={secret}")),
        form(format!("username=nobody&password={secret}&text={secret}\r\n{word}\0{word}")),
        form(format!("username=%ff{secret}&password=%ed%a0%80{secret}")),
        form(format!("username=%00{secret}%0a%1b[31m&password=%00{secret}")),
        form(whole.clone()),
        form(json!({ "username": whole, "password": whole }).to_string()),
        (FORM.to_owned(), utf16(&format!("username={whole}&password={whole}"))),
        (format!("{FORM}; charset=utf-16le"), utf16(&format!("username=x&password={secret}"))),
        ("application/json; charset=utf-16".to_owned(), utf16(&json!({ "pwd": whole }).to_string())),
        (format!("multipart/form-data; boundary={word}"), multipart.into_bytes()),
        ("text/plain".to_owned(), format!("username=nobody\r\npassword={whole}\r\n").into_bytes()),
        ("application/xml".to_owned(), format!("<login><password>{word}</password></login>").into_bytes()),
        (format!("application/{word}"), whole.clone().into_bytes()),
        ("application/octet-stream".to_owned(), [&[0xff, 0, 0x1b][..], whole.as_bytes(), b"\xe2\x80\xa8\xff"].concat()),
        (FORM.to_owned(), format!("username=nobody&password={}", secret.repeat(1_000)).into_bytes()),
    ]
}

/// Each shape goes to each form and to the simulator's resource.
fn misplaced(cast: &Cast<'_>, media_type: &str, body: &[u8]) -> [Wish; 4] {
    let requests = [
        Request::post(Door::Web, "/login", media_type, body),
        Request::post(Door::Web, "/register", media_type, body),
        cast.as_member(Request::post(Door::Web, &format!("/{OTHER}/follow"), media_type, body)),
        Request::post(Door::Api, "/register", media_type, body),
    ];
    requests.map(Request::wish).map(|wish| Wish { form_returns: media_type.starts_with(FORM), ..wish })
}

/// Bodies in chunks, compressed, cut off, announced and never sent.
fn carried_otherwise(canary: &Canary) -> Vec<Wish> {
    let word = &canary.word;
    let body = format!("username=nobody&password={}", percent(&canary.whole, true));
    let size = body.len();
    let login = |headers: &[(&str, &str)], body: &[u8]| {
        let request = Request::form("/login", body);
        headers.iter().fold(request, |request, (name, value)| request.header(name, value)).wish()
    };
    let chunked = |body: String| login(&[("Transfer-Encoding", "chunked")], body.as_bytes());
    let byte_by_byte = body.chars().fold(String::new(), |chunks, byte| format!("{chunks}1\r\n{byte}\r\n"));
    let compressed = gzip(body.as_bytes());
    vec![
        login(&[], body.as_bytes()).split(1),
        login(&[], body.as_bytes()).split(7),
        chunked(format!("{size:x};{word}=\"{word}\"\r\n{body}\r\n0\r\nX-{word}: {word}\r\n\r\n")),
        chunked(byte_by_byte + "0\r\n\r\n"),
        chunked(format!("{word}\r\n{body}\r\n0\r\n\r\n")),
        chunked(format!("{size:x}\r\n{body}\r\n{word}\r\n")),
        chunked(format!("{size:x}\r\n{body}")).in_the_body(Manner::Ends),
        chunked(format!("{size:x}\r\n{body}")).in_the_body(Manner::Leaves),
        login(&[("Transfer-Encoding", "chunked"), ("Content-Length", "5")], body.as_bytes()),
        login(&[("Content-Encoding", "gzip")], &compressed),
        login(&[("Content-Encoding", word)], body.as_bytes()),
        login(&[], &compressed),
        login(&[("Content-Length", "100000")], body.as_bytes()),
        login(&[("Content-Length", "1000")], body.as_bytes()).in_the_body(Manner::Ends),
        login(&[("Content-Length", "1000")], body.as_bytes()).in_the_body(Manner::Leaves),
        login(&[("Content-Length", "1000")], body.as_bytes()).answered(408),
        login(&[("Content-Length", "20")], body.as_bytes()),
        login(&[("Expect", "100-continue")], body.as_bytes()),
        Request::json("/register", json!({ "pwd": &canary.whole }).to_string())
            .header("Content-Length", "500")
            .wish()
            .in_the_body(Manner::Leaves),
        Request::json("/register", json!({ "pwd": canary.whole.repeat(2_000) }).to_string()).wish().answered(413),
        Request::form("/login", body.repeat(2_000)).wish().answered(413),
    ]
}

/// Fields that nobody asked for, beside what a member may send.
fn posted_by_a_member(cast: &Cast<'_>) -> Vec<Wish> {
    let secret = percent(&cast.canary.whole, true);
    let post = |target: &str, body: String| cast.as_member(Request::form(target, body)).wish();
    vec![
        post("/add_message", format!("text=hello&password={secret}&{secret}=1")),
        post("/add_message", format!("password={secret}")),
        post(&format!("/{OTHER}/follow"), format!("password={secret}")),
        post(&format!("/{OTHER}/unfollow"), format!("{secret}=1")),
        post("/login", format!("username={secret}&password={secret}")),
        post("/register", format!("username={secret}&email={secret}&password={secret}&password2={secret}")),
    ]
}

/// A gzip member (RFC 1952) with one stored block, in which the text stands as it is. Its checksum is wrong.
fn gzip(text: &[u8]) -> Vec<u8> {
    let length = u16::try_from(text.len()).expect("a short text");
    let head = [&[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 1][..], &length.to_le_bytes(), &(!length).to_le_bytes()].concat();
    [&head[..], text, &[0; 4], &u32::from(length).to_le_bytes()].concat()
}
