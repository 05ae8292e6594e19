//! The canary in what is hardly a request.

use e2e::canary::Canary;
use e2e::canary::forms::percent;

use crate::wish::{Door, Request, Wish};

/// Everything of this kind.
pub fn all(canary: &Canary) -> Vec<Wish> {
    [Door::Web, Door::Api]
        .into_iter()
        .flat_map(|door| malformed(door, canary).into_iter().chain(cut_off(door, canary)))
        .collect()
}

fn malformed(door: Door, canary: &Canary) -> Vec<Wish> {
    let Canary { whole, word, .. } = canary;
    let host = "Host: localhost\r\nConnection: close\r\n";
    let texts = [
        format!("{whole}\r\n\r\n"),
        format!("{word} {word} {word}\r\n\r\n"),
        format!("GET /{whole} HTTP/1.1\r\n{host}\r\n"),
        format!("GET /{word} HTTP/9.9\r\n{host}\r\n"),
        format!("GET /{word} {word}\r\n{host}\r\n"),
        format!("GET  /{word}  HTTP/1.1\r\n{host}\r\n"),
        format!("GET /{word}\r\n\r\n"),
        format!("get /{word} http/1.1\r\n{host}\r\n"),
        format!("GET {word} HTTP/1.1\r\n{host}\r\n"),
        format!("GET /\0{word} HTTP/1.1\r\n{host}\r\n"),
        format!("GET /{word}\u{2028}\u{1b}[31m HTTP/1.1\r\n{host}\r\n"),
        format!("GET / HTTP/1.1\r\n{host}{whole}: {whole}\r\n\r\n"),
        format!("GET / HTTP/1.1\r\n{host}{word}\r\n\r\n"),
        format!("GET / HTTP/1.1\r\n{host}X-Password : {word}\r\n\r\n"),
        format!("GET / HTTP/1.1\r\n{host}X-Password: {word}\0{word}\r\n\r\n"),
        format!("GET / HTTP/1.1\r\n{host} {word}: folded\r\n\r\n"),
        format!("GET / HTTP/1.1\r\nHost: {word}\r\nHost: {word}\r\nConnection: close\r\n\r\n"),
        format!("GET /{word} HTTP/1.1\r\nConnection: close\r\n\r\n"),
        format!("GET /{word} HTTP/1.1\r\n{host}X-Padding: {}\r\n\r\n", word.repeat(8_000)),
        format!("GET /{}?{} HTTP/1.1\r\n{host}\r\n", word.repeat(100), word.repeat(2_000)),
        format!("GET / HTTP/1.1\r\n{host}{}\r\n", format!("X-{word}: {word}\r\n").repeat(200)),
        format!("GET /{word} HTTP/1.1\r\n{host}Content-Length: 1\r\nContent-Length: 2\r\n\r\n{word}"),
        format!("POST /login HTTP/1.1\r\n{host}Transfer-Encoding: {word}\r\n\r\npassword={word}"),
    ];
    let mut wishes: Vec<Wish> = texts.into_iter().map(|text| Wish::raw(door, text)).collect();
    let (target, alive) = (percent(whole, true), "Host: localhost\r\n");
    wishes.push(Request::get(door, format!("/{target}")).old().wish());
    wishes.push(Wish::raw(door, format!("GET /{target} HTTP/1.0\r\n\r\n")));
    wishes.push(Wish::raw(door, format!("GET /public HTTP/1.1\r\n{alive}\r\n{word}\r\n\r\n")).logged(2));
    wishes.push(
        Wish::raw(door, format!("GET /{word} HTTP/1.1\r\n{alive}\r\nGET /{target} HTTP/1.1\r\n{host}\r\n")).logged(2),
    );
    wishes.push(
        Wish::raw(door, format!("POST /login HTTP/1.1\r\n{alive}Content-Length: 3\r\n\r\na=b{whole}\r\n\r\n"))
            .logged(2),
    );
    wishes
}

/// What ends before it is a request has no line, but for a header that takes too long.
fn cut_off(door: Door, canary: &Canary) -> Vec<Wish> {
    let Canary { whole, word, .. } = canary;
    let header = format!("GET /{word}?password={word} HTTP/1.1\r\nHost: localhost\r\nCookie: password={whole}");
    vec![
        Wish::raw(door, header.as_bytes()),
        Wish::raw(door, header.as_bytes()).leaving_at_once(),
        Wish::raw(door, word.as_bytes()).leaving_at_once(),
        Wish::raw(door, format!("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n{word}")).logged(0),
        Wish::raw(door, client_hello(word)),
    ]
}

/// How a TLS connection begins (RFC 8446, section 4.1.2), with a host's name in it (RFC 6066, section 3).
fn client_hello(name: &str) -> Vec<u8> {
    let sized = |bytes: &[u8]| [&u16::try_from(bytes.len()).expect("a short name").to_be_bytes(), bytes].concat();
    let name = sized(&[&[0], &sized(name.as_bytes())[..]].concat());
    let extensions = sized(&[&[0, 0], &sized(&name)[..]].concat());
    let hello = [&[3, 3][..], &[7; 32], &[0, 0, 2, 0x13, 1, 1, 0], &extensions].concat();
    let handshake = [&[1, 0][..], &sized(&hello)].concat();
    [&[0x16, 3, 1][..], &sized(&handshake)].concat()
}
