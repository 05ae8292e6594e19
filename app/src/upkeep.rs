//! What is done again and again beside the requests.

use std::sync::Arc;
use std::time::Duration;

use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::App;
use crate::auth::session::micros;
use crate::auth::throttle;

/// How often what has expired is removed.
const TIDY: Duration = Duration::from_mins(10);
/// How often messages are counted for dashboards.
const ROLL_UP: Duration = Duration::from_secs(30);

/// Begins it; it ends when the result is dropped. What cannot be done now is done next time; a database that is away is
/// noticed elsewhere.
#[must_use]
pub fn begin(app: &Arc<App>) -> JoinSet<()> {
    let mut work = JoinSet::new();
    work.spawn(tidy(app.clone()));
    work.spawn(roll_up(app.clone()));
    work
}

/// Removes sessions and failures that no longer count, as long as there are any.
async fn tidy(app: Arc<App>) {
    loop {
        sleep(TIDY).await;
        let now = app.clock.now();
        let stale = now.saturating_sub(micros(app.settings.session_lifetime));
        while matches!(app.store.remove_stale_sessions(stale).await, Ok(removed) if removed > 0) {}
        while matches!(app.store.remove_stale_failures(throttle::forgotten(now)).await, Ok(removed) if removed > 0) {}
    }
}

/// Counts what was posted, as long as there is anything to count.
async fn roll_up(app: Arc<App>) {
    loop {
        while matches!(app.store.roll_up(app.clock.now()).await, Ok(true)) {}
        sleep(ROLL_UP).await;
    }
}
