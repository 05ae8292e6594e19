//! Why letters cannot be kept, read or changed.

use std::io;
use std::path::{Path, PathBuf};

use super::Number;

/// What is wrong with the folder of dead letters.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Letters take all the room that they may.
    #[error("{} is full ({limit} bytes); nothing is lost, but nothing goes on: `log-shipper dead-letter list` says why \
        documents were refused; replay or purge them, or allow more", folder.display())]
    Full {
        /// The folder.
        folder: PathBuf,
        /// Bytes that it may have.
        limit: u64,
    },
    /// The system refuses.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// With what.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
    /// A line of a segment is no letter, as after a power cut.
    #[error("dead letter {0} is damaged and cannot be read; `log-shipper dead-letter purge {0}` removes it")]
    Damaged(Number),
}

/// Not all letters of a group are kept.
#[derive(Debug, thiserror::Error)]
#[error("{cause}")]
pub struct Unfinished {
    /// So many of them, the first ones, are.
    pub written: usize,
    /// Why the next is not.
    pub cause: Error,
}

impl Error {
    /// Wraps what the system said about `path`.
    pub(super) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { action, path: path.to_owned(), source }
    }
}
