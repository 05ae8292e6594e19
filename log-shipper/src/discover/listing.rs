//! Files as they lie in a folder.

use std::fs::{self, File, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use super::Opened;

/// What tells one file from another, for as long as somebody has it open; afterwards an inode may be used again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Stamp {
    /// The file system.
    pub device: u64,
    /// The file in it.
    pub inode: u64,
    /// When it was created, in nanoseconds since 1970; 0 where the file system does not say.
    pub born: u64,
}

impl Stamp {
    /// That of an open file.
    pub fn of(file: &File) -> io::Result<Self> {
        Ok(Self::from(&file.metadata()?))
    }

    /// That of the file at a path.
    pub(super) fn at(path: &Path) -> io::Result<Self> {
        Ok(Self::from(&fs::symlink_metadata(path)?))
    }
}

impl From<&Metadata> for Stamp {
    fn from(metadata: &Metadata) -> Self {
        let born = metadata.created().ok().and_then(|at| at.duration_since(UNIX_EPOCH).ok());
        let born = born.and_then(|since| u64::try_from(since.as_nanos()).ok()).unwrap_or_default();
        Self { device: metadata.dev(), inode: metadata.ino(), born }
    }
}

/// A file of a source.
#[derive(Debug)]
pub struct Listed {
    /// Where it is.
    pub path: PathBuf,
    /// Which it is.
    pub stamp: Stamp,
    /// 0 for the one that is written to, and a higher number for each older one.
    pub rank: u32,
    /// Whether it is compressed with gzip.
    pub compressed: bool,
    /// The open file, the first time that it is listed.
    pub file: Option<Opened>,
    /// It has to wait until fewer files are open, or until it can be opened, and nobody knows yet which it is.
    pub waits: bool,
}

/// `NAME`, `NAME.3` or `NAME.3.gz`: the rank, and whether it is compressed.
pub(super) fn rank(name: &str, base: &str) -> Option<(u32, bool)> {
    let rest = name.strip_prefix(base)?;
    if rest.is_empty() {
        return Some((0, false));
    }
    let (number, compressed) = match rest.strip_suffix(".gz") {
        Some(number) => (number, true),
        None => (rest, false),
    };
    let number: u32 = number.strip_prefix('.')?.parse().ok()?;
    (number > 0).then_some((number, compressed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rotated_files_are_told_by_their_number() {
        assert_eq!(rank("c-json.log", "c-json.log"), Some((0, false)));
        assert_eq!(rank("c-json.log.2", "c-json.log"), Some((2, false)));
        assert_eq!(rank("c-json.log.12.gz", "c-json.log"), Some((12, true)));
        for name in
            ["c-json.log.", "c-json.log.gz", "c-json.log.0", "c-json.log.x", "c-json.log.1.gz.tmp", "d-json.log"]
        {
            assert_eq!(rank(name, "c-json.log"), None, "{name}");
        }
    }
}
