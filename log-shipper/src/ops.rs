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

/// Answers that are being sent when the end comes may take so long.
const FAREWELL: Duration = Duration::from_secs(1);

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

/// Answers until `shutdown` comes, and a second longer at most.
///
/// # Errors
/// As axum says: none that is known.
pub async fn serve(
    listener: TcpListener,
    operations: Operations,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let (stopping, stopped) = tokio::sync::oneshot::channel();
    let signal = async move {
        shutdown.await;
        // Nobody waits any more if serving has failed.
        let _ = stopping.send(());
    };
    let limit = async {
        // An error means that serving has ended, which the other branch tells.
        if stopped.await.is_ok() {
            tokio::time::sleep(FAREWELL).await;
        } else {
            std::future::pending::<()>().await;
        }
    };
    tokio::select! {
        served = axum::serve(Bounded::new(listener), routes(operations)).with_graceful_shutdown(signal) => served,
        () = limit => Ok(()),
    }
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
