//! What happens to every request before and after its handler, in one order for both doors.
//!
//! [`stack`], outermost first: identity (request id, client's address, TLS), the observer (request log and metrics), panic
//! guard, time-out, host, the simulator's `latest` and credential (on its door), cross-site guard, body; and on the way back
//! the look of the door for errors and the security headers.
//!
//! It is one layer of the router that calls the parts in turn: a layer of its own for each would cost more than they do.

pub mod asterisk;
pub mod attempt;
pub mod body;
pub mod client_ip;
pub mod cross_site;
pub mod headers;
pub mod host;
pub mod identify;
pub mod observe;
pub mod panic_guard;
pub mod request_id;

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;

use crate::error::{Error, Result};
use crate::telemetry::RequestLog;
use crate::{App, Door};
use observe::Observer;

/// What the [`stack`] needs to know.
#[derive(Clone)]
pub struct Stack {
    /// The application.
    pub app: Arc<App>,
    /// Which door the request came through.
    pub door: Door,
    /// What watches it.
    pub observer: Observer,
}

/// Takes a request to its handler and its answer back, and sees to it that both are noted, whatever happens.
pub async fn stack(State(stack): State<Stack>, mut request: Request, next: Next) -> Response {
    let Stack { app, door, observer } = stack;
    let caller = identify::identify(&app.settings, &mut request);
    let observed = observer.begin(&mut request);
    observed.room().await;
    let mut response = presentable(app, door, request, next).await;
    headers::secure(door, caller.secure, response.headers_mut());
    response.headers_mut().insert(request_id::REQUEST_ID, caller.id.0);
    observed.answered(&response);
    response
}

/// Whatever goes wrong with a request, its answer looks like the door that it leaves by.
async fn presentable(app: Arc<App>, door: Door, request: Request, next: Next) -> Response {
    let log = request.extensions().get::<RequestLog>().cloned();
    let patience = app.settings.request_timeout;
    let guarded = std::panic::AssertUnwindSafe(guarded(app, door, request, next)).catch_unwind();
    let response = match tokio::time::timeout(patience, guarded).await {
        Ok(Ok(Ok(response))) => response,
        Ok(Ok(Err(error))) => error.into_response(),
        Ok(Err(_panic)) => panic_guard::noted().into_response(),
        Err(_elapsed) => Error::Timeout.into_response(),
    };
    if response.status().is_client_error() || response.status().is_server_error() {
        return door.dress(response, log.as_ref());
    }
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
