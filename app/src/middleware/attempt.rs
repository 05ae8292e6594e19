//! Counts what somebody tried to do by how it ended, also where it ended before its handler began.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use axum::extract::Request;
use axum::handler::Handler;
use axum::response::Response;

use crate::App;
use crate::telemetry::{ByDoor, Metrics, Outcome, Via};

/// A handler whose answers are counted.
#[derive(Clone)]
pub struct Counted<H> {
    handler: H,
    counter: fn(&Metrics) -> &ByDoor,
    via: Via,
}

/// Counts the answers of `handler`. It says how an attempt ended by an [`Outcome`] among its response's extensions, where
/// the status does not: see [`Outcome::of`].
pub fn counted<H>(via: Via, counter: fn(&Metrics) -> &ByDoor, handler: H) -> Counted<H> {
    Counted { handler, counter, via }
}

impl<T, H: Handler<T, Arc<App>>> Handler<T, Arc<App>> for Counted<H> {
    type Future = Pin<Box<dyn Future<Output = Response> + Send>>;

    fn call(self, request: Request, app: Arc<App>) -> Self::Future {
        Box::pin(async move {
            let response = self.handler.call(request, app.clone()).await;
            (self.counter)(&app.metrics).count(self.via, Outcome::of(&response));
            response
        })
    }
}
