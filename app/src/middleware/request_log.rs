//! One line for each request, whatever its end; and no request is taken while the log is full.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

use crate::telemetry::TransactionLog;

/// Surrounds a request with its [`crate::telemetry::Transaction`]. It belongs inside the router (`Router::layer`), where
/// the matched route is known, and outside of everything that may answer by itself.
///
/// The wait for room in the log is part of the request's time: a stopped reader of the log shows as slow requests.
pub async fn request_log(State(log): State<TransactionLog>, request: Request, next: Next) -> Response {
    let (transaction, request) = log.begin(request);
    log.writer().room().await;
    let response = next.run(request).await;
    transaction.answered(&response);
    response
}
