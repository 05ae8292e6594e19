//! What the state folder knows of a file that is followed.

use std::path::Path;
use std::sync::Arc;

use crate::line::Stream;
use crate::place::{FileKey, Place, Progress, Window};

/// Which file it is: enough to find it again after a restart, and to give its lines the same ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    /// The name of its source, see [`crate::source::Source::name`].
    pub source: Arc<str>,
    /// Where it was last seen.
    pub path: Arc<Path>,
    /// The device that it is on.
    pub device: u64,
    /// Its inode there.
    pub inode: u64,
    /// Its first line.
    pub head: Window,
    /// How many times its name began anew (a truncation, another file with the same inode).
    pub generation: u32,
    /// The first 16 characters of the ids of its documents.
    pub id_prefix: [u8; 16],
    /// Whether it was last seen compressed.
    pub compressed: bool,
}

/// Lines of a file may have been sent to an index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Lines that begin before it.
    pub upto: u64,
    /// The write index of that time.
    pub index: Arc<str>,
}

/// A line that a time-out ended: read again, it has to end at the same place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    /// The output that it came from; of a plain file the first.
    pub stream: Stream,
    /// Its first byte.
    pub start: Place,
    /// Behind its last byte, maybe in a later file.
    pub end: Place,
}

/// Everything about a file that is followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// Its number.
    pub key: FileKey,
    /// Which file it is.
    pub identity: Identity,
    /// How far it is acknowledged; nothing is if there is none.
    pub progress: Option<Progress>,
    /// Where lines in doubt may have gone, the oldest first.
    pub sent: Vec<Sent>,
    /// Lines that began here, were ended by a time-out and are not acknowledged.
    pub cuts: Vec<Cut>,
    /// Its size when it was last looked at.
    pub size_seen: u64,
    /// When it was last there, in seconds since 1970; up to an hour older than the truth.
    pub last_seen: u64,
}

impl Known {
    /// Indices to which a line that begins at `offset` may have been sent, the oldest first; none if it never was.
    pub fn sent_to(&self, offset: u64) -> impl Iterator<Item = &str> {
        self.sent.iter().filter(move |sent| offset < sent.upto).map(|sent| &*sent.index)
    }

    /// Everything before it is acknowledged, but for open lines.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.progress.map_or(0, |progress| progress.position)
    }

    /// Drops what was only kept for lines that are acknowledged by now.
    pub(super) fn settle(&mut self) {
        let Some(Progress { position, open, .. }) = self.progress else { return };
        self.sent.retain(|sent| sent.upto > position);
        self.cuts.retain(|cut| cut.start.offset >= position || open.has(cut.start.offset));
        if self.sent.is_empty() {
            self.sent = Vec::new();
        }
        if self.cuts.is_empty() {
            self.cuts = Vec::new();
        }
    }
}
