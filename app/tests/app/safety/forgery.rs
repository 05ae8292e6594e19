//! Requests that another site makes its readers send.

use super::*;

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
