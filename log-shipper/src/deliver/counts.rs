//! What the lanes count.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::batch::Dataset;

/// Different types of errors that are counted each by itself.
const TYPES: usize = 32;
/// The others.
const OTHER: &str = "other";

/// Documents unless said otherwise, since the start.
#[derive(Debug, Default)]
pub struct Counts {
    /// In requests that reached a server, each time.
    pub sent: AtomicU64,
    /// Finished, in whatever way but as a dead letter.
    pub acknowledged: ByDataset,
    /// Of these: those that Elasticsearch had already.
    pub repeated: AtomicU64,
    /// Of these: those that went to the failure store.
    pub failure_store: AtomicU64,
    /// To be sent again.
    pub retried: AtomicU64,
    /// Requests that reached a server.
    pub requests: AtomicU64,
    /// Requests without a whole answer.
    pub unanswered: AtomicU64,
    /// Requests that were cut into parts, because they were too large or something in them was malformed.
    pub split: AtomicU64,
    /// Bytes of bodies, before compression.
    pub bytes: AtomicU64,
    /// Bytes of bodies, as they were sent.
    pub wire_bytes: AtomicU64,
    /// Ids that were looked up, because they could have been stored before a rollover.
    pub looked_up: AtomicU64,
    /// Requests that are on their way now.
    pub on_the_way: AtomicU64,
    refused: Mutex<BTreeMap<String, u64>>,
}

/// Documents by whose log they belong to.
#[derive(Debug, Default)]
pub struct ByDataset([AtomicU64; Dataset::ALL.len()]);

impl ByDataset {
    /// Of one.
    #[must_use]
    pub fn of(&self, dataset: Dataset) -> u64 {
        self.0[dataset as usize].load(Ordering::Relaxed)
    }

    /// Of all.
    #[must_use]
    pub fn total(&self) -> u64 {
        Dataset::ALL.into_iter().map(|dataset| self.of(dataset)).sum()
    }

    pub(super) fn add(&self, datasets: impl IntoIterator<Item = Dataset>) {
        let mut counts = [0; Dataset::ALL.len()];
        datasets.into_iter().for_each(|dataset| counts[dataset as usize] += 1);
        self.0.iter().zip(counts).for_each(|(counter, count)| add(counter, count));
    }
}

/// A request that is on its way, for as long as this lives: also one whose lane is given up ends.
pub(super) struct OnTheWay<'a>(&'a AtomicU64);

impl<'a> OnTheWay<'a> {
    pub(super) fn new(counts: &'a Counts) -> Self {
        counts.on_the_way.fetch_add(1, Ordering::Relaxed);
        Self(&counts.on_the_way)
    }
}

impl Drop for OnTheWay<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Counts {
    /// Dead letters by the type of their error; there are at most 33.
    #[must_use]
    pub fn refused(&self) -> BTreeMap<String, u64> {
        self.refused.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn refuse(&self, kind: &str) {
        let mut refused = self.refused.lock().unwrap_or_else(PoisonError::into_inner);
        let known = refused.contains_key(kind) || refused.len() < TYPES;
        let kind = if known && !kind.is_empty() { kind } else { OTHER };
        *refused.entry(kind.to_owned()).or_default() += 1;
    }
}

/// Adds a number of something.
pub(super) fn add(counter: &AtomicU64, count: usize) {
    counter.fetch_add(count as u64, Ordering::Relaxed);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_cannot_make_more_and_more_types() {
        let counts = Counts::default();
        for number in 0..1_000 {
            counts.refuse(&format!("type_{number}"));
        }
        let refused = counts.refused();
        assert_eq!((refused.len(), refused.values().sum::<u64>()), (TYPES + 1, 1_000));
    }
}
