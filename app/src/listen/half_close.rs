//! The end of what a client sends, held back while the client may still wait for its answer.
//!
//! A client may close its side right after its request and read on; one that has gone away looks the same. hyper can only
//! ignore such an end or give the connection up at once, with the request that is being answered.

use std::pin::Pin;
use std::task::Context;
use std::time::Duration;

use tokio::time::Sleep;

/// How long a request may take after its client has closed its side. Ordinary ones take less; of a slow one whose client
/// has gone away it is known that nobody waits.
const GRACE: Duration = Duration::from_secs(1);

/// Whether the end is held back.
#[derive(Debug, Default)]
pub(super) struct HalfClose {
    grace: Option<Pin<Box<Sleep>>>,
    /// How many requests had begun when last all that was answered had been handed to the system.
    delivered: usize,
    held: bool,
}

impl HalfClose {
    /// A new request has its own grace.
    pub(super) fn request_began(&mut self) {
        self.grace = None;
    }

    /// The client has closed its side: whether that stays untold for now, since a request is being handled, or an answer
    /// is not yet taken, of which hyper would forget the rest.
    pub(super) fn holds(&mut self, requests: usize, in_request: bool, context: &mut Context<'_>) -> bool {
        let grace = || Box::pin(tokio::time::sleep(GRACE));
        self.held = if in_request {
            self.grace.get_or_insert_with(grace).as_mut().poll(context).is_pending()
        } else {
            self.delivered != requests
        };
        self.held
    }

    /// All answers to that many requests are on their way: whether somebody has to be told now that the client has closed
    /// its side.
    pub(super) fn delivered(&mut self, requests: usize) -> bool {
        self.delivered = requests;
        std::mem::take(&mut self.held)
    }

    /// Whether all answers to that many requests are on their way.
    pub(super) fn has_delivered(&self, requests: usize) -> bool {
        self.delivered == requests
    }
}
