//! Guessing passwords: slowed down, then refused; owners and the simulator are not.

use std::time::{Duration, Instant};

use futures_util::future::join_all;
use minitwit::Door;
use rstest::rstest;

use crate::harness::{Ask, Database, PASSWORD, Postgres, Sqlite, TestApp, Visitor};

const SECOND: i64 = 1_000_000;

/// Wrong passwords for each of `names`, all at once, so that no test waits for the delays one after the other.
async fn guess(visitor: &Visitor, names: impl Iterator<Item = &str>) -> Vec<u16> {
    let answers = join_all(names.map(|name| visitor.sign_in(name, "battery staple"))).await;
    answers.iter().map(|answer| answer.status).collect()
}

/// As many wrong guesses as it takes until `name` is refused.
async fn guess_until_refused(visitor: &Visitor, name: &str) {
    for _ in 0..20 {
        if guess(visitor, [name; 6].into_iter()).await.contains(&429) {
            return;
        }
    }
    panic!("guessing is never refused");
}

/// 429 as a page that says when to come again; gives the seconds.
async fn refused(visitor: &Visitor, name: &str, password: &str) -> i64 {
    let page = visitor.sign_in(name, password).await;
    assert_eq!((page.status, page.title().as_str()), (429, "Please slow down | MiniTwit"), "{page:#?}");
    assert_eq!(page.set_cookie("session"), None);
    page.header("retry-after").parse().expect("Retry-After is in seconds")
}

#[tokio::test]
async fn guesses_are_slowed_down_and_then_refused() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let visitor = site.visitor();
    visitor.register("ada").await;
    let mut waited = Vec::new();
    for _ in 0..10 {
        let asked = Instant::now();
        let page = visitor.sign_in("ada", "battery staple").await;
        assert_eq!((page.status, page.error().as_str()), (200, "Invalid password"));
        waited.push(asked.elapsed());
    }
    assert!(
        waited[5..].iter().zip(1..).all(|(waited, steps)| *waited >= Duration::from_millis(250) * steps),
        "{waited:?}"
    );
    let seconds = refused(&visitor, "ada", "battery staple").await;
    assert!((1..=31).contains(&seconds), "{seconds}");
}

#[rstest]
#[tokio::test]
async fn while_an_account_rests_even_its_password_is_refused_and_then_counts_again(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let Some(site) = TestApp::start(database).await else { return };
    let visitor = site.visitor();
    visitor.register("ada").await;
    visitor.register("bob").await;
    guess_until_refused(&visitor, "ada").await;
    let seconds = refused(&visitor, "ada", PASSWORD).await;
    assert_eq!(visitor.sign_in("bob", PASSWORD).await.redirect(), "/", "another account is not concerned");
    visitor.sign_out().await;

    site.clock.advance((seconds - 2) * SECOND);
    refused(&visitor, "ada", PASSWORD).await;
    site.clock.advance(2 * SECOND);
    assert_eq!(visitor.sign_in("ada", PASSWORD).await.redirect(), "/", "the owner gets a turn");
    visitor.sign_out().await;
    assert_eq!(
        visitor.sign_in("ada", "battery staple").await.error(),
        "Invalid password",
        "a success clears the failures"
    );
    assert_eq!(visitor.sign_in("ada", PASSWORD).await.redirect(), "/");
}

#[rstest]
#[tokio::test]
async fn replicas_and_restarts_count_together(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::start(database).await else { return };
    let other = site.replica().await;
    site.visitor().register("ada").await;
    guess_until_refused(&site.visitor(), "ada").await;
    refused(&other.visitor(), "ada", PASSWORD).await;
    let site = site.restart().await;
    refused(&site.visitor(), "ada", PASSWORD).await;
}

