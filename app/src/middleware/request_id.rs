//! The number under which a request is known in the log: made here, or taken over from a trusted proxy.

use axum::http::{HeaderName, HeaderValue};

/// The header that carries it, in and out.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// A request's number: 1 to 64 letters, digits, dots, dashes and underscores.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(pub String);

/// What a proxy gave, if it can be used.
pub(super) fn usable_id(value: &HeaderValue) -> Option<String> {
    let id = value.to_str().ok().filter(|id| (1..=64).contains(&id.len()))?;
    id.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b)).then(|| id.to_owned())
}

/// 128 random bits as hexadecimal digits.
pub(super) fn new_id() -> String {
    use std::fmt::Write;
    let mut id = String::with_capacity(32);
    let _ = write!(id, "{:016x}{:016x}", random(), random());
    id
}

/// Unique is enough here, secret it need not be: a per-thread generator seeded by the system spares a call per request.
fn random() -> u64 {
    use std::hash::{BuildHasher, Hasher, RandomState};
    thread_local! {
        static STATE: (RandomState, std::cell::Cell<u64>) = (RandomState::new(), std::cell::Cell::new(0));
    }
    STATE.with(|(keys, counter)| {
        counter.set(counter.get().wrapping_add(1));
        let mut hasher = keys.build_hasher();
        hasher.write_u64(counter.get());
        hasher.finish()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn request_ids_do_not_repeat() {
        let ids: std::collections::HashSet<_> = (0..1_000).map(|_| new_id()).collect();
        assert_eq!(ids.len(), 1_000);
        assert!(ids.iter().all(|id| id.len() == 32));
    }
}
