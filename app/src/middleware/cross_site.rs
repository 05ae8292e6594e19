//! Refuses requests that change something and come from another site.
//!
//! The rule is that of Go's `http.CrossOriginProtection`: browsers say where a request comes from in `Sec-Fetch-Site`, older
//! ones in `Origin`; what says nothing is no browser. The three GETs that change state send no `Origin`, so for them
//! `Referer` stands in.

use axum::extract::Request;
use axum::http::{HeaderMap, HeaderName, Method, header};

use super::host;
use super::identify::authority;
use crate::Door;
use crate::error::{Error, Result};

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");

/// Checks a request that changes something.
///
/// # Errors
/// 403 when a browser says, or lets conclude, that another site made it send the request.
pub fn check(door: Door, request: &Request) -> Result<()> {
    let safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS | Method::TRACE);
    let changing_get = safe && door == Door::Web && changes_state(request.uri().path());
    if (safe && !changing_get) || same_origin(request.headers(), authority(request)) {
        Ok(())
    } else {
        Err(Error::CrossSite)
    }
}

/// The paths of the GETs that the contract keeps although they change something.
fn changes_state(path: &str) -> bool {
    path == "/logout" || path.ends_with("/follow") || path.ends_with("/unfollow")
}

fn same_origin(headers: &HeaderMap, host: Option<&str>) -> bool {
    if let Some(site) = headers.get(SEC_FETCH_SITE) {
        return matches!(site.as_bytes(), b"same-origin" | b"none");
    }
    let stated = headers.get(header::ORIGIN).or_else(|| headers.get(header::REFERER));
    stated.is_none_or(|origin| origin.to_str().is_ok_and(|origin| host.is_some_and(|host| leads_to(origin, host))))
}

/// Whether an origin, or a full address, is at `host`: in any case (RFC 9110, section 4.2.3), and with the port of its scheme
/// where none is named.
fn leads_to(url: &str, host: &str) -> bool {
    let Some((scheme, rest)) = url.split_once("://") else { return false };
    let usual = if scheme.eq_ignore_ascii_case("https") { "443" } else { "80" };
    let (named, port) = host::split(rest.split(['/', '?', '#']).next().unwrap_or_default());
    let (own, own_port) = host::split(host);
    named.eq_ignore_ascii_case(own) && port.unwrap_or(usual) == own_port.unwrap_or(usual)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn passes(method: &str, path: &str, headers: &[(&str, &str)]) -> bool {
        let mut request = Request::builder().method(method).uri(path).header("host", "site.example:8000");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        check(Door::Web, &request.body(axum::body::Body::empty()).unwrap()).is_ok()
    }

    #[test]
    fn what_says_nothing_is_no_browser() {
        assert!(passes("POST", "/add_message", &[]));
        assert!(passes("GET", "/logout", &[]));
    }

    #[test]
    fn another_site_may_read_but_not_change() {
        for site in ["cross-site", "same-site", "nonsense"] {
            assert!(!passes("POST", "/add_message", &[("sec-fetch-site", site)]));
            assert!(!passes("GET", "/ada/follow", &[("sec-fetch-site", site)]));
            assert!(!passes("GET", "/logout", &[("sec-fetch-site", site)]));
            assert!(passes("GET", "/public", &[("sec-fetch-site", site)]));
        }
    }

    #[test]
    fn older_browsers_are_known_by_origin_and_referer() {
        for name in ["origin", "referer"] {
            assert!(!passes("POST", "/login", &[(name, "https://evil.example/")]));
            assert!(!passes("GET", "/ada/unfollow", &[(name, "https://evil.example/site.example:8000")]));
            assert!(passes("POST", "/login", &[(name, "http://site.example:8000")]));
        }
        assert!(!passes("POST", "/login", &[("origin", "null")]));
    }
}
