//! How old the files of a source are, by the names under which they lie.

use std::collections::HashMap;

use crate::discover::{Listed, Stamp};

/// The ranks that a listing gives: 0 is the file that is written to, and a higher one is older.
pub(super) struct Ranks {
    listed: HashMap<Stamp, u32>,
    /// What was written to is gone, and nothing took its place.
    removed: bool,
}

impl Ranks {
    pub(super) fn new(files: &[Listed]) -> Self {
        let listed: HashMap<Stamp, u32> = files.iter().map(|listed| (listed.stamp, listed.rank)).collect();
        // What has just been compressed may have been the newest, before the one that was removed since.
        let is_new_form = |listed: &Listed| listed.compressed && listed.file.is_some();
        let removed = !files.iter().any(|listed| listed.rank == 0 || is_new_form(listed));
        Self { listed, removed }
    }

    pub(super) fn of(&self, stamp: Stamp) -> Option<u32> {
        self.listed.get(&stamp).copied()
    }

    /// The rank of a file that lies nowhere any more: it is older than all that do, unless it was the one that is written
    /// to, and was removed as that.
    pub(super) fn nowhere(&self, before: u32) -> u32 {
        if before == 0 && self.removed { 0 } else { u32::MAX }
    }
}
