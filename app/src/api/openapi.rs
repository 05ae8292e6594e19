//! `/openapi.json`: the API, described for machines.

use axum::http::{HeaderValue, header};
use axum::response::IntoResponse;

/// `GET /openapi.json`
pub(super) async fn get() -> impl IntoResponse {
    let json = HeaderValue::from_static("application/json");
    ([(header::CONTENT_TYPE, json)], include_str!("../../openapi.json"))
}
