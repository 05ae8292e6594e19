//! Every metric of the program in one table, and the instruments.
//!
//! [`names::ALL`] has name, kind, unit, label, buckets and help of each; [`Instruments`] has a field for each row, and
//! [`Metrics`] makes Prometheus' text of them.

pub mod names;
mod registry;

use std::ops::Deref;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use metrics::Counter;

use crate::line::Marks;
pub use names::Instruments;
use registry::Registry;

/// After so many observations these are gathered into their buckets, whether or not somebody scrapes: until then, each
/// costs 24 bytes.
const GATHERED: u32 = 512;

/// The metrics of one shipper: cheap to clone, and free of process-wide state, so that tests can have many.
#[derive(Clone)]
pub struct Metrics(Arc<Inner>);

struct Inner {
    registry: Registry,
    instruments: Instruments,
    observations: AtomicU32,
}

impl Metrics {
    /// Registers every instrument; `version` and `revision` say which build runs. Counters start at 0, so that their rate
    /// is known from the first event on.
    #[must_use]
    pub fn new(version: &str, revision: &str) -> Self {
        let registry = Registry::new(version, revision);
        let instruments = Instruments::register(&registry);
        Self(Arc::new(Inner { registry, instruments, observations: AtomicU32::new(0) }))
    }

    /// Counts a line by each of its marks.
    pub fn count_marks(&self, marks: Marks) {
        marks.names().for_each(|name| self.lines_marked.of(name).increment(1));
    }

    /// Observes a bulk request that was answered: how long that took, and its bytes before compression.
    #[expect(clippy::cast_precision_loss, reason = "a request has fewer than 2^53 bytes")]
    pub fn observe_bulk(&self, took: Duration, bytes: usize) {
        self.bulk_duration.record(took.as_secs_f64());
        self.bulk_size.record(bytes as f64);
        if self.0.observations.fetch_add(1, Ordering::Relaxed) % GATHERED == GATHERED - 1 {
            self.0.registry.gather();
        }
    }

    /// Everything in Prometheus' text format (version 0.0.4), with the process' numbers as they are now.
    #[must_use]
    pub fn render(&self) -> String {
        self.0.registry.render()
    }
}

impl Deref for Metrics {
    type Target = Instruments;

    fn deref(&self) -> &Instruments {
        &self.0.instruments
    }
}

/// Counters of one metric, by the values of its label.
pub struct Counters(Vec<(&'static str, Counter)>);

impl Counters {
    /// The one for `value`; for a value that the table does not list, the last one, so that no stranger makes a series.
    ///
    /// # Panics
    /// Never: a label of the table has values.
    pub fn of(&self, value: &str) -> &Counter {
        let found = self.0.iter().find(|(known, _)| *known == value).or(self.0.last());
        &found.expect("a label of the table has values").1
    }
}

/// A number as metrics have it.
#[expect(clippy::cast_precision_loss, reason = "nobody has 2^53 bytes of logs on a node")]
pub(crate) fn float(number: u64) -> f64 {
    number as f64
}

#[cfg(test)]
mod tests;
