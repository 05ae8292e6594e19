//! Who asks, over what, and under which number: from the connection, or from a proxy that is trusted.

use std::net::IpAddr;

use axum::extract::Request;
use axum::http::uri::Authority;
use axum::http::{Extensions, HeaderMap, HeaderName, header};

use super::client_ip::{forwarded_for, is_trusted};
use super::request_id::{REQUEST_ID, RequestId};
use crate::config::Serve;
use crate::listen::Peer;

const FORWARDED_PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");

/// Who sent a request.
#[derive(Clone, Debug)]
pub struct Caller {
    /// The client's address.
    pub address: IpAddr,
    /// The client's connection is encrypted, here or at a trusted proxy.
    pub secure: bool,
    /// The request's number.
    pub id: RequestId,
}

impl Caller {
    /// The caller that the stack found, if the request passed it.
    #[must_use]
    pub fn of(extensions: &Extensions) -> Option<&Self> {
        extensions.get()
    }

    /// Whether the caller speaks TLS.
    #[must_use]
    pub fn is_secure(extensions: &Extensions) -> bool {
        Self::of(extensions).is_some_and(|caller| caller.secure)
    }
}

/// Finds the caller and puts it into the request.
pub(super) fn identify(settings: &Serve, request: &mut Request) -> Caller {
    // Taken out, since a map of three is smaller than one of four.
    let peer = request.extensions_mut().remove::<Peer>();
    let peer = peer.map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.0.ip().to_canonical());
    let caller = caller(settings, peer, request.headers());
    request.extensions_mut().insert(caller.clone());
    caller
}

fn caller(settings: &Serve, peer: IpAddr, headers: &HeaderMap) -> Caller {
    if !is_trusted(&settings.trusted_proxies, peer) {
        return Caller { address: peer, secure: false, id: RequestId::random() };
    }
    Caller {
        address: forwarded_for(&settings.trusted_proxies, peer, headers),
        secure: headers.get(FORWARDED_PROTO).is_some_and(|proto| proto.as_bytes() == b"https"),
        id: headers.get(REQUEST_ID).and_then(RequestId::given).unwrap_or_else(RequestId::random),
    }
}

/// The host that the client believes to speak to: from the request's target, else from `Host`.
#[must_use]
pub fn authority(request: &Request) -> Option<&str> {
    request.uri().authority().map(Authority::as_str).or_else(|| request.headers().get(header::HOST)?.to_str().ok())
}
