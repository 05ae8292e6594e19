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

/// Bytes of an answer at most, whatever was sent.
const ANSWER_LIMIT: usize = 128 << 20;

/// Bytes of the answer to a request of so many items and bytes at most. A reason may quote all of its document, escaped.
#[must_use]
pub fn answer_limit(items: usize, bytes: usize) -> usize {
    let said = items.saturating_mul(2 << 10).saturating_add(64 << 10);
    bytes.saturating_mul(4).saturating_add(said).min(ANSWER_LIMIT)
}

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
    fn an_answer_may_be_as_long_as_its_request_makes_it() {
        assert_eq!(answer_limit(0, 0), 64 << 10);
        assert_eq!(answer_limit(10, 1_000), (64 << 10) + (20 << 10) + 4_000);
        assert_eq!(answer_limit(usize::MAX, usize::MAX), ANSWER_LIMIT);
    }

    #[test]
    fn a_name_is_one_segment_whatever_it_is() {
        assert_eq!(segment("logs-app-default"), "logs-app-default");
        assert_eq!(segment("<logs-{now/d}>"), "%3Clogs-%7Bnow%2Fd%7D%3E");
    }
}
