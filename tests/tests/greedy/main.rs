//! Clients that take more than their share: idle, slow, too long, too many; the site goes on answering everybody else.

mod hashing;
mod limits;
mod patience;
mod raw;
mod siege;

use std::time::{Duration, Instant};

use anyhow::ensure;
use http::StatusCode;
use tokio::sync::Mutex;

/// The tests of this file measure how soon answers come, so they take turns.
static TURN: Mutex<()> = Mutex::const_new(());

/// The simulator gives up after so long.
const SIMULATOR_PATIENCE: Duration = Duration::from_millis(300);

/// The middle one of many answers comes while the simulator still waits. One answer may be late on a busy machine; half of
/// them are not.
fn in_time(mut answers: Vec<Duration>) -> anyhow::Result<()> {
    answers.sort();
    let middle = answers[answers.len() / 2];
    ensure!(middle < SIMULATOR_PATIENCE, "of {} answers the middle one takes {middle:?}", answers.len());
    Ok(())
}

/// How long an answer takes, which must be good.
async fn timed(answer: impl Future<Output = anyhow::Result<StatusCode>>) -> anyhow::Result<Duration> {
    let began = Instant::now();
    let status = answer.await?;
    ensure!(status.is_success(), "an ordinary request is answered {status}");
    Ok(began.elapsed())
}
