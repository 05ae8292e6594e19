//! The number under which a request is known in the log: made here, or taken over from a trusted proxy.

use axum::http::{HeaderName, HeaderValue};

use crate::redact::is_identifier;

/// The header that carries it, in and out.
pub(super) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// A request's number: 16 to 64 hexadecimal digits and hyphens, as the answer's header has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestId(pub HeaderValue);

impl RequestId {
    /// What a proxy gave, if it can be used.
    pub(super) fn given(value: &HeaderValue) -> Option<Self> {
        is_identifier(value.as_bytes()).then(|| Self(value.clone()))
    }

    /// 128 random bits as hexadecimal digits.
    pub(super) fn random() -> Self {
        let bits = u128::from(random()) << 64 | u128::from(random());
        let digit = |at: usize| b"0123456789abcdef"[(bits >> (at * 4)) as usize & 15];
        let id: [u8; 32] = std::array::from_fn(digit);
        Self(HeaderValue::from_bytes(&id).expect("hexadecimal digits are visible"))
    }

    /// The number as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.to_str().unwrap_or_default()
    }
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
        let ids: std::collections::HashSet<_> = (0..1_000).map(|_| RequestId::random().0).collect();
        assert_eq!(ids.len(), 1_000);
        assert!(ids.iter().all(|id| id.len() == 32));
    }
}
