//! Safety: forged requests, hosts, proxies, headers and cookies.

use minitwit::Door;
use rstest::rstest;
use serde_json::json;

use crate::harness::{Answer, Ask, PASSWORD, Sqlite, TestApp, Visitor};

const EVIL: &str = "https://evil.example";

/// Everything that changes something, as a browser could be made to send it.
fn changing() -> Vec<Ask> {
    vec![
        Ask::form("/add_message", &[("text", "forged")]),
        Ask::form("/bob/follow", &[]),
        Ask::form("/bob/unfollow", &[]),
        Ask::form("/logout", &[]),
        Ask::form("/login", &[("username", "bob"), ("password", PASSWORD)]),
        Ask::form("/register", &[("username", "eve"), ("email", "a@b"), ("password", "x"), ("password2", "x")]),
        Ask::get("/bob/follow"),
        Ask::get("/bob/unfollow"),
        Ask::get("/logout"),
    ]
}

/// Headers with which browsers say that another site is behind a request.
const FORGED: &[&[(&str, &str)]] = &[
    &[("sec-fetch-site", "cross-site")],
    &[("sec-fetch-site", "same-site")],
    &[("sec-fetch-site", "cross-site"), ("origin", "http://SITE")],
    &[("sec-fetch-site", "")],
    &[("origin", EVIL)],
    &[("origin", "null")],
    &[("origin", "http://SITE.evil.example")],
    &[("origin", "http://evil.example:1/SITE")],
    &[("referer", "https://evil.example/http://SITE/")],
    &[("origin", EVIL), ("referer", "http://SITE/")],
];

fn with_headers(ask: Ask, headers: &[(&str, &str)], site: &TestApp) -> Ask {
    let host = site.web.to_string();
    headers.iter().fold(ask, |ask, (name, value)| ask.with(name, &value.replace("SITE", &host)))
}

#[tokio::test]
async fn what_another_site_forges_is_refused_and_changes_nothing() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let (ada, _bob) = (site.sign_up("ada").await, site.sign_up("bob").await);
    for headers in FORGED {
        for ask in changing() {
            let page = ada.send(with_headers(ask.clone(), headers, &site)).await;
            assert_eq!((page.status, page.title().as_str()), (403, "Not from here | MiniTwit"), "{headers:?} {ask:?}");
            assert!(page.headers.get("set-cookie").is_none(), "{page:#?}");
        }
    }
    assert!(ada.is_signed_in().await);
    assert!(site.public_timeline().await.messages().is_empty());
    assert!(site.simulator().follows("ada").await.is_empty());
    assert_eq!(ada.get("/eve").await.status, 404);
}

#[tokio::test]
async fn another_site_may_still_link_here() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let ada = site.sign_up("ada").await;
    for headers in FORGED {
        for path in ["/", "/public", "/ada"] {
            assert_eq!(ada.send(with_headers(Ask::get(path), headers, &site)).await.status, 200, "{headers:?} {path}");
        }
    }
}

#[tokio::test]
async fn our_own_pages_and_what_is_no_browser_may_change_things() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let (ada, _bob) = (site.sign_up("ada").await, site.sign_up("bob").await);
    let headers: &[&[(&str, &str)]] = &[
        &[],
        &[("sec-fetch-site", "same-origin")],
        &[("sec-fetch-site", "none")],
        &[("sec-fetch-site", "same-origin"), ("origin", "http://SITE")],
        &[("origin", "http://SITE")],
        &[("referer", "http://SITE/public")],
    ];
    for headers in headers {
        for ask in
            [Ask::form("/add_message", &[("text", "mine")]), Ask::form("/bob/follow", &[]), Ask::get("/bob/unfollow")]
        {
            assert_eq!(ada.send(with_headers(ask.clone(), headers, &site)).await.status, 302, "{headers:?} {ask:?}");
        }
    }
    assert_eq!(ada.get("/").await.messages().len(), headers.len());
}

#[tokio::test]
async fn the_api_refuses_forged_requests_too() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let body = json!({"username": "eve", "email": "a@b", "pwd": "x"});
    let answer = site.ask(Door::Api, Ask::json("/register", &body).with("sec-fetch-site", "cross-site")).await;
    assert_eq!((answer.status, answer.json()["status"].as_u64()), (403, Some(403)));
    assert_eq!(site.ask(Door::Api, Ask::get("/latest").with("sec-fetch-site", "cross-site")).await.status, 200);
}

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

