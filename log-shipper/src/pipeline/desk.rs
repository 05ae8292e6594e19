//! The batches that are being filled, one for each lane.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::batch::{Open, Pool};
use crate::deliver::Queue;

/// Where documents are put.
pub(super) struct Desk {
    pool: Pool,
    queue: Queue,
    target: Arc<str>,
    open: Vec<Option<Open>>,
    /// Batches that may wait for one lane, so that one which is stuck leaves room for the others.
    waiting_limit: usize,
}

impl Desk {
    pub(super) fn new(pool: Pool, queue: Queue, target: Arc<str>, batches: usize) -> Self {
        let lanes = queue.lanes();
        let waiting_limit = (batches / lanes).max(2);
        Self { pool, queue, target, open: std::iter::repeat_with(|| None).take(lanes).collect(), waiting_limit }
    }

    pub(super) fn lanes(&self) -> usize {
        self.open.len()
    }

    /// The lane's batch, unless it has to wait for room.
    pub(super) fn batch(&mut self, lane: usize) -> Option<&mut Open> {
        if self.open[lane].is_none() && self.queue.waiting(lane) < self.waiting_limit {
            self.open[lane] = self.pool.try_open(&self.target);
        }
        self.open[lane].as_mut()
    }

    pub(super) fn is_full(&self, lane: usize) -> bool {
        self.open[lane].as_ref().is_some_and(Open::is_full)
    }

    /// Hands the lane's batch over, whatever is in it.
    pub(super) fn hand_over(&mut self, lane: usize) {
        if let Some(open) = self.open[lane].take().filter(|open| !open.is_empty()) {
            self.queue.hand_over(lane, open.seal(Instant::now()));
        }
    }

    pub(super) fn hand_over_all(&mut self) {
        (0..self.lanes()).for_each(|lane| self.hand_over(lane));
    }

    /// Hands over what has waited long enough.
    pub(super) fn hand_over_due(&mut self, now: Instant) {
        for lane in 0..self.lanes() {
            if self.open[lane].as_ref().and_then(Open::due).is_some_and(|due| due <= now) {
                self.hand_over(lane);
            }
        }
    }

    /// When something will have waited long enough.
    pub(super) fn due(&self) -> Option<Instant> {
        self.open.iter().flatten().filter_map(Open::due).min()
    }

    /// Bytes of all batches.
    pub(super) fn used(&self) -> usize {
        self.pool.used()
    }

    /// How old the oldest line is that was read and is not acknowledged.
    pub(super) fn age(&self, now: Instant) -> Option<Duration> {
        let filling = self.open.iter().flatten().filter_map(Open::since).map(|since| since.age(now));
        filling.chain(self.queue.age(now)).max()
    }
}
