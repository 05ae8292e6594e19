//! Sessions: which cookie is worth something, where, and until when.

use minitwit::Door;
use rstest::rstest;

use crate::harness::{Ask, Database, PASSWORD, Postgres, Sqlite, TestApp};

/// 30 days in microseconds.
const LIFETIME: i64 = 30 * 86_400_000_000;

#[rstest]
#[tokio::test]
async fn each_sign_in_has_a_token_of_its_own(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::start(database).await else { return };
    let ada = site.sign_up("ada").await;
    let first = ada.cookie("session");
    assert!(first.len() >= 43, "{first} has less than 256 bits");
    ada.sign_out().await;
    assert_eq!(ada.cookie("session"), "", "the browser is not told to forget the token");
    ada.sign_in("ada", PASSWORD).await;
    assert_ne!(ada.cookie("session"), first);
}

#[rstest]
#[tokio::test]
async fn a_stolen_cookie_is_worth_nothing_after_sign_out(
    #[values(Sqlite, Postgres)] database: Database,
    #[values("GET", "POST")] method: &'static str,
) {
    let Some(site) = TestApp::start(database).await else { return };
    let other = site.replica().await;
    let ada = site.sign_up("ada").await;
    let thief = ada.at(&other);
    assert!(thief.is_signed_in().await);
    ada.send(Ask::new(method, "/logout")).await;
    assert!(!thief.cookie("session").is_empty());
    assert!(!thief.is_signed_in().await);
    assert!(!thief.at(&site).is_signed_in().await);
    assert_eq!(thief.post("I am ada").await.status, 401);
    assert_eq!(thief.get("/ada/follow").await.status, 401);
    assert_eq!(thief.get("/").await.redirect(), "/public");
}

#[rstest]
#[tokio::test]
async fn a_token_from_before_the_sign_in_is_worth_nothing_after_it(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::start(database).await else { return };
    site.visitor().register("ada").await;
    let planted = "A".repeat(43);
    let victim = site.visitor();
    victim.plant("session", &planted);
    victim.sign_in("ada", PASSWORD).await;
    assert!(victim.is_signed_in().await);
    assert_ne!(victim.cookie("session"), planted);
    let attacker = site.visitor();
    attacker.plant("session", &planted);
    assert!(!attacker.is_signed_in().await);
}

#[tokio::test]
async fn a_cookie_that_is_no_token_is_nobody() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let ada = site.sign_up("ada").await;
    let token = ada.cookie("session");
    for wrong in
        ["", "x", &token[1..], &format!("{token}x"), &token.to_lowercase(), &"é".repeat(43), &"a".repeat(4_000)]
    {
        let visitor = site.visitor();
        visitor.plant("session", wrong);
        assert!(!visitor.is_signed_in().await, "{wrong}");
    }
}

#[rstest]
#[tokio::test]
async fn signing_out_ends_one_device_only(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::start(database).await else { return };
    let (laptop, phone) = (site.sign_up("ada").await, site.visitor());
    phone.sign_in("ada", PASSWORD).await;
    assert_ne!(laptop.cookie("session"), phone.cookie("session"));
    phone.sign_out().await;
    assert!(laptop.is_signed_in().await);
    assert!(!phone.is_signed_in().await);
}

#[rstest]
#[tokio::test]
async fn a_session_survives_a_restart(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::start(database).await else { return };
    let ada = site.sign_up("ada").await;
    ada.post("before").await;
    let site = site.restart().await;
    let ada = ada.at(&site);
    ada.post("after").await;
    let page = ada.get("/").await;
    assert_eq!(page.texts(), ["after", "before"]);
    assert!(page.flashes().len() >= 2, "flashes are lost: {:?}", page.flashes());
}

#[rstest]
#[tokio::test]
async fn sessions_and_flashes_hold_on_whichever_replica_answers(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::start(database).await else { return };
    let other = site.replica().await;
    let ada = site.visitor();
    ada.register("ada").await;
    let ada = ada.at(&other);
    assert_eq!(ada.get("/login").await.flashes(), ["You were successfully registered and can login now"]);
    ada.sign_in("ada", PASSWORD).await;
    let ada = ada.at(&site);
    assert_eq!(ada.get("/").await.flashes(), ["You were logged in"]);
    ada.post("hello").await;
    let ada = ada.at(&other);
    assert_eq!(ada.get("/").await.flashes(), ["Your message was recorded"]);
    ada.sign_out().await;
    let ada = ada.at(&site);
    let page = ada.get("/public").await;
    assert_eq!(page.flashes(), ["You were logged out"]);
    assert!(!page.navigation().contains("sign out"));
}

#[rstest]
#[tokio::test]
async fn a_session_ends_thirty_days_after_it_was_last_used(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::start(database).await else { return };
    let ada = site.sign_up("ada").await;
    for _ in 0..3 {
        site.clock.advance(LIFETIME - 1_000_000);
        assert!(ada.is_signed_in().await);
    }
    site.clock.advance(LIFETIME + 1_000_000);
    assert!(!ada.is_signed_in().await);
}

#[tokio::test]
async fn the_lifetime_can_be_set() {
    let Some(site) = TestApp::with(Sqlite, &["--session-lifetime=2h"]).await else { return };
    let ada = site.sign_up("ada").await;
    site.clock.advance(2 * 3_600_000_000 + 1);
    assert!(!ada.is_signed_in().await);
    let cookie = ada.sign_in("ada", PASSWORD).await.set_cookie("session").unwrap();
    assert!(cookie.contains("Max-Age=7200"), "{cookie}");
}

/// However short the lifetime is, it begins anew with each use, give or take a tenth.
#[rstest]
#[tokio::test]
async fn a_session_in_use_does_not_end(#[values("--session-lifetime=2h", "--session-lifetime=20m")] setting: &str) {
    let Some(site) = TestApp::with(Sqlite, &[setting]).await else { return };
    let ada = site.sign_up("ada").await;
    for _ in 0..30 {
        site.clock.advance(10 * 60_000_000);
        assert!(ada.is_signed_in().await);
    }
}

#[rstest]
#[tokio::test]
async fn what_is_used_at_one_replica_lives_on_at_the_other(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::start(database).await else { return };
    let other = site.replica().await;
    let ada = site.sign_up("ada").await;
    assert!(ada.at(&other).is_signed_in().await);
    site.clock.advance(LIFETIME - 1_000_000);
    assert!(ada.is_signed_in().await);
    site.clock.advance(LIFETIME - 1_000_000);
    assert!(ada.at(&other).is_signed_in().await);
}

#[tokio::test]
async fn cookies_of_others_do_not_sign_anybody_out_whatever_they_hold() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let session = format!("session={}", site.sign_up("ada").await.cookie("session"));
    for cookies in [vec![format!("x=é; {session}")], vec![format!("{session}; x=é")], vec!["x=é".into(), session]] {
        let ask = cookies.iter().fold(Ask::get("/public"), |ask, cookie| ask.with("cookie", cookie));
        assert!(site.ask(Door::Web, ask).await.navigation().contains("sign out [ada]"), "{cookies:?}");
    }
}
