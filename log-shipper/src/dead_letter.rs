//! Documents that Elasticsearch refused for good, kept on disk.
//!
//! `dead-letters/` in the state folder has segments of one JSON object per line: what was refused, why, where it came
//! from, and the document as it was sent, so that it can be sent again with the same id. A letter's number is its
//! segment and line; it stays, because a letter that is done leaves an empty line, and a segment that has only those is
//! removed. Whoever changes something there has the folder's lock meanwhile, the running shipper too.

mod clearing;
mod error;
mod letter;
mod listing;
mod members;
mod number;
mod reason;
mod replay;
mod segment;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::io;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

pub use error::{Error, Unfinished};
pub(crate) use letter::printable;
pub use letter::{Letter, Source, Stored};
pub use listing::{Listing, Row};
pub use number::Number;
pub(crate) use reason::without_values;
pub use replay::Replayed;

use segment::{End, Folder};

/// Which letters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    /// All.
    All,
    /// Those with these numbers.
    Numbers(Vec<Number>),
    /// Those with this `error.type`.
    Type(String),
}

/// The folder of a state folder's dead letters.
#[derive(Debug)]
pub struct DeadLetters {
    folder: Folder,
    limit: u64,
    /// Ids of letters that are kept but may come again: the last ones of the process before this one, which may not have
    /// lived to move the position past them, and those of groups of which not all could be kept.
    recent: Mutex<Option<HashSet<String>>>,
}

/// How much room letters take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Usage {
    /// Bytes that they take.
    pub bytes: u64,
    /// Bytes that they may take.
    pub limit: u64,
}

impl DeadLetters {
    /// Bytes that letters may take if nothing is set.
    pub const LIMIT: u64 = 256 * 1024 * 1024;

    /// Those in the state folder `state`, in at most `limit` bytes. The folder is made with the first letter.
    #[must_use]
    pub fn new(state: &Path, limit: u64) -> Self {
        Self { folder: Folder::new(state.join("dead-letters")), limit, recent: Mutex::new(None) }
    }

    /// Appends one letter, see [`Self::append_all`].
    ///
    /// # Errors
    /// There is no room, or the disk fails.
    pub fn append(&self, letter: &Letter<'_>) -> Result<(), Error> {
        self.append_all(std::slice::from_ref(letter)).map_err(|unfinished| unfinished.cause)
    }

    /// Appends letters, and brings them to the disk with one fsync: after that the positions may move past them. Blocks.
    ///
    /// # Errors
    /// There is no room, or the disk fails: the first ones, as many as it says, are kept; the others are not. All of them
    /// are to be appended again then: those that are kept are not written twice.
    pub fn append_all(&self, letters: &[Letter<'_>]) -> Result<(), Unfinished> {
        let mut written = 0;
        self.append_each(letters, &mut written).map_err(|cause| Unfinished { written, cause })
    }

    fn append_each(&self, letters: &[Letter<'_>], written: &mut usize) -> Result<(), Error> {
        let mut recent = self.recent.lock().unwrap_or_else(PoisonError::into_inner);
        let recent = match &mut *recent {
            Some(recent) => recent,
            none => none.insert(listing::recent_ids(&self.folder)?),
        };
        let guard = self.folder.lock()?;
        let mut end = guard.end(self.limit)?;
        let mut kept = Kept::default();
        let appended = append_fitting(&mut end, letters, recent, &mut kept);
        let result = end.sync().inspect_err(|_| kept.appended = kept.synced).and(appended);
        *written = kept.appended;
        for letter in &letters[..kept.appended] {
            if result.is_ok() {
                recent.remove(letter.id);
            } else {
                recent.insert(letter.id.to_owned());
            }
        }
        result
    }

    /// How much room they take.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn usage(&self) -> Result<Usage, Error> {
        Ok(Usage { bytes: self.folder.bytes()?, limit: self.limit })
    }

    /// The newest `rows` letters, and how many there are by reason.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn list(&self, rows: usize) -> Result<Listing, Error> {
        listing::list(&self.folder, rows)
    }

    /// The letter with this number; none if there is none any more.
    ///
    /// # Errors
    /// The folder cannot be read, or the letter is damaged.
    pub fn show(&self, number: Number) -> Result<Option<Stored>, Error> {
        self.folder.letter(number)
    }

    /// Removes letters for good; returns how many, damaged ones included.
    ///
    /// # Errors
    /// The disk fails: none or some of them are removed.
    pub fn purge(&self, selection: &Selection) -> Result<u64, Error> {
        clearing::purge(&self.folder, selection)
    }

    /// Sends letters again, in groups, the oldest first. `send` says of each whether it is stored (or was already);
    /// those are removed when that is so, the others stay.
    ///
    /// # Errors
    /// The folder cannot be read or changed; what `send` was told to be stored may then be sent once more, which does
    /// no harm since the ids are the same.
    pub async fn replay(
        &self,
        selection: &Selection,
        send: impl AsyncFnMut(&[Stored]) -> Vec<bool>,
    ) -> Result<Replayed, Error> {
        replay::replay(&self.folder, selection, send).await
    }
}

impl Selection {
    /// Whether a letter is one of them; of a damaged one only the number is known.
    fn has(&self, number: Number, kind: Option<&str>) -> bool {
        match self {
            Self::All => true,
            Self::Numbers(numbers) => numbers.contains(&number),
            Self::Type(wanted) => kind == Some(wanted),
        }
    }
}

/// How many letters of a group are kept, the first ones.
#[derive(Default)]
struct Kept {
    appended: usize,
    /// Of these: those in segments that are complete and on the disk.
    synced: usize,
}

/// Appends as many as there is room for; says why no more.
fn append_fitting(
    end: &mut End<'_>,
    letters: &[Letter<'_>],
    recent: &HashSet<String>,
    kept: &mut Kept,
) -> Result<(), Error> {
    let mut line = Vec::new();
    for letter in letters {
        if !recent.contains(letter.id) {
            line.clear();
            letter.write(&mut line);
            append_line(end, &line, kept)?;
        }
        kept.appended += 1;
    }
    Ok(())
}

fn append_line(end: &mut End<'_>, line: &[u8], kept: &mut Kept) -> Result<(), Error> {
    end.check_room(line)?;
    if end.is_long() {
        end.sync().inspect_err(|_| kept.appended = kept.synced)?;
        kept.synced = kept.appended;
        end.begin_next()?;
    }
    end.write(line)
}

fn is_missing(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::NotFound
}
