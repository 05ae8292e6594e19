//! How old the files of a source are, by the names under which they lie.

use std::collections::HashMap;

use crate::discover::{Listed, Stamp};

/// The ranks that a listing gives: 0 is the file that is written to, and a higher one is older.
pub(super) struct Ranks {
    listed: HashMap<Stamp, u32>,
    /// That of the file that was written to at the last listing, and lies nowhere now.
    first: u32,
}

impl Ranks {
    pub(super) fn new(files: &[Listed]) -> Self {
        let listed: HashMap<Stamp, u32> = files.iter().map(|listed| (listed.stamp, listed.rank)).collect();
        // It is the oldest of those that were compressed since.
        let is_new_form = |listed: &&Listed| listed.compressed && (listed.file.is_some() || listed.waits);
        let first = files.iter().filter(is_new_form).map(|listed| listed.rank).max();
        Self { listed, first: first.unwrap_or(u32::MAX) }
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
