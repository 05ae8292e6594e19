//! Safety: forged requests, hosts, proxies, headers and cookies.

mod forgery;
mod proxies;

use minitwit::Door;
use rstest::rstest;
use serde_json::json;

use crate::harness::{Answer, Ask, PASSWORD, Sqlite, TestApp, Visitor};

const EVIL: &str = "https://evil.example";

fn proxied(visitor: Visitor) -> Visitor {
    visitor
        .always_with("x-forwarded-for", "203.0.113.9, 192.0.2.7")
        .always_with("x-forwarded-proto", "https")
        .always_with("x-request-id", "0af7651916cd43dd8448eb211c80319c")
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
