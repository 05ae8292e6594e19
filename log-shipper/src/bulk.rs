//! The language of Elasticsearch's `_bulk`.

pub mod answer;
mod compress;
mod json;

pub use answer::{Answer, FailureStore, Malformed, Outcome, Problem};
pub use compress::Compressor;

/// What of an answer is asked for: with a million items, all that is left out counts. An item that was stored is 25 bytes.
/// `error` is what stands there when the whole request failed.
const FILTER: &str = "errors,error,items.*.status,items.*.error.type,items.*.error.reason,items.*.failure_store";

/// The content type of a bulk request.
pub const NDJSON: &str = "application/x-ndjson";

/// Path and query of a bulk request for a data stream, an alias or an index.
#[must_use]
pub fn path(target: &str) -> String {
    format!("/{}/_bulk?filter_path={FILTER}", segment(target))
}

/// A name as one segment of a path.
#[must_use]
pub fn segment(name: &str) -> String {
    let mut path = String::with_capacity(name.len());
    for byte in name.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => path.push(char::from(byte)),
            _ => path.extend(['%', hexadecimal(byte >> 4), hexadecimal(byte & 15)]),
        }
    }
    path
}

fn hexadecimal(digit: u8) -> char {
    char::from(b"0123456789ABCDEF"[usize::from(digit)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_one_segment_whatever_it_is() {
        assert_eq!(segment("logs-app-default"), "logs-app-default");
        assert_eq!(segment("<logs-{now/d}>"), "%3Clogs-%7Bnow%2Fd%7D%3E");
    }
}
