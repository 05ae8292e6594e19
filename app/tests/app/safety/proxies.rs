//! Who is asked for, and who asks, by what a proxy says.

use super::*;

#[rstest]
#[tokio::test]
async fn other_hosts_are_misdirected_and_no_host_makes_no_sense(#[values(Door::Web, Door::Api)] door: Door) {
    let settings = &["--allowed-hosts=minitwit.example,[::1]"];
    let Some(site) = TestApp::with(Sqlite, settings).await else { return };
    let path = if door == Door::Web { "/public" } else { "/latest" };
    for host in ["minitwit.example", "minitwit.example:8000", "MiniTwit.Example", "[::1]", "[::1]:8000"] {
        assert_eq!(site.ask(door, Ask::get(path).with("host", host)).await.status, 200, "{host}");
    }
    for host in ["evil.example", "minitwit.example.evil.example", "evil.example:minitwit.example", "127.0.0.1", ""] {
        let answer = site.ask(door, Ask::get(path).with("host", host)).await;
        assert_eq!(answer.status, 421, "{host}");
        assert!(!answer.body.contains("evil"), "{}", answer.body);
    }
    let twice = Ask::get(path).with("host", "minitwit.example").with("host", "minitwit.example");
    assert_eq!(site.ask(door, twice).await.status, 400);
}

#[tokio::test]
async fn the_host_is_never_part_of_a_link() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let ada = site.sign_up("ada").await;
    for path in ["/", "/public", "/ada", "/nobody", "/logout"] {
        let ask = Ask::get(path).with("host", "evil.example").with("x-forwarded-host", "evil.example");
        let answer = ada.send(ask.with("forwarded", "host=evil.example")).await;
        assert!(!format!("{answer:?}").contains("evil"), "{answer:#?}");
        assert!(answer.header("location").is_empty() || answer.header("location").starts_with('/'), "{answer:#?}");
    }
}

#[tokio::test]
async fn a_trusted_proxy_is_believed() {
    let Some(site) = TestApp::with(Sqlite, &["--trusted-proxies=127.0.0.1"]).await else { return };
    let visitor = proxied(site.visitor());
    let page = visitor.get("/public").await;
    assert_eq!(page.header("x-request-id"), "0af7651916cd43dd8448eb211c80319c");
    assert_eq!(page.header("strict-transport-security"), "max-age=63072000");
    let line = site.line(|line| line["http"]["request"]["id"] == "0af7651916cd43dd8448eb211c80319c").await;
    assert_eq!(line["client"]["ip"], "192.0.2.7");
}

#[tokio::test]
async fn whoever_else_sends_such_headers_is_not() {
    let Some(site) = TestApp::with(Sqlite, &["--trusted-proxies=192.0.2.0/24"]).await else { return };
    let visitor = proxied(site.visitor());
    let page = visitor.get("/public").await;
    let id = page.header("x-request-id");
    assert!(id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{id}");
    assert_eq!(page.header("strict-transport-security"), "");
    let line = site.line(|line| line["http"]["request"]["id"] == id).await;
    assert_eq!(line["client"]["ip"], "127.0.0.1");
    visitor.register("ada").await;
    let cookie = visitor.sign_in("ada", PASSWORD).await.set_cookie("session").expect("the cookie of plain HTTP");
    assert!(!cookie.contains("Secure"), "{cookie}");
}

#[tokio::test]
async fn a_request_id_that_is_no_number_is_replaced() {
    let Some(site) = TestApp::with(Sqlite, &["--trusted-proxies=127.0.0.1"]).await else { return };
    let given = |id: &str| site.ask(Door::Web, Ask::get("/public").with("x-request-id", id));
    for id in ["", "a b", "\"", "é", "hunter2SECRET", "0123456789abcde", "given-by-the-proxy", &"0".repeat(65)] {
        let answer = given(id).await;
        assert_eq!(answer.header("x-request-id").len(), 32, "{id}");
        assert_ne!(answer.header("x-request-id"), id);
    }
    for id in ["01234567-89AB-cdef-0123-456789abcdef", "0123456789abcdef", &"f".repeat(64)] {
        assert_eq!(given(id).await.header("x-request-id"), id);
    }
}

#[tokio::test]
async fn the_port_of_a_forwarded_address_does_not_matter() {
    let Some(site) = TestApp::with(Sqlite, &["--trusted-proxies=127.0.0.1"]).await else { return };
    for (forwarded, client) in [("192.0.2.1:80", "192.0.2.1"), ("[2001:db8::1]:80", "2001:db8::1"), ("[::1]", "::1")] {
        let answer = site.ask(Door::Web, Ask::get("/public").with("x-forwarded-for", forwarded)).await;
        let id = answer.header("x-request-id");
        assert_eq!(site.line(|line| line["http"]["request"]["id"] == id).await["client"]["ip"], client);
    }
}

#[tokio::test]
async fn a_host_is_the_same_in_any_case_and_with_the_usual_port() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let login = |host: &str, origin: &str| {
        let form = Ask::form("/login", &[("username", "a"), ("password", "b")]);
        site.ask(Door::Web, form.with("host", host).with("origin", origin))
    };
    for (host, origin) in [
        ("mt.example:443", "https://mt.example"),
        ("mt.example", "https://mt.example:443"),
        ("MT.example", "https://mt.EXAMPLE"),
        ("mt.example:80", "http://mt.example"),
        ("[::1]:80", "http://[::1]"),
    ] {
        assert_eq!(login(host, origin).await.status, 200, "{host} {origin}");
    }
    for (host, origin) in [
        ("mt.example:80", "https://mt.example"),
        ("mt.example:444", "https://mt.example"),
        ("mt.example", "https://mt.example:8443"),
        ("mt.example", "https://mt.example.evil"),
    ] {
        assert_eq!(login(host, origin).await.status, 403, "{host} {origin}");
    }
}
