//! Header values of which only a fixed list, or a fixed shape, is shown.

use std::borrow::Cow;

use http::{Method, Version};

use super::HashKey;

/// The methods of RFC 9110 and RFC 5789; a client may invent any other.
const METHODS: [&str; 9] = ["GET", "POST", "HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "CONNECT"];

/// The content types that clients send and that we answer with.
const MEDIA_TYPES: [&str; 18] = [
    "text/html",
    "application/json",
    "application/x-www-form-urlencoded",
    "text/css",
    "text/plain",
    "multipart/form-data",
    "application/octet-stream",
    "application/problem+json",
    "application/x-ndjson",
    "application/xml",
    "application/yaml",
    "text/xml",
    "text/csv",
    "text/javascript",
    "image/svg+xml",
    "image/png",
    "image/x-icon",
    "font/woff2",
];

/// What stands for a method that is none of HTTP's.
pub const UNKNOWN_METHOD: &str = "OTHER";

/// The method, or [`UNKNOWN_METHOD`].
#[must_use]
pub fn method(method: &Method) -> &'static str {
    METHODS.into_iter().find(|known| *known == method.as_str()).unwrap_or(UNKNOWN_METHOD)
}

/// A content type without its parameters, or `other`.
#[must_use]
pub fn media_type(value: &[u8]) -> &'static str {
    let essence = value.split(|byte| *byte == b';').next().unwrap_or_default().trim_ascii();
    MEDIA_TYPES.into_iter().find(|known| known.as_bytes().eq_ignore_ascii_case(essence)).unwrap_or("other")
}

/// The version as ECS has it in `http.version`.
#[must_use]
pub fn http_version(version: Version) -> &'static str {
    match version {
        Version::HTTP_09 => "0.9",
        Version::HTTP_10 => "1.0",
        Version::HTTP_2 => "2",
        Version::HTTP_3 => "3",
        _ => "1.1",
    }
}

/// Whether this is a request's id as nginx, UUID and trace ids have it: 16 to 64 hexadecimal digits and hyphens. Of other
/// characters it could spell a secret.
#[must_use]
pub fn is_identifier(id: &[u8]) -> bool {
    (16..=64).contains(&id.len()) && id.iter().all(|b| b.is_ascii_hexdigit() || *b == b'-')
}

/// A request's id, or a keyed hash of what is none: see [`is_identifier`].
#[must_use]
pub fn identifier<'a>(id: &'a str, key: &HashKey) -> Cow<'a, str> {
    if is_identifier(id.as_bytes()) { Cow::Borrowed(id) } else { Cow::Owned(key.mark(id.as_bytes())) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_invented_method_is_other() {
        assert_eq!(method(&Method::PATCH), "PATCH");
        for invented in ["get", "HUNTER2", "GETX"] {
            assert_eq!(method(&Method::from_bytes(invented.as_bytes()).unwrap()), "OTHER");
        }
    }

    #[test]
    fn a_content_type_loses_its_parameters() {
        assert_eq!(media_type(b"Application/JSON; charset=utf-8; pwd=x"), "application/json");
        assert_eq!(media_type(b"application/hunter2"), "other");
        assert_eq!(media_type(b""), "other");
    }

    #[test]
    fn an_id_has_an_ids_characters() {
        let key = HashKey::new(&[7; 32]);
        let uuid = "0af76519-16cd-43DD-8448-eb211c80319c";
        assert_eq!(identifier(uuid, &key), uuid);
        for id in ["", "0123456789abcde", "0123456789abcdefg", "hunter2SECRETword", "a\n", &"0".repeat(65)] {
            assert_eq!(identifier(id, &key), key.mark(id.as_bytes()));
        }
    }
}
