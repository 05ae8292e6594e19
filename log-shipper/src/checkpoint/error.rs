//! Why a state folder cannot be used.

use std::io;
use std::path::{Path, PathBuf};

/// Nothing was changed when it comes.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Another process has the folder.
    #[error("{} is in use by another log-shipper{}; stop that one, or give this one a folder of its own with --state",
        folder.display(), process.map(|id| format!(" (process {id})")).unwrap_or_default())]
    InUse {
        /// The folder.
        folder: PathBuf,
        /// The other process, as it wrote itself down.
        process: Option<u32>,
    },
    /// A version that this program does not know wrote the positions.
    #[error("{} has format {version}, and this log-shipper reads format {known}; use the version that wrote it, \
        or a new folder with --state (every line that is still there is then sent again, with the same id)",
        file.display())]
    Version {
        /// The file.
        file: PathBuf,
        /// Its format.
        version: u32,
        /// Ours.
        known: u32,
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
}

impl Error {
    /// Wraps what the system said about `path`.
    pub(super) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { action, path: path.to_owned(), source }
    }
}
