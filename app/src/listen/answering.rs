//! An answer in the making, which has its turn whatever becomes of the connection.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use axum::http::{HeaderValue, header};
use axum::response::Response;

use super::stream::Stage;

/// The answer to a request. The line of the log is begun in its first turn; should hyper give the connection up before
/// that, it takes the turn when it is dropped, so that every request that was read is noted.
pub(super) struct Answering<F: Future + Unpin> {
    answer: F,
    stage: Arc<Stage>,
    begun: bool,
    last: bool,
}

impl<F: Future + Unpin> Answering<F> {
    /// The answer to a request whose body has so many bytes. Where the number is not known, neither is where the next
    /// request would begin, so that there is none on this connection.
    pub(super) fn new(answer: F, body: Option<u64>, stage: Arc<Stage>) -> Self {
        stage.request_began(body.unwrap_or(u64::MAX));
        Self { answer, stage, begun: false, last: body.is_none() }
    }
}

impl<E, F: Future<Output = Result<Response, E>> + Unpin> Future for Answering<F> {
    type Output = F::Output;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {
        self.begun = true;
        let mut answer = Pin::new(&mut self.answer).poll(context);
        if let Poll::Ready(answer) = &mut answer {
            self.stage.request_ended();
            if let (true, Ok(response)) = (self.last, answer) {
                response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
            }
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
