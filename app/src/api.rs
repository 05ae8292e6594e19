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
use axum::http::{Method, StatusCode, Uri, header};
use axum::routing::{MethodRouter, get, post};
use secrecy::{ExposeSecret, SecretString};
use subtle::ConstantTimeEq;

use crate::App;
use crate::error::{Error, Result};
use crate::middleware::asterisk;
use crate::middleware::attempt::counted;
use crate::telemetry::{RequestLog, Via};

pub(crate) use error_object::{dress, plain};
pub(crate) use latest::brought_by as latest_of;

/// The resources of the contract, and the document that describes them, each with its path.
pub fn resources() -> [(&'static str, MethodRouter<Arc<App>>); 6] {
    let post_message = counted(Via::Api, |m| &m.messages_posted, msgs::post);
    [
        ("/latest", resource(get(latest::get), "GET,HEAD,OPTIONS")),
        ("/register", resource(post(counted(Via::Api, |m| &m.registrations, register::post)), "POST,OPTIONS")),
        ("/msgs", resource(get(msgs::of_all), "GET,HEAD,OPTIONS")),
        ("/msgs/{username}", resource(get(msgs::of_user).post(post_message), "GET,HEAD,POST,OPTIONS")),
        ("/fllws/{username}", resource(get(fllws::get).post(fllws::post), "GET,HEAD,POST,OPTIONS")),
        ("/openapi.json", resource(get(openapi::get), "GET,HEAD,OPTIONS")),
    ]
}

/// Axum tells `Allow` with a 405 only, so what OPTIONS answers is said here.
fn resource(methods: MethodRouter<Arc<App>>, allow: &'static str) -> MethodRouter<Arc<App>> {
    methods.options(async move || (StatusCode::NO_CONTENT, [(header::ALLOW, allow)]))
}

/// The router of all [`resources`].
pub fn routes() -> Router<Arc<App>> {
    let router = resources().into_iter().fold(Router::new(), |router, (path, methods)| router.route(path, methods));
    router.fallback(async |method: Method, uri: Uri| asterisk::answer(&method, &uri))
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
    }
    Ok(())
}

/// Whether a path is that of a resource or below it.
fn concerns(path: &str, resource: &str) -> bool {
    path.strip_prefix(resource).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
