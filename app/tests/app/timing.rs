//! How long the answer to a sign-in takes tells nobody whether the name is somebody's.

use std::time::{Duration, Instant};

use rstest::rstest;

use crate::harness::{Database, Postgres, Sqlite, TestApp};

const ACCOUNTS: usize = 10;
/// Fewer failures than slow an account down.
const TRIES: usize = 4;

/// The time that a wrong sign-in takes, each from an address of its own.
async fn refused(site: &TestApp, name: &str, number: usize, error: &str) -> Duration {
    let visitor = site.visitor().always_with("x-forwarded-for", &format!("192.0.2.{number}"));
    let asked = Instant::now();
    let page = visitor.sign_in(name, "battery staple").await;
    let waited = asked.elapsed();
    assert_eq!((page.status, page.error().as_str()), (200, error));
    waited
}

fn median(mut times: Vec<Duration>) -> f64 {
    times.sort();
    times[times.len() / 2].as_secs_f64()
}

/// One after the other and in turn, so that whatever else the machine does slows both down alike; and what an unknown name
/// would save is nearly all of the time.
#[rstest]
#[tokio::test]
async fn an_unknown_name_and_a_wrong_password_take_the_same_time(#[values(Sqlite, Postgres)] database: Database) {
    let Some(site) = TestApp::with(database, &["--trusted-proxies=127.0.0.0/8"]).await else { return };
    for number in 0..ACCOUNTS {
        site.simulator().register(&format!("user{number}")).await;
    }
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for number in 0..ACCOUNTS * TRIES {
        let (user, stranger) = (format!("user{}", number % ACCOUNTS), format!("stranger{number}"));
        known.push(refused(&site, &user, 2 * number, "Invalid password").await);
        unknown.push(refused(&site, &stranger, 2 * number + 1, "Invalid username").await);
    }
    let ratio = median(unknown) / median(known);
    assert!((0.5..2.0).contains(&ratio), "an unknown name takes {ratio} of the time of a wrong password");
}
