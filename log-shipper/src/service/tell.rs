//! Brings what the lanes count into the metrics.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::deliver::{Counts, Lanes};
use crate::metrics::Metrics;

pub(super) fn counts(metrics: &Metrics, lanes: &Lanes) {
    totals(metrics, &lanes.counts());
}

pub(super) fn totals(metrics: &Metrics, counts: &Counts) {
    let of = |count: &AtomicU64| count.load(Relaxed);
    metrics.documents_sent.absolute(of(&counts.sent));
    metrics.documents_acknowledged.absolute(of(&counts.acknowledged));
    metrics.documents_repeated.absolute(of(&counts.repeated));
    metrics.documents_retried.absolute(of(&counts.retried));
    metrics.failure_store.absolute(of(&counts.failure_store));
    for (kind, count) in counts.refused() {
        metrics.dead_letters.of(&kind).absolute(count);
    }
}
