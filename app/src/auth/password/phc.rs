//! argon2 hashes in the PHC string format: our own, and any other that is not too expensive to check.

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Params, Version};
use subtle::ConstantTimeEq;

use super::memory::with_blocks;

const ALGORITHM: Algorithm = Algorithm::Argon2id;
const VERSION: Version = Version::V0x13;
/// The 16 bytes that RFC 9106, section 3.1 recommends.
const SALT_BYTES: usize = 16;
const OUTPUT_BYTES: usize = 32;

/// The most memory that a stored hash may ask for, in KiB.
const MAX_MEMORY: u32 = 64 * 1024;
/// The most memory times passes that a stored hash may ask for, in KiB.
const MAX_WORK: u64 = 3 * 64 * 1024;

/// OWASP's parameters: memory in KiB, passes, lanes.
fn params() -> Params {
    Params::new(19_456, 2, 1, Some(OUTPUT_BYTES)).expect("the parameters are within argon2's bounds")
}

/// Hashes with today's parameters; see [`super::hash`].
pub(super) fn hash(password: &[u8]) -> String {
    let mut salt = [0; SALT_BYTES];
    getrandom::fill(&mut salt).expect("the operating system gives random bytes");
    let mut hash = Phc::today(&salt);
    hash.output = hash.derive(password);
    hash.write()
}

/// An argon2 hash whose cost is within the limits.
#[derive(Debug)]
pub(super) struct Phc {
    algorithm: Algorithm,
    version: Version,
    params: Params,
    salt: Salt,
    output: Output,
}

impl Phc {
    /// `None` if any part is missing or not argon2's, or if the check would cost more than the limits.
    pub(super) fn parse(stored: &str) -> Option<Self> {
        let hash = PasswordHash::new(stored).ok()?;
        let algorithm = Algorithm::try_from(hash.algorithm.as_str()).ok()?;
        let version = Version::try_from(hash.version?).ok()?;
        let params = Params::try_from(&hash).ok().filter(is_affordable)?;
        Some(Self { algorithm, version, params, salt: hash.salt?, output: hash.hash? })
    }

    /// A hash of no known password that costs what [`hash`] costs.
    pub(super) fn decoy() -> Self {
        Self::today(&[0; SALT_BYTES])
    }

    /// What [`hash`] makes today, with zeros for the output.
    fn today(salt: &[u8; SALT_BYTES]) -> Self {
        Self {
            algorithm: ALGORITHM,
            version: VERSION,
            params: params(),
            salt: Salt::new(salt).expect("16 bytes are a salt"),
            output: Output::new(&[0; OUTPUT_BYTES]).expect("32 bytes are an output"),
        }
    }

    /// Whether [`hash`] would make a hash of this kind and cost today.
    pub(super) fn is_current(&self) -> bool {
        (self.algorithm, self.version) == (ALGORITHM, VERSION)
            && self.params == params()
            && self.salt.len() >= SALT_BYTES
    }

    pub(super) fn matches(&self, password: &[u8]) -> bool {
        self.derive(password).as_bytes().ct_eq(self.output.as_bytes()).into()
    }

    fn derive(&self, password: &[u8]) -> Output {
        let mut output = [0; Output::MAX_LENGTH];
        let output = &mut output[..self.output.len()];
        let argon2 = Argon2::new(self.algorithm, self.version, self.params.clone());
        with_blocks(self.params.block_count(), self.params == params(), |memory| {
            argon2.hash_password_into_with_memory(password, &self.salt, output, memory)
        })
        .expect("the parts were checked when they were parsed");
        Output::new(output).expect("it is as long as the output that was parsed")
    }

    fn write(&self) -> String {
        PasswordHash {
            algorithm: self.algorithm.ident(),
            version: Some(self.version.into()),
            params: ParamsString::try_from(&self.params).expect("three numbers fit into a PHC string"),
            salt: Some(self.salt),
            hash: Some(self.output),
        }
        .to_string()
    }
}

fn is_affordable(params: &Params) -> bool {
    let work = u64::from(params.m_cost()) * u64::from(params.t_cost());
    params.m_cost() <= MAX_MEMORY && work <= MAX_WORK
}
