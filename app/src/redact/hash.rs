//! The keyed hash that stands for a value that is not shown.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// The key of the site's hashes: 32 random bytes that live in the database, so that all replicas give the same hash.
///
/// A hash is HMAC-SHA-256 (RFC 2104) of the value, its first 16 hexadecimal digits. Without the key a guessed password
/// cannot be tested against the log; with it, whoever suspects a value can search for it.
#[derive(Clone)]
pub struct HashKey(Hmac<Sha256>);

impl HashKey {
    /// Takes the key. The key's schedule is computed here, once.
    #[must_use]
    pub fn new(key: &[u8; 32]) -> Self {
        // HMAC pads a short key with zeros to a block of its hash.
        let mut block = [0; 64];
        block[..32].copy_from_slice(key);
        Self(Hmac::new(&block.into()))
    }

    /// The first 16 hexadecimal digits of the value's hash.
    #[must_use]
    pub fn keyed_hash(&self, value: &[u8]) -> String {
        self.keyed_hash_of([value])
    }

    /// The hash of a value that came in pieces; the same as that of the whole.
    #[must_use]
    pub fn keyed_hash_of<'a>(&self, pieces: impl IntoIterator<Item = &'a [u8]>) -> String {
        let mut mac = self.0.clone();
        pieces.into_iter().for_each(|piece| mac.update(piece));
        let digits =
            |byte: &u8| [byte >> 4, byte & 15].map(|nibble| char::from(b"0123456789abcdef"[usize::from(nibble)]));
        mac.finalize().into_bytes()[..8].iter().flat_map(digits).collect()
    }

    /// The hash as a line shows it in the place of the value: `~` and 16 digits.
    #[must_use]
    pub fn mark(&self, value: &[u8]) -> String {
        let mut mark = self.keyed_hash(value);
        mark.insert(0, '~');
        mark
    }
}

impl fmt::Debug for HashKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HashKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_the_first_half_of_hmac_sha_256() {
        // RFC 4231, test case 1, whose key of 20 bytes is the same as one padded with zeros.
        let mut key = [0; 32];
        key[..20].fill(0x0b);
        assert_eq!(HashKey::new(&key).keyed_hash(b"Hi There"), "b0344c61d8db3853");
        assert_eq!(HashKey::new(&key).keyed_hash_of([&b"Hi "[..], b"", b"There"]), "b0344c61d8db3853");
    }

    #[test]
    fn another_key_gives_another_hash_and_neither_shows_itself() {
        let (one, two) = (HashKey::new(&[1; 32]), HashKey::new(&[2; 32]));
        assert_ne!(one.mark(b"hunter2"), two.mark(b"hunter2"));
        assert_eq!(format!("{one:?}"), "HashKey(…)");
    }
}
