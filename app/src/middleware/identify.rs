//! Who asks, over what, and under which number: from the connection, or from a proxy that is trusted.

use std::net::IpAddr;

use axum::extract::Request;
use axum::http::uri::Authority;
use axum::http::{Extensions, HeaderName, HeaderValue, header};

use super::client_ip::{ClientIp, forwarded_for, is_trusted};
use super::request_id::{REQUEST_ID, RequestId, new_id, usable_id};
use crate::config::Serve;
use crate::listen::Peer;

const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// The client's connection is encrypted, here or at a trusted proxy.
#[derive(Clone, Copy, Debug)]
pub struct Secure;

/// Puts [`ClientIp`], [`RequestId`] and, behind TLS, [`Secure`] into the request; returns the id for the answer, and whether
/// the client speaks TLS.
pub(super) fn identify(settings: &Serve, request: &mut Request) -> (HeaderValue, bool) {
    let peer = request.extensions().get::<Peer>().map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.0.ip().to_canonical());
    let trusted = is_trusted(&settings.trusted_proxies, peer);
    let headers = request.headers();
    let address = if trusted { forwarded_for(&settings.trusted_proxies, peer, headers) } else { peer };
    let secure = trusted && headers.get(FORWARDED_PROTO).is_some_and(|proto| proto.as_bytes() == b"https");
    let given = if trusted { headers.get(REQUEST_ID).and_then(usable_id) } else { None };
    let id = given.unwrap_or_else(new_id);
    let value = HeaderValue::from_str(&id).expect("an id is of visible characters");
    let extensions = request.extensions_mut();
    extensions.insert(ClientIp(address));
    extensions.insert(RequestId(id));
    if secure {
        extensions.insert(Secure);
    }
    (value, secure)
}

/// The address of a client as [`identify`] found it.
#[must_use]
pub fn client_ip(extensions: &Extensions) -> Option<IpAddr> {
    extensions.get::<ClientIp>().map(|client| client.0)
}

/// The host that the client believes to speak to: from the request's target, else from `Host`.
#[must_use]
pub fn authority(request: &Request) -> Option<&str> {
    request.uri().authority().map(Authority::as_str).or_else(|| request.headers().get(header::HOST)?.to_str().ok())
}
