//! What is done once a second: positions reach the disk for sure, and numbers are brought up to date.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::{MissedTickBehavior, interval};

use super::tell;
use crate::checkpoint::State;
use crate::deliver::{Counts, Health};
use crate::metrics::Metrics;
use crate::ops::Readiness;

/// How often.
const BEAT: Duration = Duration::from_secs(1);

/// A disk that takes longer does not answer.
const SLOW: Duration = Duration::from_secs(10);

/// What is written, and who is told. Nobody waits for it: the disk may take its time, or never answer.
pub(super) struct Beat {
    pub(super) state: Arc<State>,
    pub(super) metrics: Metrics,
    pub(super) readiness: Readiness,
    pub(super) counts: Arc<Counts>,
    pub(super) health: Arc<Health>,
}

impl Beat {
    /// Goes on until what is returned is dropped.
    pub(super) fn start(self) -> JoinSet<()> {
        let mut beating = JoinSet::new();
        beating.spawn(self.run());
        beating
    }

    async fn run(self) {
        let mut beat = interval(BEAT);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            beat.tick().await;
            let (state, began) = (Arc::clone(&self.state), Instant::now());
            let mut synced = spawn_blocking(move || (state.sync(), state.counts()));
            let synced = loop {
                tokio::select! {
                    synced = &mut synced => break synced.map_err(io::Error::other),
                    _ = beat.tick() => self.wait(began.elapsed()),
                }
            };
            self.tell();
            match synced.map(|(synced, counts)| (tell::writes(&self.metrics, counts), synced).1) {
                Ok(Ok(())) => self.readiness.recovers("state"),
                Ok(Err(error)) | Err(error) => self.lacks(&error.to_string()),
            }
        }
    }

    fn wait(&self, elapsed: Duration) {
        self.tell();
        if elapsed >= SLOW {
            self.lacks("the disk does not answer");
        }
    }

    fn lacks(&self, why: &str) {
        self.readiness.lacks("state", format!("positions cannot be written: {why}"));
    }

    fn tell(&self) {
        tell::numbers(&self.metrics, &self.counts);
        tell::trouble(&self.readiness, self.health.trouble().as_ref());
    }
}
