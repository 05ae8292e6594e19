//! Reads and writes cookies the way the site sets them: for us alone, out of reach of scripts, behind TLS only over TLS.

use std::borrow::Cow;

use axum::http::{HeaderMap, HeaderValue, header};

/// The value of the cookie `name`, of the first header that has it. What other cookies hold does not matter: a neighbour of
/// this site may set one that is not ASCII.
#[must_use]
pub fn get<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let pairs = headers.get_all(header::COOKIE).iter().flat_map(|line| line.as_bytes().split(|byte| *byte == b';'));
    let mut values = pairs.filter_map(|pair| pair.trim_ascii().strip_prefix(name.as_bytes())?.strip_prefix(b"="));
    values.find_map(|value| std::str::from_utf8(value).ok())
}

/// `__Host-` binds a cookie to this very host and to TLS, so that no neighbour can plant one; without TLS no browser
/// would take it.
#[must_use]
pub fn name(base: &'static str, secure: bool) -> Cow<'static, str> {
    if secure { format!("__Host-{base}").into() } else { base.into() }
}

/// A `Set-Cookie` for `value`, which must be of cookie characters; `max_age` in seconds, 0 removes it.
///
/// # Panics
/// If `value` has characters that cannot stand in a header; the site's values are base64url.
#[must_use]
pub fn set(base: &'static str, value: &str, max_age: u64, secure: bool) -> HeaderValue {
    let name = name(base, secure);
    let secure = if secure { "; Secure" } else { "" };
    let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={max_age}{secure}");
    HeaderValue::from_str(&cookie).expect("cookie values are of base64url and dots")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.append(header::COOKIE, HeaderValue::from_static("a=1; xsession=no; session=yes; b=2"));
        assert_eq!(get(&headers, "session"), Some("yes"));
        assert_eq!(get(&headers, "sess"), None);
    }
}
