//! Headers that protect a reader, on every answer.

use axum::http::{HeaderMap, HeaderName, HeaderValue, header};

use crate::Door;

/// Nothing from anywhere but our own style sheet and images, and avatars; no script at all, no frames.
const PAGE_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'self'; img-src 'self' https://www.gravatar.com; form-action 'self'; base-uri 'none'; \
     frame-ancestors 'none'",
);
const API_POLICY: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'");
const NOSNIFF: HeaderValue = HeaderValue::from_static("nosniff");
/// Within the site the whole address, so that the cross-site guard of older browsers works; outside nothing.
const REFERRER_POLICY: HeaderValue = HeaderValue::from_static("same-origin");
const TWO_YEARS: HeaderValue = HeaderValue::from_static("max-age=63072000");
const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");
const SAME_ORIGIN: HeaderValue = HeaderValue::from_static("same-origin");
const OPENER_POLICY: HeaderName = HeaderName::from_static("cross-origin-opener-policy");

/// Adds them; what a handler said about caching stays.
pub fn secure(door: Door, tls: bool, headers: &mut HeaderMap) {
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, NOSNIFF);
    headers.entry(header::CACHE_CONTROL).or_insert(NO_STORE);
    match door {
        Door::Web => {
            headers.insert(header::CONTENT_SECURITY_POLICY, PAGE_POLICY);
            headers.insert(header::REFERRER_POLICY, REFERRER_POLICY);
            headers.insert(OPENER_POLICY, SAME_ORIGIN);
        }
        Door::Api => {
            headers.insert(header::CONTENT_SECURITY_POLICY, API_POLICY);
        }
    }
    if tls {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, TWO_YEARS);
    }
}
