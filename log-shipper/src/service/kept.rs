//! What the pipeline keeps on disk, and what it counts.

use std::io;
use std::sync::Arc;

use crate::checkpoint::{Known, State};
use crate::clock::Clock;
use crate::config::Settings;
use crate::dead_letter::{DeadLetters, Letter};
use crate::deliver::{Exchange, Refused};
use crate::metrics::Metrics;
use crate::pipeline::Kept;

pub(super) fn kept(
    settings: &Settings,
    state: Arc<State>,
    known: Vec<Known>,
    metrics: &Metrics,
    clock: &Clock,
) -> Kept {
    let letters = DeadLetters::new(settings.state.folder(), settings.state.dead_letter_limit);
    let (clock, observed) = (clock.clone(), metrics.clone());
    Kept {
        state,
        known,
        metrics: metrics.clone(),
        // The disk may take its time: the thread hands its other tasks on.
        refused: Arc::new(move |refused| tokio::task::block_in_place(|| keep(&letters, refused, clock.now()))),
        observed: Arc::new(move |exchange| observe(&observed, exchange)),
    }
}

fn observe(metrics: &Metrics, exchange: &Exchange) {
    if exchange.status.is_some() {
        metrics.observe_bulk(exchange.duration, exchange.bytes);
    }
}

fn keep(letters: &DeadLetters, refused: &[Refused<'_>], now: i64) -> io::Result<()> {
    let letters_now: Vec<Letter<'_>> = refused.iter().map(|refused| letter(refused, now)).collect();
    letters.append_all(&letters_now).map_err(io::Error::other)
}

fn letter<'a>(refused: &Refused<'a>, now: i64) -> Letter<'a> {
    Letter {
        time: now,
        id: refused.id,
        target: refused.target,
        status: refused.status,
        kind: refused.error_type,
        reason: refused.reason,
        line: None,
        document: refused.document,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn only_what_was_answered_is_observed() {
        let metrics = Metrics::new("1", "r");
        for status in [None, Some(503), None] {
            observe(&metrics, &Exchange { duration: Duration::from_secs(1), items: 1, bytes: 1, status });
        }
        let text = metrics.render();
        assert!(text.contains("log_shipper_bulk_duration_seconds_count 1\n"), "{text}");
    }
}
