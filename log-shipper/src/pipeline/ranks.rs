//! How old the files of a source are, by the names under which they lie.

use std::collections::HashMap;

use crate::discover::{Listed, Stamp};

/// The ranks that a listing gives: 0 is the file that is written to, and a higher one is older.
pub(super) struct Ranks {
    listed: HashMap<Stamp, u32>,
    /// That of the file that was written to at the last listing, if it lies nowhere now.
    first: u32,
}

impl Ranks {
    pub(super) fn new(files: &[Listed]) -> Self {
        let listed: HashMap<Stamp, u32> = files.iter().map(|listed| (listed.stamp, listed.rank)).collect();
        // It is the oldest of those that were compressed since, or it was removed, if nothing took its place.
        let is_new_form = |listed: &&Listed| listed.compressed && (listed.file.is_some() || listed.waits);
        let oldest = files.iter().filter(is_new_form).map(|listed| listed.rank).max();
        let has_other = files.iter().any(|listed| listed.rank == 0);
        let first = oldest.unwrap_or(if has_other { u32::MAX } else { 0 });
        Self { listed, first }
    }

    pub(super) fn of(&self, stamp: Stamp) -> Option<u32> {
        self.listed.get(&stamp).copied()
    }

    /// The rank of a file that lies nowhere any more, and had another one `before`: it is older than all that do, unless it
    /// was the one that is written to.
    pub(super) fn nowhere(&self, before: u32) -> u32 {
        if before == 0 { self.first } else { u32::MAX }
    }
}
