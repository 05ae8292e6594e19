//! Whether there is anything to read at this moment, told without opening a file.

use std::fs::{self, FileType};
use std::io;
use std::path::Path;

use super::globs::Glob;
use crate::source::Hints;

/// Whether a pattern can be followed.
///
/// # Errors
/// It is no pattern, or its folder cannot be opened.
pub fn follows(pattern: &str) -> io::Result<()> {
    Glob::open(pattern, &Hints::default()).map(drop)
}

/// Whether a file matches a pattern; looks no further than the first.
///
/// # Errors
/// As those of [`follows`].
pub fn has_files(pattern: &str) -> io::Result<bool> {
    let mut glob = Glob::open(pattern, &Hints::default())?;
    let folders = glob.folders();
    let is_one = |path: &Path, kind: FileType| (kind.is_file() || kind.is_symlink()) && glob.matches(path);
    Ok(folders.iter().any(|folder| has(folder, is_one).unwrap_or_default()))
}

/// Whether Docker's folder has a container.
///
/// # Errors
/// It cannot be read.
pub fn has_containers(root: &Path) -> io::Result<bool> {
    has(root, |_, kind| kind.is_dir())
}

fn has(folder: &Path, is_one: impl Fn(&Path, FileType) -> bool) -> io::Result<bool> {
    let mut entries = fs::read_dir(folder)?.flatten();
    Ok(entries.any(|entry| entry.file_type().is_ok_and(|kind| is_one(&entry.path(), kind))))
}
