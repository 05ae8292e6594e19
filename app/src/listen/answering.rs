//! An answer in the making, which has its turn whatever becomes of the connection.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use super::stream::Stage;

/// The answer to a request. The line of the log is begun in its first turn; should hyper give the connection up before
/// that, it takes the turn when it is dropped, so that every request that was read is noted.
pub(super) struct Answering<F: Future + Unpin> {
    answer: F,
    stage: Arc<Stage>,
    begun: bool,
}

impl<F: Future + Unpin> Answering<F> {
    pub(super) fn new(answer: F, stage: Arc<Stage>) -> Self {
        stage.request_began();
        Self { answer, stage, begun: false }
    }
}

impl<F: Future + Unpin> Future for Answering<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        self.begun = true;
        let answer = Pin::new(&mut self.answer).poll(context);
        if answer.is_ready() {
            self.stage.request_ended();
        }
        answer
    }
}

impl<F: Future + Unpin> Drop for Answering<F> {
    fn drop(&mut self) {
        if !self.begun {
            // Nobody is there for the answer, should it be ready at once.
            let _ = Pin::new(&mut self.answer).poll(&mut Context::from_waker(Waker::noop()));
        }
    }
}
