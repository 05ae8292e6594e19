//! `OPTIONS *`: a question about the site as a whole (RFC 9110, section 9.3.7).

use axum::http::{Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};

use crate::error::{Error, Result};

/// Answers what met no route.
///
/// # Errors
/// 404 for everything else.
pub fn answer(method: &Method, uri: &Uri) -> Result<Response> {
    if *method == Method::OPTIONS && uri.path() == "*" {
        return Ok((StatusCode::NO_CONTENT, [(header::ALLOW, "GET,HEAD,POST,OPTIONS")]).into_response());
    }
    Err(Error::NotFound)
}
