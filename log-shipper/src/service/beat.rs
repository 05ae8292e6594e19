//! What is done each second, until everything has ended: positions reach the disk for sure, and numbers are brought up to date.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::{JoinSet, spawn_blocking};
use tokio::time::{MissedTickBehavior, interval};

use super::{Service, tell};
use crate::checkpoint::{self, State};
use crate::dead_letter::{DeadLetters, Usage};
use crate::deliver::{Backlog, Counts, Health};
use crate::metrics::Metrics;
use crate::ops::Readiness;
use crate::pipeline::Tally;

/// How often.
const BEAT: Duration = Duration::from_secs(1);

/// A disk that takes longer does not answer.
const SLOW: Duration = Duration::from_secs(10);

/// What is written, and who is told. Nobody waits for it: the disk may take its time, or never answer.
pub(super) struct Beat {
    state: Arc<State>,
    letters: Arc<DeadLetters>,
    counts: Arc<Counts>,
    health: Arc<Health>,
    backlog: Backlog,
    tally: Arc<Tally>,
    metrics: Metrics,
    readiness: Readiness,
}

impl Beat {
    pub(super) fn of(service: &Service) -> Self {
        let (lanes, kept) = (service.pipeline.lanes(), &service.settings.state);
        Self {
            state: Arc::clone(&service.state),
            letters: Arc::new(DeadLetters::new(kept.folder(), kept.dead_letter_limit)),
            counts: lanes.counts(),
            health: lanes.health(),
            backlog: lanes.backlog(),
            tally: Arc::clone(&service.tally),
            metrics: service.metrics.clone(),
            readiness: service.readiness.clone(),
        }
    }

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
            let (state, letters, began) = (Arc::clone(&self.state), Arc::clone(&self.letters), Instant::now());
            let mut written = spawn_blocking(move || (state.sync(), state.counts(), letters.usage().ok()));
            let written = loop {
                tokio::select! {
                    written = &mut written => break written.map_err(io::Error::other),
                    _ = beat.tick() => self.wait(began.elapsed()),
                }
            };
            self.tell();
            match written.and_then(|(synced, counts, usage)| (self.tell_disk(counts, usage), synced).1) {
                Ok(()) => self.readiness.recovers("state"),
                Err(error) => self.lacks(&error.to_string()),
            }
        }
    }

    fn tell_disk(&self, counts: checkpoint::Counts, usage: Option<Usage>) {
        tell::writes(&self.metrics, counts);
        // A folder that cannot be read is told of when a letter finds no room there.
        if let Some(usage) = usage {
            tell::room(&self.metrics, usage);
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
        // Until then the reader does that, who knows more.
        if self.tally.is_finished() {
            tell::behind(&self.metrics, &self.tally, &self.backlog);
        }
        tell::numbers(&self.metrics, &self.counts);
        tell::troubles(&self.readiness, &self.health.troubles());
    }
}
