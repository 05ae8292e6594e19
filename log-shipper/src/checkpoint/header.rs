//! The first bytes of the log: what it is, its version, and the next key.

/// 8 bytes · version (4) · the next key when it was written (4) · CRC-32 of these; numbers have their lowest byte first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Header {
    /// Every key before it may have been given.
    pub(super) next: u32,
}

/// What the first bytes of a file say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Found {
    /// A log of ours.
    Ours(Header),
    /// A log of another version.
    Other(u32),
    /// Nothing that can be trusted.
    Damaged,
}

const MAGIC: [u8; 8] = *b"shipped\n";

impl Header {
    pub(super) const BYTES: usize = 20;
    pub(super) const VERSION: u32 = 1;

    pub(super) fn bytes(self) -> [u8; Self::BYTES] {
        let mut bytes = [0; Self::BYTES];
        bytes[..8].copy_from_slice(&MAGIC);
        bytes[8..12].copy_from_slice(&Self::VERSION.to_le_bytes());
        bytes[12..16].copy_from_slice(&self.next.to_le_bytes());
        let crc = crc32fast::hash(&bytes[..16]);
        bytes[16..].copy_from_slice(&crc.to_le_bytes());
        bytes
    }
}

impl Found {
    /// A version counts only with the right CRC: otherwise it is a damage like any other.
    pub(super) fn of(bytes: &[u8; Header::BYTES]) -> Self {
        let number = |at: usize| u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
        if !bytes.starts_with(&MAGIC) || number(16) != crc32fast::hash(&bytes[..16]) {
            return Self::Damaged;
        }
        match number(8) {
            Header::VERSION => Self::Ours(Header { next: number(12) }),
            version => Self::Other(version),
        }
    }
}
