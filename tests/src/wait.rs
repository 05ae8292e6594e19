//! Waiting for something to become true, with an end.

use std::time::{Duration, Instant};

use anyhow::ensure;
use tokio::time::sleep;

/// Asks again and again until the answer is yes; says how long that took.
///
/// # Errors
/// It was still no after `limit`; the error says `what` was waited for.
pub async fn until(
    what: &str,
    limit: Duration,
    mut condition: impl AsyncFnMut() -> anyhow::Result<bool>,
) -> anyhow::Result<Duration> {
    let began = Instant::now();
    while !condition().await? {
        ensure!(began.elapsed() < limit, "not within {limit:?}: {what}");
        sleep(Duration::from_millis(10)).await;
    }
    Ok(began.elapsed())
}
