//! Refuses hosts that are not ours, so that no name of someone else's can lead here.

use axum::extract::Request;
use axum::http::{Version, header};

use super::identify::authority;
use crate::error::{Error, Result};

/// Checks the request's host against the allowed ones; a port does not matter.
///
/// # Errors
/// 421 for a host that is not allowed; 400 for HTTP/1.1 without exactly one `Host` (RFC 9112, section 3.2).
pub fn check(allowed: &[String], request: &Request) -> Result<()> {
    let hosts = request.headers().get_all(header::HOST).iter().count();
    if hosts > 1 || (hosts == 0 && request.version() == Version::HTTP_11) {
        return Err(Error::BadRequest("bad_host", "The request needs exactly one Host header".into()));
    }
    if allowed.is_empty() {
        return Ok(());
    }
    let host = authority(request).map(without_port).unwrap_or_default();
    if allowed.iter().any(|name| name.eq_ignore_ascii_case(host)) { Ok(()) } else { Err(Error::Misdirected) }
}

/// The host without its port; an IPv6 address keeps its brackets.
fn without_port(authority: &str) -> &str {
    split(authority).0
}

/// The host, and the port if there is one.
pub(super) fn split(authority: &str) -> (&str, Option<&str>) {
    match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => (host, Some(port).filter(|p| !p.is_empty())),
        _ => (authority, None),
    }
}

#[cfg(test)]
mod tests {
    use super::without_port;

    #[test]
    fn a_port_is_not_part_of_the_name() {
        assert_eq!(without_port("minitwit.example:8000"), "minitwit.example");
        assert_eq!(without_port("[::1]:8000"), "[::1]");
        assert_eq!(without_port("[::1]"), "[::1]");
    }
}
