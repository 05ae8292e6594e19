//! Containers and files: which there are, and which files each of them has.
//!
//! One thread watches folders and, since a watch can overflow or be refused, looks through them from time to time. It
//! opens each file at once, before a rotation can take it away, and hands the open file on; reading is for [`crate::tail`].

pub mod census;
mod container;
mod containers;
mod created;
mod finder;
mod globs;
mod handles;
mod listing;
mod logs;
mod places;
mod root;
mod running;
mod waiting;
mod watch;

pub use container::describe;
pub use finder::Finder;
pub(crate) use handles::Permit;
pub use handles::{Handles, Opened};
pub use listing::{Listed, Stamp};
pub use places::{Inputs, Places};
pub use root::Root;
pub use running::Running;

use crate::source::Source;

/// A source, by the number that one finder gave it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourceId(pub u32);

/// What was found.
#[derive(Debug)]
pub enum Found {
    /// A source, or more about one that was told of before.
    Source(SourceId, Box<Source>),
    /// The files of a source, oldest first. `missed` files came and went since the last listing, without having been
    /// opened.
    Listing {
        /// Whose.
        source: SourceId,
        /// All that lie in its folder now.
        files: Vec<Listed>,
        /// How many were created and are already gone.
        missed: u32,
    },
    /// Something was written to files of these sources.
    Written(Vec<SourceId>),
    /// So many plain files came and went, without having been opened.
    Missed(u32),
    /// The source's folder, or its file, is gone.
    Gone(SourceId),
    /// Everything has been looked through once.
    Complete,
    /// Events were lost, or watches are refused; what was missed by that is found by looking.
    Unwatched(Unwatched),
    /// A folder or a file could not be looked at; it is tried again.
    Refused(String),
}

/// Why looking replaces watching.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unwatched {
    /// The kernel's queue of events was full.
    Overflow,
    /// The kernel allows no more watches (`fs.inotify.max_user_watches`).
    Limit,
}
