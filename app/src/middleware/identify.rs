//! Who asks, over what, and under which number: from the connection, or from a proxy that is trusted.

use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::uri::Authority;
use axum::http::{Extensions, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

use super::client_ip::{ClientIp, forwarded_for, is_trusted};
use super::request_id::{REQUEST_ID, RequestId, new_id, usable_id};
use crate::App;
use crate::listen::Peer;

const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// The client's connection is encrypted, here or at a trusted proxy.
#[derive(Clone, Copy, Debug)]
pub struct Secure;

/// Puts [`ClientIp`], [`RequestId`] and, behind TLS, [`Secure`] into the request, and the id into the answer.
pub async fn identify(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<Peer>().map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.0.ip().to_canonical());
    let trusted = is_trusted(&app.settings.trusted_proxies, peer);
    let headers = request.headers();
    let address = if trusted { forwarded_for(&app.settings.trusted_proxies, peer, headers) } else { peer };
    let secure = trusted && headers.get(FORWARDED_PROTO).is_some_and(|proto| proto.as_bytes() == b"https");
    let given = if trusted { headers.get(REQUEST_ID).and_then(usable_id) } else { None };
    let id = given.unwrap_or_else(new_id);
    let extensions = request.extensions_mut();
    extensions.insert(ClientIp(address));
    extensions.insert(RequestId(id.clone()));
    if secure {
        extensions.insert(Secure);
    }
    let mut response = next.run(request).await;
    response.headers_mut().insert(REQUEST_ID, HeaderValue::from_str(&id).expect("an id is of visible characters"));
    response
}

/// Whether cookies must be `Secure` and the browser told to stay with TLS.
#[must_use]
pub fn is_secure(request: &Request) -> bool {
    request.extensions().get::<Secure>().is_some()
}

/// The address of a client as [`identify`] found it.
#[must_use]
pub fn client_ip(extensions: &Extensions) -> Option<IpAddr> {
    extensions.get::<ClientIp>().map(|client| client.0)
}

/// The host that the client believes to speak to: from the request's target, else from `Host`.
#[must_use]
pub fn authority(request: &Request) -> Option<&str> {
    request
        .uri()
        .authority()
        .map(Authority::as_str)
        .or_else(|| request.headers().get(header::HOST)?.to_str().ok())
}
