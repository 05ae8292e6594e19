//! A try in vain: what it was, and when the next one may be.

use std::time::Duration;

use super::backoff::Patience;
use super::health::Trouble;
use super::request::{Failure, Reply};
use super::verdict::Obstacle;
use crate::bulk::Problem;

/// After what takes its time the waits begin as if there had been so many tries more.
const SLOW: u32 = 2;

#[derive(Debug)]
pub(super) struct Setback {
    pub(super) trouble: Trouble,
    /// What the server asked for by `Retry-After`.
    pub(super) asked: Option<Duration>,
    /// It was the host, so that another one can be tried without waiting.
    pub(super) of_host: bool,
}

impl Setback {
    pub(super) fn new(trouble: Trouble) -> Self {
        Self { trouble, asked: None, of_host: false }
    }

    /// How long to wait before the next try, after `tries` in vain before this one.
    pub(super) fn pause(&self, tries: u32, patience: Patience) -> Duration {
        let more = if self.trouble.takes_its_time() { SLOW } else { 0 };
        patience.next(tries.saturating_add(more), self.asked)
    }

    /// An answer that says that something is in the way of `target`, if it is known of which.
    pub(super) fn said(obstacle: Obstacle, reply: &Reply, problem: Option<&Problem>, target: Option<&str>) -> Self {
        let (kind, reason) = problem.map_or(("", ""), |problem| (&problem.kind, &problem.reason));
        let trouble = Trouble::new(obstacle, reply.status, kind, reason, target);
        Self { trouble, asked: reply.retry_after, of_host: matches!(reply.status, 502..=504) }
    }
}

impl From<&Failure> for Setback {
    fn from(failure: &Failure) -> Self {
        Self { trouble: Trouble::Unanswered(failure.to_string()), asked: None, of_host: true }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_denial_waits_longer_from_the_first_try_on() {
        let denied = Trouble::Denied { status: 401, kind: String::new(), privileges: None, target: None };
        let patience = Patience::default();
        for _ in 0..100 {
            assert!(Setback::new(Trouble::Busy).pause(0, patience) <= patience.first);
            assert!(Setback::new(denied.clone()).pause(0, patience) >= 2 * patience.first);
            assert!(Setback::new(denied.clone()).pause(u32::MAX, patience) <= patience.longest);
        }
    }
}