#[tokio::test]
async fn a_refused_attempt_does_not_prolong_the_rest() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let visitor = site.visitor();
    visitor.register("ada").await;
    guess_until_refused(&visitor, "ada").await;
    let seconds = refused(&visitor, "ada", PASSWORD).await;
    for _ in 0..20 {
        assert_eq!(refused(&visitor, "ada", "battery staple").await, seconds);
    }
    site.clock.advance(seconds * SECOND);
    assert_eq!(visitor.sign_in("ada", PASSWORD).await.redirect(), "/");
}

#[rstest]
#[tokio::test]
async fn however_often_others_knock_a_rest_lasts_at_most_five_minutes(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::start(database).await else { return };
    let visitor = site.visitor();
    visitor.register("ada").await;
    guess_until_refused(&visitor, "ada").await;
    site.backdoor().await.run("UPDATE sign_in_failures SET failures = 1000000").await;
    assert_eq!(refused(&visitor, "ada", PASSWORD).await, 301);
    site.clock.advance(300 * SECOND);
    assert_eq!(visitor.sign_in("ada", PASSWORD).await.redirect(), "/");
}

#[tokio::test]
async fn failures_are_forgotten_after_a_quarter_of_an_hour() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let visitor = site.visitor();
    visitor.register("ada").await;
    guess_until_refused(&visitor, "ada").await;
    site.clock.advance(15 * 60 * SECOND + 1);
    let asked = guess(&visitor, ["ada"; 5].into_iter()).await;
    assert_eq!(asked, [200; 5]);
}

#[tokio::test]
async fn a_name_that_nobody_has_is_refused_like_one_that_somebody_has() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    guess_until_refused(&site.visitor(), "nobody").await;
    refused(&site.visitor(), "nobody", PASSWORD).await;
}

#[rstest]
#[tokio::test]
async fn one_address_that_tries_many_names_is_refused_and_others_are_not(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let Some(site) = TestApp::with(database, &["--trusted-proxies=127.0.0.0/8"]).await else { return };
    site.visitor().register("ada").await;
    let from = |address| site.visitor().always_with("x-forwarded-for", address);
    let (guesser, neighbour) = (from("192.0.2.1"), from("192.0.2.2"));
    let names: Vec<_> = (0..50).map(|number| format!("name{number}")).collect();
    assert_eq!(guess(&guesser, names.iter().map(String::as_str)).await, [200; 50]);
    assert!(refused(&guesser, "ada", PASSWORD).await <= 301);
    assert_eq!(neighbour.sign_in("ada", PASSWORD).await.redirect(), "/");
}

#[tokio::test]
async fn the_simulator_is_never_limited_and_nothing_but_sign_in_is() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let visitor = site.visitor();
    visitor.register("ada").await;
    let names: Vec<_> = (0..50).map(|number| format!("name{number}")).collect();
    guess(&visitor, names.iter().map(String::as_str)).await;
    refused(&visitor, "ada", PASSWORD).await;

    let stranger = site.simulator().saying("nonsense");
    for _ in 0..100 {
        assert_eq!(stranger.get("/msgs").await.status, 403);
    }
    assert_eq!(site.simulator().tweet("ada", "hello").await.status, 204);
    assert_eq!(site.simulator().register("bob").await.status, 204);
    assert_eq!(site.ask(Door::Web, Ask::get("/public")).await.status, 200);
    assert_eq!(visitor.register("cyd").await.redirect(), "/login");
}

/// What the delays are for: more guesses at once must not buy more guesses.
#[rstest]
#[tokio::test]
async fn guesses_that_come_all_at_once_are_counted_like_guesses_one_by_one(
    #[values(Sqlite, Postgres)] database: Database,
) {
    let Some(site) = TestApp::start(database).await else { return };
    let visitor = site.visitor();
    visitor.register("ada").await;
    let answers = guess(&visitor, ["ada"; 60].into_iter()).await;
    let looked_at = answers.iter().filter(|status| **status == 200).count();
    assert!(looked_at <= 10, "{looked_at} of 60 guesses were looked at");
}