fn proxied(visitor: Visitor) -> Visitor {
    visitor
        .always_with("x-forwarded-for", "203.0.113.9, 192.0.2.7")
        .always_with("x-forwarded-proto", "https")
        .always_with("x-request-id", "0af7651916cd43dd8448eb211c80319c")
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

/// The answers of every kind that a door has.
async fn answers(site: &TestApp, door: Door) -> Vec<Answer> {
    let paths: &[&str] = match door {
        Door::Web => &[
            "/public",
            "/",
            "/login",
            "/nobody",
            "/nothing/at/all",
            "/add_message",
            "/static/style.css",
            "/favicon.ico",
            "/robots.txt",
        ],
        Door::Api => &["/latest", "/msgs", "/nothing", "/register", "/openapi.json"],
    };
    let mut answers = Vec::new();
    for path in paths {
        answers.push(site.ask(door, Ask::get(path)).await);
    }
    answers
}

#[tokio::test]
async fn every_answer_protects_its_reader() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    for answer in answers(&site, Door::Web).await {
        let policy = answer.header("content-security-policy");
        for directive in [
            "default-src 'none'",
            "style-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        ] {
            assert!(policy.contains(directive), "{answer:#?}");
        }
        assert!(!policy.contains("unsafe") && !policy.contains("script-src"), "{policy}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert_eq!(answer.header("referrer-policy"), "same-origin");
        assert_eq!(answer.header("strict-transport-security"), "", "only behind TLS");
    }
    for answer in answers(&site, Door::Api).await {
        assert!(answer.header("content-security-policy").contains("default-src 'none'"), "{answer:#?}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
    }
}

#[tokio::test]
async fn pages_have_no_script_and_no_style_of_their_own() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let ada = site.sign_up("ada").await;
    ada.post("hello").await;
    for path in ["/", "/public", "/ada", "/nobody", "/register"] {
        let page = ada.get(path).await.body.to_lowercase();
        for forbidden in ["<script", "<style", " style=", " onclick", " onload", "javascript:"] {
            assert!(!page.contains(forbidden), "{path} has {forbidden}");
        }
    }
}

#[tokio::test]
async fn cookies_are_out_of_reach_of_scripts_and_other_sites() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let ada = site.visitor();
    let flash = ada.register("ada").await.set_cookie("flash").unwrap();
    let session = ada.sign_in("ada", PASSWORD).await.set_cookie("session").unwrap();
    for cookie in [&flash, &session] {
        for attribute in ["; Path=/", "; HttpOnly", "; SameSite=Lax"] {
            assert!(cookie.contains(attribute), "{cookie}");
        }
        assert!(!cookie.contains("; Secure") && !cookie.contains("Domain"), "{cookie}");
    }
    assert!(session.contains("; Max-Age=2592000"), "{session}");
}

#[tokio::test]
async fn behind_tls_cookies_are_bound_to_it_and_to_this_host() {
    let Some(site) = TestApp::with(Sqlite, &["--trusted-proxies=127.0.0.1"]).await else { return };
    let ada = proxied(site.visitor());
    let flash = ada.register("ada").await.set_cookie("__Host-flash").unwrap();
    let signed_in = ada.sign_in("ada", PASSWORD).await;
    let session = signed_in.set_cookie("__Host-session").unwrap();
    for cookie in [&flash, &session] {
        for attribute in ["; Path=/", "; HttpOnly", "; SameSite=Lax", "; Secure"] {
            assert!(cookie.contains(attribute), "{cookie}");
        }
        assert!(!cookie.contains("Domain"), "{cookie}");
    }
    assert_eq!(signed_in.set_cookie("session"), None);
    assert!(ada.is_signed_in().await);

    let neighbour = proxied(site.visitor());
    neighbour.plant("session", &ada.cookie("__Host-session"));
    assert!(!neighbour.is_signed_in().await, "a cookie that a neighbour could plant counts for nothing");
    let ended = ada.sign_out().await.set_cookie("__Host-session").unwrap();
    assert!(ended.contains("Max-Age=0") && ended.contains("; Secure"), "{ended}");
    assert!(!ada.is_signed_in().await);
}

#[tokio::test]
async fn what_somebody_signed_in_sees_is_kept_by_nobody() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let ada = site.sign_up("ada").await;
    for path in ["/", "/public", "/ada", "/nobody"] {
        let caching = ada.get(path).await.header("cache-control").to_owned();
        assert!(caching.contains("no-store"), "{path}: {caching}");
    }
    let visitor = site.visitor();
    assert!(visitor.register("bob").await.header("cache-control").contains("no-store"));
    assert!(visitor.get("/public").await.header("cache-control").contains("no-store"), "a flash is nobody else's");
    let plain = visitor.get("/public").await;
    assert!(plain.header("cache-control").contains("private"), "{plain:#?}");
    assert!(plain.header("vary").to_lowercase().contains("cookie"), "{plain:#?}");
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
