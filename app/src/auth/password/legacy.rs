//! Hashes that Werkzeug and Django wrote: checked, never written.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use pbkdf2::pbkdf2_hmac;
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// The most that N·r·p of scrypt may be. Its memory is 128 bytes times N·r, its time grows with N·r·p.
const MAX_SCRYPT_WORK: u32 = 1 << 20;
const MAX_PBKDF2_ITERATIONS: u32 = 2_000_000;

/// `hashlib.scrypt` gives 64 bytes unless it is told otherwise, and Werkzeug does not tell it.
const SCRYPT_KEY_BYTES: usize = 64;
/// `hashlib.pbkdf2_hmac` and Django give as many bytes as the hash function, SHA-256.
const PBKDF2_KEY_BYTES: usize = 32;

/// A stored hash of an older form whose cost is within the limits.
#[derive(Debug)]
pub(super) struct Legacy<'a> {
    function: Function,
    /// Both frameworks use the characters of the salt as its bytes; nothing is decoded.
    salt: &'a str,
    key: Vec<u8>,
}

#[derive(Debug)]
enum Function {
    Scrypt(scrypt::Params),
    Pbkdf2 { iterations: u32 },
}

impl<'a> Legacy<'a> {
    /// Reads `scrypt:N:r:p$salt$hex` and `pbkdf2:sha256:ITERATIONS$salt$hex` (Werkzeug), and
    /// `pbkdf2_sha256$ITERATIONS$salt$base64` (Django). `None` for all else, and if it costs more than the limits.
    ///
    /// Werkzeug's documentation once showed `pbkdf2:sha256$salt$hex` too. It is refused: Werkzeug writes the count into
    /// each hash that it makes, and reads one without it with the default of the day (1,000 at first, 1,000,000 in
    /// 3.1); so it has stored none like this, and a guess at the count would be one.
    pub(super) fn parse(stored: &'a str) -> Option<Self> {
        let (method, rest) = stored.split_once('$')?;
        match method.split(':').collect::<Vec<_>>()[..] {
            ["scrypt", n, r, p] => Self::salted(Function::scrypt(n, r, p)?, rest, hex),
            ["pbkdf2", "sha256", iterations] => Self::salted(Function::pbkdf2(iterations)?, rest, hex),
            ["pbkdf2_sha256"] => {
                let (iterations, rest) = rest.split_once('$')?;
                Self::salted(Function::pbkdf2(iterations)?, rest, |key| BASE64_STANDARD.decode(key).ok())
            }
            _ => None,
        }
    }

    fn salted(function: Function, rest: &'a str, decode: impl Fn(&str) -> Option<Vec<u8>>) -> Option<Self> {
        let (salt, key) = rest.split_once('$')?;
        let key = decode(key).filter(|key| key.len() == function.key_bytes())?;
        (!salt.is_empty()).then_some(Self { function, salt, key })
    }

    pub(super) fn matches(&self, password: &[u8]) -> bool {
        let mut key = vec![0; self.key.len()];
        match &self.function {
            Function::Scrypt(params) => {
                scrypt::scrypt(password, self.salt.as_bytes(), params, &mut key)
                    .expect("scrypt gives keys of 64 bytes");
            }
            Function::Pbkdf2 { iterations } => {
                pbkdf2_hmac::<Sha256>(password, self.salt.as_bytes(), *iterations, &mut key);
            }
        }
        key.ct_eq(&self.key).into()
    }
}

impl Function {
    fn scrypt(n: &str, r: &str, p: &str) -> Option<Self> {
        let (n, r, p): (u32, u32, u32) = (n.parse().ok()?, r.parse().ok()?, p.parse().ok()?);
        let work = n.checked_mul(r)?.checked_mul(p)?;
        if n < 2 || !n.is_power_of_two() || work > MAX_SCRYPT_WORK {
            return None;
        }
        let log_n = u8::try_from(n.ilog2()).ok()?;
        scrypt::Params::new(log_n, r, p).ok().map(Self::Scrypt)
    }

    fn pbkdf2(iterations: &str) -> Option<Self> {
        let iterations = iterations.parse().ok()?;
        (1..=MAX_PBKDF2_ITERATIONS).contains(&iterations).then_some(Self::Pbkdf2 { iterations })
    }

    const fn key_bytes(&self) -> usize {
        match self {
            Self::Scrypt(_) => SCRYPT_KEY_BYTES,
            Self::Pbkdf2 { .. } => PBKDF2_KEY_BYTES,
        }
    }
}

fn hex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let byte = |pair: &[u8]| match *pair {
        [high, low] => Some(digit(high)? << 4 | digit(low)?),
        _ => None,
    };
    text.as_bytes().chunks(2).map(byte).collect()
}
