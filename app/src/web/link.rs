//! Addresses within the site.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::domain::MessageId;

/// All but RFC 3986's unreserved characters: a name may hold spaces, slashes and question marks.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A name as one segment of a path.
#[must_use]
pub fn path_segment(name: &str) -> String {
    utf8_percent_encode(name, SEGMENT).to_string()
}

/// The path of a user's timeline.
pub(super) fn profile(name: &str) -> String {
    let mut path = String::with_capacity(name.len() + 8);
    path.push('/');
    path.extend(utf8_percent_encode(name, SEGMENT));
    path
}

pub(super) fn older(path: &str, than: MessageId) -> String {
    format!("{path}?before={}", than.0)
}

pub(super) fn newer(path: &str, than: MessageId) -> String {
    format!("{path}?after={}", than.0)
}
