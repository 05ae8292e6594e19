//! Brings what the parts count into the metrics, and what is in their way into `/readyz`.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::time::Instant;

use super::Purpose;
use super::sources::Sources;
use crate::batch::Dataset;
use crate::checkpoint;
use crate::dead_letter::Usage;
use crate::deliver::{Backlog, Counts, Trouble};
use crate::metrics::names::REASONS;
use crate::metrics::{Metrics, float};
use crate::ops::Readiness;
use crate::pipeline::Tally;

/// Whoever ships what is there has made a mistake if there is nothing; else it may still come.
pub(super) fn empty(sources: &Sources, purpose: Purpose) {
    for sentence in &sources.empty {
        match purpose {
            Purpose::Follow => tracing::info!(reason = sentence, "there is nothing to read yet"),
            Purpose::Exhaust | Purpose::Print => tracing::warn!(reason = sentence, "there is nothing to read"),
        }
    }
}

pub(super) fn numbers(metrics: &Metrics, counts: &Counts) {
    let of = |count: &AtomicU64| count.load(Relaxed);
    metrics.documents_sent.absolute(of(&counts.sent));
    metrics.documents_repeated.absolute(of(&counts.repeated));
    metrics.documents_retried.absolute(of(&counts.retried));
    metrics.failure_store.absolute(of(&counts.failure_store));
    metrics.in_flight_batches.set(float(of(&counts.on_the_way)));
    for dataset in Dataset::ALL {
        metrics.documents_acknowledged.of(dataset.name()).absolute(counts.acknowledged.of(dataset));
    }
    for (reason, count) in by_reason(counts.refused()) {
        metrics.dead_letters.of(reason).absolute(count);
    }
}

pub(super) fn writes(metrics: &Metrics, counts: checkpoint::Counts) {
    let checkpoint::Counts { writes, rewrites, failures } = counts;
    metrics.state_writes.of("ok").absolute(writes + rewrites);
    metrics.state_writes.of("failed").absolute(failures);
}

/// How far behind the shipper is that has read everything.
pub(super) fn behind(metrics: &Metrics, tally: &Tally, backlog: &Backlog) {
    metrics.behind_bytes.set(float(tally.total().saturating_sub(tally.acknowledged())));
    metrics.behind_seconds.set(backlog.age(Instant::now()).unwrap_or_default().as_secs_f64());
}

/// What dead letters take of their room.
pub(super) fn room(metrics: &Metrics, usage: Usage) {
    metrics.dead_letters_used.set(float(usage.bytes));
    metrics.dead_letters_limit.set(float(usage.limit));
}

/// Types of errors that the table does not list are counted together.
fn by_reason(refused: BTreeMap<String, u64>) -> BTreeMap<&'static str, u64> {
    let mut by_reason = BTreeMap::new();
    for (kind, count) in refused {
        let reason = REASONS.iter().find(|reason| **reason == kind).unwrap_or(&"other");
        *by_reason.entry(*reason).or_default() += count;
    }
    by_reason
}

pub(super) fn troubles(readiness: &Readiness, troubles: &[Trouble]) {
    for part in ["dead letters", "elasticsearch"] {
        let of_part = troubles.iter().filter(|trouble| part_of(trouble) == part).map(ToString::to_string);
        let of_part = of_part.collect::<Vec<_>>().join("; ");
        if of_part.is_empty() {
            readiness.recovers(part);
        } else {
            readiness.lacks(part, of_part);
        }
    }
}

fn part_of(trouble: &Trouble) -> &'static str {
    match trouble {
        Trouble::DeadLetters(_) => "dead letters",
        _ => "elasticsearch",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn types_of_errors_that_are_not_in_the_table_are_added_up() {
        let refused = [("a", 1), ("b", 2), ("mapper_parsing_exception", 4), ("other", 8)];
        let refused = refused.map(|(kind, count)| (kind.to_owned(), count)).into();
        assert_eq!(by_reason(refused), [("mapper_parsing_exception", 4), ("other", 11)].into());
    }

    #[test]
    fn a_trouble_stands_under_the_part_that_has_it_until_it_is_gone() {
        let readiness = Readiness::default();
        troubles(&readiness, &[Trouble::Busy]);
        troubles(&readiness, &[Trouble::DeadLetters("full".to_owned())]);
        let reasons = readiness.reasons();
        assert!(reasons.len() == 1 && reasons[0].starts_with("dead letters: "), "{reasons:?}");
        troubles(&readiness, &[Trouble::Missing(Some("a".to_owned())), Trouble::Missing(Some("b".to_owned()))]);
        let reasons = readiness.reasons();
        assert!(
            reasons.len() == 1 && reasons[0].starts_with("elasticsearch: a ") && reasons[0].contains("; b "),
            "{reasons:?}"
        );
        troubles(&readiness, &[]);
        assert!(readiness.reasons().is_empty());
    }
}
