//! A try in vain: what it was, and when the next one may be.

use std::time::Duration;

use super::health::Trouble;
use super::request::{Failure, Reply};
use super::verdict::Obstacle;
use crate::bulk::Problem;

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
