//! The simulator's API, on port 8001. A file is a resource: what it reads and what it answers.

mod error_object;
mod fllws;
mod latest;
mod limit;
mod msgs;
mod openapi;
mod register;

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::header;
use axum::routing::{get, post};
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;

use crate::App;
use crate::error::{Error, Result};
use crate::telemetry::RequestLog;

pub(crate) use error_object::{dress, plain};
pub(crate) use latest::brought_by as latest_of;

/// The routes of the contract, and the document that describes them.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/latest", get(latest::get))
        .route("/register", post(register::post))
        .route("/msgs", get(msgs::of_all))
        .route("/msgs/{username}", get(msgs::of_user).post(msgs::post))
        .route("/fllws/{username}", get(fllws::get).post(fllws::post))
        .route("/openapi.json", get(openapi::get))
        .fallback(async || Error::NotFound)
}

/// Lets only the simulator at messages and followers; it wins over 404 and 405.
///
/// # Errors
/// 403 when the credential is missing or wrong.
pub(crate) fn authorize(credential: &SecretString, request: &Request) -> Result<()> {
    let path = request.uri().path();
    if !(concerns(path, "/msgs") || concerns(path, "/fllws")) {
        return Ok(());
    }
    let given = request.headers().get(header::AUTHORIZATION).map_or(&b""[..], |value| value.as_bytes());
    if !bool::from(given.ct_eq(credential.expose_secret().as_bytes())) {
        return Err(Error::NotAuthorized);
    }
    if let Some(log) = request.extensions().get::<RequestLog>() {
        log.role("simulator");
        log.trust_names();
    }
    Ok(())
}

/// Whether a path is that of a resource or below it.
fn concerns(path: &str, resource: &str) -> bool {
    path.strip_prefix(resource).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
