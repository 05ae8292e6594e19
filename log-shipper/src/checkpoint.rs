//! Positions on disk: how far each file is acknowledged.
//!
//! A folder with an append-only log of facts about files. A fact is written when it is true: which file it is before
//! its lines are sent, where lines go before they go there, a position after the lines before it are acknowledged. A
//! record takes one `write`, so it outlives the process at once; [`State::sync`] makes it outlive a power cut.
//!
//! Memory is always right. What could not be written is written with the next call that can: then the log is written
//! anew, in a temporary file that takes the other's place, as it is when it has become long.

mod damage;
mod error;
mod facts;
mod folder;
mod frame;
mod header;
mod known;
mod log;
mod probe;
mod reading;
mod record;
mod table;
#[cfg(test)]
mod tests;

use std::collections::HashSet;
use std::fmt;
use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub use damage::Damage;
pub use error::Error;
pub use known::{Cut, Identity, Known, Sent};
pub use log::Counts;

use crate::place::{FileKey, Progress};
use folder::Folder;
use log::Log;
use reading::Reading;
use record::Record;
use table::Table;

/// The positions in a state folder that this process alone writes.
///
/// An error of a call says that the disk does not have it (yet); memory has, and the next call writes it too.
pub struct State(Mutex<Inner>);

struct Inner {
    table: Table,
    log: Log,
    /// Files whose size or time the log lacks.
    sights: HashSet<FileKey>,
    /// Files whose key is below it would be known after a power cut.
    sure: u32,
    records: Vec<u8>,
}

impl State {
    /// Opens the folder, and makes it where it is missing; returns what is known of each file, by key, and what was
    /// wrong with the log. Neither damage nor a disk that cannot be written keeps it from opening what is there.
    ///
    /// # Errors
    /// Another process has the folder; a version that is not known wrote it; it cannot be made, locked or read.
    pub fn open(folder: &Path) -> Result<(Self, Vec<Known>, Option<Damage>), Error> {
        let folder = Folder::lock(folder)?;
        let file = folder.log();
        let Some(Reading { table, length, flaws }) = reading::read(&file)? else {
            let state = Self::new(Table::default(), Log::broken(folder));
            state.write(|_, _| ()).map_err(Error::io("write", &file))?;
            return Ok((state, Vec::new(), None));
        };
        let known = copies(&table);
        if !flaws.any() {
            let needed = table.size();
            return Ok((Self::new(table, Log::open(folder, length, needed)), known, None));
        }
        let damage = Damage::new(file, folder.keep_damaged().ok(), flaws, length);
        let state = Self::new(table, Log::broken(folder));
        // If not now, then with the next call; the damaged log stays until then.
        let _ = state.write(|_, _| ());
        Ok((state, known, Some(damage)))
    }

    /// What is known of each file, by key, while a process may be writing it.
    ///
    /// # Errors
    /// The folder or the log in it cannot be read.
    pub fn read(folder: &Path) -> Result<Vec<Known>, Error> {
        std::fs::read_dir(folder).map_err(Error::io("read", folder))?;
        Ok(reading::read(&folder::log(folder))?.map_or_else(Vec::new, |reading| copies(&reading.table)))
    }

    /// A copy of what is known in the folder, in memory alone: nothing is written there, and nothing need be there.
    ///
    /// # Errors
    /// The log in the folder cannot be read.
    pub fn copy(folder: &Path) -> Result<(Self, Vec<Known>), Error> {
        let table = reading::read(&folder::log(folder))?.map_or_else(Table::default, |reading| reading.table);
        let known = copies(&table);
        Ok((Self::new(table, Log::none()), known))
    }

    fn new(table: Table, log: Log) -> Self {
        Self(Mutex::new(Inner { table, log, sights: HashSet::new(), sure: 0, records: Vec::new() }))
    }

    /// Brings everything to the disk, so that it outlives a power cut; shortens the log if it is long. Takes as long as
    /// the disk does, and holds up other calls only while the log is written anew.
    ///
    /// # Errors
    /// The disk does not have it. After a failed fsync the next call writes everything anew.
    pub fn sync(&self) -> io::Result<()> {
        let (unsynced, next) = self.lock().unsynced()?;
        #[cfg(test)]
        let length = self.lock().log.length();
        if let Some(file) = unsynced {
            file.sync_data().inspect_err(|_| self.lock().log.distrust(&file))?;
        }
        let mut inner = self.lock();
        inner.sure = inner.sure.max(next);
        #[cfg(test)]
        (inner.log.sure = length);
        Ok(())
    }

    /// What is known of each file, by key.
    #[must_use]
    pub fn snapshot(&self) -> Vec<Known> {
        copies(&self.lock().table)
    }

    /// What is known of a file.
    #[must_use]
    pub fn known(&self, key: FileKey) -> Option<Known> {
        self.lock().table.get(key).cloned()
    }

    /// By how many bytes these files will have moved when they are acknowledged so far.
    #[must_use]
    pub fn advance(&self, progress: &[Progress]) -> u64 {
        let inner = self.lock();
        let moved = |progress: &Progress| {
            let known = inner.table.get(progress.file);
            known.map_or(0, |known| progress.position.saturating_sub(known.position()))
        };
        progress.iter().map(moved).sum()
    }

    /// Bytes of a file of this size that are not acknowledged; none if it is not known.
    #[must_use]
    pub fn lacking(&self, key: FileKey, size: u64) -> u64 {
        self.lock().table.get(key).map_or(0, |known| size.saturating_sub(known.position()))
    }

    /// What was written, and what could not be.
    #[must_use]
    pub fn counts(&self) -> Counts {
        self.lock().log.counts
    }

    /// How many bytes of the log would outlive a power cut.
    #[cfg(test)]
    pub(crate) fn sure(&self) -> u64 {
        self.lock().log.sure
    }

    fn write(&self, build: impl FnOnce(&mut Table, &mut Vec<u8>)) -> io::Result<()> {
        self.lock().write(build)
    }

    fn lock(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// Changes memory, and then the disk.
    fn write(&mut self, build: impl FnOnce(&mut Table, &mut Vec<u8>)) -> io::Result<()> {
        let Self { table, log, records, .. } = self;
        records.clear();
        build(table, records);
        log.append(records, table)
    }

    /// Writes what waits; returns what has to be brought to the disk, and below which key all files are in it.
    fn unsynced(&mut self) -> io::Result<(Option<Arc<File>>, u32)> {
        let sights = std::mem::take(&mut self.sights);
        self.write(|table, out| sights.iter().for_each(|file| write_sight(table, *file, out)))?;
        if self.log.is_long() {
            self.table.tidy();
            self.log.rewrite(&self.table)?;
        }
        Ok((self.log.unsynced(), self.table.next))
    }
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("State").finish_non_exhaustive()
    }
}

fn write_sight(table: &Table, file: FileKey, out: &mut Vec<u8>) {
    if let Some(known) = table.get(file) {
        Record::Seen { file, size: known.size_seen, at: known.last_seen }.append(out);
    }
}

fn copies(table: &Table) -> Vec<Known> {
    table.all().into_iter().cloned().collect()
}
