//! What happens to every request before and after its handler, in one order for both doors.
//!
//! Outermost first: [`identify`] (request id, client's address, TLS), [`request_log`] with the metrics, then [`stack`]:
//! panic guard, time-out, host, the simulator's `latest` and credential (on its door), cross-site guard, body; and on the
//! way back the look of the door for errors, the answer to OPTIONS, and the security headers.

pub mod body;
pub mod client_ip;
pub mod cross_site;
pub mod headers;
pub mod host;
pub mod identify;
pub mod metrics;
pub mod panic_guard;
pub mod request_id;
pub mod request_log;

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;

use crate::error::{Error, Result};
use crate::telemetry::RequestLog;
use crate::{App, Door};

/// What the [`stack`] needs to know.
#[derive(Clone)]
pub struct Stack {
    /// The application.
    pub app: Arc<App>,
    /// Which door the request came through.
    pub door: Door,
}

/// Runs a request through the guards to its handler, and makes the answer presentable.
pub async fn stack(State(Stack { app, door }): State<Stack>, request: Request, next: Next) -> Response {
    let asked = request.method() == Method::OPTIONS;
    let secure = identify::is_secure(&request);
    let log = request.extensions().get::<RequestLog>().cloned();
    let guarded = std::panic::AssertUnwindSafe(guarded(app.clone(), door, request, next)).catch_unwind();
    let response = match tokio::time::timeout(app.settings.request_timeout, guarded).await {
        Ok(Ok(Ok(response))) => response,
        Ok(Ok(Err(error))) => error.into_response(),
        Ok(Err(_panic)) => panic_guard::noted().into_response(),
        Err(_elapsed) => Error::Timeout.into_response(),
    };
    let mut response = if asked { answer_options(response) } else { response };
    if response.status().is_client_error() || response.status().is_server_error() {
        response = door.dress(response, log.as_ref());
    }
    headers::secure(door, secure, response.headers_mut());
    response
}

async fn guarded(app: Arc<App>, door: Door, mut request: Request, next: Next) -> Result<Response> {
    host::check(&app.settings.allowed_hosts, &request)?;
    let latest = match door.latest(&request) {
        Some(latest) => Some(app.store.set_latest(latest, app.clock.now()).await?),
        None => None,
    };
    let response = async {
        door.authorize(&app, &request)?;
        cross_site::check(door, &request)?;
        body::read(&mut request, app.settings.body_timeout).await?;
        Ok(next.run(request).await)
    }
    .await;
    // Also a refused request is only answered when what the simulator said last is durable.
    if let Some(latest) = latest {
        latest.durable().await?;
    }
    response
}

/// A route that knows the method list answers 405; OPTIONS is how one asks for that list.
fn answer_options(response: Response) -> Response {
    if response.status() != StatusCode::METHOD_NOT_ALLOWED {
        return response;
    }
    let allowed = response.headers().get(header::ALLOW).and_then(|allow| allow.to_str().ok()).unwrap_or_default();
    let allowed = HeaderValue::from_str(&format!("{allowed},OPTIONS")).expect("methods are tokens");
    let mut response = StatusCode::NO_CONTENT.into_response();
    response.headers_mut().insert(header::ALLOW, allowed);
    response
}
