//! Counts and times each request by its route.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

use crate::telemetry::Metrics;

/// Surrounds a request with its [`crate::telemetry::Exchange`]. It belongs inside the router (`Router::layer`), where the
/// matched route is known.
pub async fn metrics(State(metrics): State<Metrics>, request: Request, next: Next) -> Response {
    let exchange = metrics.begin(&request);
    let response = next.run(request).await;
    exchange.answered(&response);
    response
}
