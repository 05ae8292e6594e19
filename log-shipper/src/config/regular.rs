//! Small files that settings name. Each has to be a regular one: a pipe or a device may keep its reader waiting for ever,
//! and the shipper reads them again while it runs.

use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use rustix::fs::OFlags;

/// A longer secret is none.
pub(super) const SECRET: usize = 64 << 10;

/// Settings and certificates are shorter than this.
pub(crate) const TEXT: usize = 1 << 20;

/// The text of such a file, of at most `limit` bytes; or what is wrong with it, as the end of a sentence.
pub(crate) fn text(path: &Path, limit: usize) -> Result<String, String> {
    let mut text = String::new();
    let read = open(path).and_then(|file| file.take(limit as u64 + 1).read_to_string(&mut text));
    match read {
        Err(error) => Err(format!("cannot be read: {error}")),
        Ok(_) if text.len() > limit => Err(format!("is longer than {} KiB", limit >> 10)),
        Ok(_) => Ok(text),
    }
}

/// Opening a pipe does not wait for whoever writes to it.
fn open(path: &Path) -> io::Result<File> {
    let flags = (OFlags::NONBLOCK | OFlags::NOCTTY).bits();
    let file = OpenOptions::new().read(true).custom_flags(flags.cast_signed()).open(path)?;
    if file.metadata()?.is_file() { Ok(file) } else { Err(io::Error::other("it is no regular file")) }
}
