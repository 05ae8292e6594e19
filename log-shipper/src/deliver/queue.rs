//! The way from the reader to the lanes, and what the lanes have not finished.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::mpsc;

use crate::batch::{Batch, Since};

/// Hands batches to the lanes; never blocks, because the budget of the batches bounds what waits.
#[derive(Clone)]
pub struct Queue {
    lanes: Arc<[Entrance]>,
    shared: usize,
}

/// Where a lane takes batches, and what it has not finished.
pub(super) type Entrance = (mpsc::UnboundedSender<Batch>, Waiting);

impl Queue {
    /// The first `shared` of these lanes are for all files; each of the others is for the files of one target.
    pub(super) fn new(lanes: Vec<Entrance>, shared: usize) -> Self {
        Self { lanes: lanes.into(), shared }
    }

    /// Lanes.
    #[must_use]
    pub fn lanes(&self) -> usize {
        self.lanes.len()
    }

    /// How many of them, the first ones, are for all files.
    #[must_use]
    pub fn shared(&self) -> usize {
        self.shared
    }

    pub(super) fn backlog(&self) -> Backlog {
        Backlog(self.lanes.iter().map(|(_, waiting)| waiting.clone()).collect())
    }

    /// Hands a batch to a lane (its number modulo their count). After the lanes were given up, it is dropped.
    pub fn hand_over(&self, lane: usize, batch: Batch) {
        let (sender, waiting) = &self.lanes[lane % self.lanes.len()];
        waiting.push(batch.since);
        // The lane is gone only when it was given up; what is dropped then counts as not finished.
        let _ = sender.send(batch);
    }

    /// Batches that are not finished.
    #[must_use]
    pub fn in_flight(&self) -> usize {
        self.lanes.iter().map(|(_, waiting)| waiting.len()).sum()
    }

    /// Batches of one lane that are not finished.
    #[must_use]
    pub fn waiting(&self, lane: usize) -> usize {
        self.lanes[lane % self.lanes.len()].1.len()
    }

    /// How old the oldest line is that is not acknowledged.
    #[must_use]
    pub fn age(&self, now: Instant) -> Option<Duration> {
        self.lanes.iter().filter_map(|(_, waiting)| waiting.age(now)).max()
    }
}

/// What the lanes have not finished, for those who only look: it keeps no lane from ending.
#[derive(Clone, Debug)]
pub struct Backlog(Vec<Waiting>);

impl Backlog {
    /// How old the oldest line is that is not acknowledged.
    #[must_use]
    pub fn age(&self, now: Instant) -> Option<Duration> {
        self.0.iter().filter_map(|waiting| waiting.age(now)).max()
    }

    pub(super) fn len(&self) -> usize {
        self.0.iter().map(Waiting::len).sum()
    }
}

/// Since when the batches wait that a lane has not finished.
#[derive(Clone, Debug, Default)]
pub(super) struct Waiting(Arc<Mutex<VecDeque<Since>>>);

impl Waiting {
    pub(super) fn push(&self, since: Since) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push_back(since);
    }

    pub(super) fn pop(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
    }

    fn len(&self) -> usize {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).len()
    }

    fn age(&self, now: Instant) -> Option<Duration> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().map(|since| since.age(now)).max()
    }
}
