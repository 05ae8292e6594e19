//! Places in files: what a position is, and what else has to be kept beside it.

/// A file that is followed, by the number that the state folder gave it; a number is never given twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FileKey(pub u32);

impl FileKey {
    /// Standard input, of which the state folder knows nothing.
    pub const INPUT: Self = Self(u32::MAX);
}

/// A byte of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: FileKey,
    /// Bytes from its beginning; of a compressed file, from the beginning of what it holds.
    pub offset: u64,
}

/// Where lines began that are not complete yet, by output; a plain file uses the first alone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OpenLines(pub [Option<u64>; 2]);

impl OpenLines {
    /// The first byte that must be read again after a restart, if that is before `position`.
    #[must_use]
    pub fn resume(self, position: u64) -> u64 {
        self.0.into_iter().flatten().fold(position, u64::min)
    }

    /// Whether a line that begins at `offset` is one of them.
    #[must_use]
    pub fn has(self, offset: u64) -> bool {
        self.0.contains(&Some(offset))
    }
}

/// How far a file is done. Reading goes on at [`OpenLines::resume`]; of the lines met there, those that begin before
/// `position` are done already, unless they are among `open`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The file.
    pub file: FileKey,
    /// Everything before it has been read, and every line that is complete before it is in a batch.
    pub position: u64,
    /// Lines that began in this file and are not complete at `position`.
    pub open: OpenLines,
    /// What the bytes just before `position` are, to tell this file from another one later.
    pub window: Window,
}

/// A few bytes of a file, by their number and hash.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Window {
    /// Bytes.
    pub length: u32,
    /// XXH3 (64 bit) of them.
    pub hash: u64,
}

impl Window {
    /// Bytes before a position at most.
    pub const LIMIT: usize = 1_024;

    /// That of `bytes`.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        if bytes.is_empty() {
            return Self::default();
        }
        let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        Self { length, hash: xxhash_rust::xxh3::xxh3_64(bytes) }
    }
}
