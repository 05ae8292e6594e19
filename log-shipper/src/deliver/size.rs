//! How large a request may be, as far as the server has let it be known.

use std::sync::{Mutex, PoisonError};

/// Requests that have to succeed before a larger one is tried.
const TRUST: u32 = 64;

/// The learned limit, shared by all lanes.
#[derive(Debug, Default)]
pub(super) struct Size(Mutex<Option<Learned>>);

#[derive(Debug)]
struct Learned {
    bytes: usize,
    successes: u32,
}

impl Size {
    /// Bytes of a request at most, `bytes` if no less is known.
    pub(super) fn limit(&self, bytes: usize) -> usize {
        let learned = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        learned.as_ref().map_or(bytes, |learned| learned.bytes.min(bytes))
    }

    /// A request of so many bytes was too large.
    pub(super) fn too_large(&self, bytes: usize) {
        let mut learned = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        // A little more than half, so that two requests do and not three.
        let half = bytes / 2 + bytes / 64;
        let limit = learned.as_ref().map_or(half, |learned| learned.bytes.min(half));
        *learned = Some(Learned { bytes: limit.max(1), successes: 0 });
    }

    /// A request was not too large. After enough of them the limit grows by a quarter; at `forget` it is no limit any more.
    pub(super) fn fits(&self, forget: usize) {
        let mut place = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(learned) = place.as_mut() else { return };
        learned.successes += 1;
        if learned.successes >= TRUST {
            *learned = Learned { bytes: learned.bytes + learned.bytes / 4 + 1, successes: 0 };
        }
        if learned.bytes >= forget {
            *place = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_too_large_is_halved_and_grows_slowly_again() {
        let size = Size::default();
        assert_eq!(size.limit(1_000), 1_000);
        size.too_large(900);
        assert_eq!(size.limit(1_000), 464);
        size.too_large(2_000);
        assert_eq!(size.limit(1_000), 464);
        (0..TRUST - 1).for_each(|_| size.fits(1_000));
        assert_eq!(size.limit(1_000), 464);
        size.fits(1_000);
        assert_eq!(size.limit(1_000), 581);
        (0..4 * TRUST).for_each(|_| size.fits(1_000));
        assert_eq!(size.limit(5_000), 5_000);
    }
}
