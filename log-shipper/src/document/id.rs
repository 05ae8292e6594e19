//! The document's id: the same for the same line, whenever it is sent.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use xxhash_rust::xxh3::Xxh3;

/// The 64 characters of base64url, in ASCII's order, so that later offsets have later ids.
const DIGITS: &[u8; 64] = b"-0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";

const PREFIX_LENGTH: usize = 16;
const OFFSET_LENGTH: usize = 8;

/// What the ids of all lines of a file begin with: 96 bits in base64url.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdPrefix([u8; PREFIX_LENGTH]);

impl IdPrefix {
    /// That of the file which `parts` identify together; where one part ends and the next begins counts as well.
    #[must_use]
    pub fn new<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut hash = Xxh3::new();
        for part in parts {
            hash.update(&(part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        let mut prefix = [0; PREFIX_LENGTH];
        let written = URL_SAFE_NO_PAD.encode_slice(&hash.digest128().to_le_bytes()[..12], &mut prefix);
        debug_assert_eq!(written, Ok(PREFIX_LENGTH));
        Self(prefix)
    }

    /// One that was made earlier.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; PREFIX_LENGTH]) -> Self {
        Self(bytes)
    }

    /// The characters.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; PREFIX_LENGTH] {
        self.0
    }
}

/// An id of 24 characters, none of which JSON would escape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Id([u8; PREFIX_LENGTH + OFFSET_LENGTH]);

impl Id {
    /// Of the line that begins at `offset`. Offsets count modulo 2⁴⁸ (256 TiB); no file gets there.
    #[must_use]
    pub fn of(prefix: &IdPrefix, offset: u64) -> Self {
        let mut id = [0; PREFIX_LENGTH + OFFSET_LENGTH];
        let (head, tail) = id.split_at_mut(PREFIX_LENGTH);
        head.copy_from_slice(&prefix.0);
        for (digit, shift) in tail.iter_mut().zip((0..OFFSET_LENGTH).rev()) {
            *digit = DIGITS[(offset >> (6 * shift) & 63) as usize];
        }
        Self(id)
    }

    /// The characters.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 24] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn prefix(parts: &[&str]) -> IdPrefix {
        IdPrefix::new(parts.iter().map(|part| part.as_bytes()))
    }

    #[test]
    fn an_id_never_changes_from_one_version_to_the_next() {
        let id = Id::of(&prefix(&["container/1", "file"]), 123_456_789);
        assert_eq!(str::from_utf8(id.as_bytes()), Ok("945FNW65RkKR2_KU---6LwoK"));
    }

    #[test]
    fn where_a_part_ends_makes_a_difference() {
        assert_ne!(prefix(&["ab", "c"]), prefix(&["a", "bc"]));
        assert_ne!(prefix(&["ab", ""]), prefix(&["ab"]));
    }

    #[test]
    fn the_alphabet_is_base64urls_in_order() {
        assert!(DIGITS.is_sorted());
        assert!(DIGITS.iter().all(|digit| digit.is_ascii_alphanumeric() || b"-_".contains(digit)));
    }

    proptest! {
        #[test]
        fn ids_are_in_the_order_of_the_lines(a in 0..1_u64 << 48, b in 0..1_u64 << 48) {
            let prefix = prefix(&["x"]);
            prop_assert_eq!(Id::of(&prefix, a).cmp(&Id::of(&prefix, b)), a.cmp(&b));
        }
    }
}
