//! Password hashes: argon2id for every new one, and the older forms that an imported account may still have.
//!
//! All work here takes milliseconds of processor time and megabytes of memory: call it through a [`Gate`].

mod gate;
mod legacy;
mod memory;
mod phc;
#[cfg(test)]
mod tests;

pub use gate::{Busy, Gate};

use legacy::Legacy;
use phc::Phc;

/// The longest stored hash that is looked at, in bytes. The longest that Werkzeug, Django or argon2 write is under 200.
const MAX_STORED_BYTES: usize = 512;

/// What a password turned out to be against a stored hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Another password, an unknown user, or a stored hash that is malformed or above the limits of [`verify`].
    Wrong,
    /// The password of an up-to-date hash.
    Good,
    /// The password, but the hash has an older form or other parameters: store a new [`hash`] in its place.
    GoodButOld,
}

/// Hashes `password` with a fresh random salt, as a PHC string of 97 characters.
///
/// argon2id with 19 MiB, two passes and one lane, as OWASP's Password Storage Cheat Sheet asks.
///
/// # Panics
/// When the operating system has no randomness, or not 19 MiB of memory.
#[must_use]
pub fn hash(password: &[u8]) -> String {
    phc::hash(password)
}

/// Compares `password` with a stored hash; `None` stands for a user who does not exist.
///
/// An unknown user, and a stored hash that is malformed, costs what a wrong password costs against an up-to-date hash.
/// A hash of an older form takes its own time until it is rewritten.
///
/// Whoever can write to the database must not be able to stop the site with one row, so a stored hash may ask for this
/// much, and with more it counts as malformed:
/// - argon2: 64 MiB, and 192 MiB times passes (the second recommendation of RFC 9106, section 4);
/// - scrypt: N·r·p up to 2^20, which is 128 MiB (the strongest setting of OWASP's cheat sheet);
/// - PBKDF2: 2,000,000 iterations (Django 6.0 has 1,200,000).
///
/// # Panics
/// When the operating system has not the memory that the hash needs.
#[must_use]
pub fn verify(password: &[u8], stored: Option<&str>) -> Verdict {
    let opponent = Opponent::of(stored);
    match (opponent.matches(password), &opponent) {
        (false, _) | (true, Opponent::Decoy(_)) => Verdict::Wrong,
        (true, Opponent::Argon2(hash)) if hash.is_current() => Verdict::Good,
        (true, Opponent::Argon2(_) | Opponent::Legacy(_)) => Verdict::GoodButOld,
    }
}

/// What a password is compared with: exactly one comparison is made, whatever is stored.
#[derive(Debug)]
enum Opponent<'a> {
    Argon2(Phc),
    Legacy(Legacy<'a>),
    Decoy(Phc),
}

impl<'a> Opponent<'a> {
    fn of(stored: Option<&'a str>) -> Self {
        stored.and_then(Self::parse).unwrap_or_else(|| Self::Decoy(Phc::decoy()))
    }

    fn parse(stored: &'a str) -> Option<Self> {
        if stored.len() > MAX_STORED_BYTES {
            return None;
        }
        Phc::parse(stored).map(Self::Argon2).or_else(|| Legacy::parse(stored).map(Self::Legacy))
    }

    fn matches(&self, password: &[u8]) -> bool {
        match self {
            Self::Argon2(hash) | Self::Decoy(hash) => hash.matches(password),
            Self::Legacy(hash) => hash.matches(password),
        }
    }
}
