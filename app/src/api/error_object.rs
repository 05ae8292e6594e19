//! What the simulator is told when something fails: `{"status", "error_msg"}`.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde::Serialize;

use crate::error::Error;

const JSON: HeaderValue = HeaderValue::from_static("application/json");

#[derive(Serialize)]
struct ErrorObject<'a> {
    status: u16,
    error_msg: &'a str,
}

/// Puts an error object into an answer that has a status and nothing else.
pub(crate) fn dress(response: Response) -> Response {
    if response.headers().contains_key(header::CONTENT_TYPE) {
        return response;
    }
    let (mut parts, _) = response.into_parts();
    let body = match parts.extensions.get::<Error>() {
        Some(error) => object(parts.status, &error.to_string()),
        None => plain(parts.status),
    };
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CONTENT_TYPE, JSON);
    (parts, body).into_response()
}

/// The object for a status, for who never became a request.
pub(crate) fn plain(status: StatusCode) -> Bytes {
    object(status, status.canonical_reason().unwrap_or("Error"))
}

fn object(status: StatusCode, error_msg: &str) -> Bytes {
    let object = ErrorObject { status: status.as_u16(), error_msg };
    serde_json::to_vec(&object).expect("a number and a string always serialize").into()
}
