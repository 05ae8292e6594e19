//! Operations: `/metrics`, `/healthz` (the process lives), `/readyz` (it can do its work).

mod listener;
mod readiness;

use std::io;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use tokio::net::TcpListener;

use crate::metrics::Metrics;
use listener::Bounded;
pub use readiness::Readiness;

/// A connection is closed after this time; Prometheus opens another one.
const LIFETIME: Duration = Duration::from_secs(30);

/// What operations tell of.
#[derive(Clone)]
pub struct Operations {
    /// What is counted and measured.
    pub metrics: Metrics,
    /// What keeps the shipper from its work.
    pub readiness: Readiness,
}

/// The routes.
pub fn routes(operations: Operations) -> Router {
    let router = Router::new().route("/metrics", get(metrics)).route("/healthz", get(async || "ok\n"));
    router.route("/readyz", get(readyz)).with_state(operations)
}

/// Answers until `shutdown` comes; a client that has not sent its whole request by then gets no answer.
///
/// # Errors
/// As axum says: none that is known.
pub async fn serve(
    listener: TcpListener,
    operations: Operations,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let listener = Bounded::new(listener, LIFETIME);
    axum::serve(listener, routes(operations)).with_graceful_shutdown(shutdown).await
}

async fn metrics(State(operations): State<Operations>) -> Response {
    let text = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    ([(header::CONTENT_TYPE, text)], operations.metrics.render()).into_response()
}

/// Says why not, one reason a line.
async fn readyz(State(operations): State<Operations>) -> (StatusCode, String) {
    let reasons = operations.readiness.reasons();
    if reasons.is_empty() {
        return (StatusCode::OK, "ready\n".into());
    }
    (StatusCode::SERVICE_UNAVAILABLE, reasons.into_iter().map(|reason| reason + "\n").collect())
}

#[cfg(test)]
mod tests;
