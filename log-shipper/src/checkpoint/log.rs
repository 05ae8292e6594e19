//! The log on disk: appended to, and written anew when it is long or when an append or an fsync failed.

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use super::folder::{Folder, new_file};
use super::header::Header;
use super::table::{self, Table};

/// A log up to this length is not written anew.
const SHORT: u64 = 1024 * 1024;

/// How many times longer than necessary it may be.
const SLACK: u64 = 4;

/// What it did, since the start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Appends that succeeded.
    pub writes: u64,
    /// Times it was written anew.
    pub rewrites: u64,
    /// Appends, rewrites and fsyncs that failed.
    pub failures: u64,
}

/// The log of a folder.
pub(super) struct Log {
    /// None if nothing is to be written.
    folder: Option<Folder>,
    /// None while the file on disk lacks something that memory has, or may lack it.
    file: Option<Arc<File>>,
    /// Whether something was appended that may not be on the disk yet.
    pub(super) dirty: bool,
    length: u64,
    /// How much of it outlives a power cut.
    #[cfg(test)]
    pub(super) sure: u64,
    /// Its length when it says everything once.
    needed: u64,
    pub(super) counts: Counts,
}

impl Log {
    /// The log as it was read: `length` bytes of which `needed` would do.
    pub(super) fn open(folder: Folder, length: u64, needed: u64) -> Self {
        let file = OpenOptions::new().append(true).open(folder.log()).ok().map(Arc::new);
        // What another process appended may not be on the disk yet.
        Self {
            folder: Some(folder),
            file,
            length,
            #[cfg(test)]
            sure: length,
            needed,
            ..Self::none()
        }
    }

    /// A log that does not say everything, or is not there.
    pub(super) fn broken(folder: Folder) -> Self {
        Self { folder: Some(folder), ..Self::none() }
    }

    /// One that takes everything and writes nothing.
    pub(super) fn none() -> Self {
        Self {
            folder: None,
            file: None,
            dirty: true,
            length: 0,
            #[cfg(test)]
            sure: 0,
            needed: 0,
            counts: Counts::default(),
        }
    }

    #[cfg(test)]
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    pub(super) fn is_long(&self) -> bool {
        self.length > SHORT && self.length > SLACK * self.needed
    }

    /// Appends records that `table` has already; or everything, if the file lacks more.
    pub(super) fn append(&mut self, records: &[u8], table: &Table) -> io::Result<()> {
        let Some(file) = &self.file else { return self.rewrite(table) };
        if records.is_empty() {
            return Ok(());
        }
        if let Err(error) = (&**file).write_all(records) {
            // So that what follows a half record can be read; if this fails too, rewriting will do.
            let _ = file.set_len(self.length);
            self.fail();
            return Err(error);
        }
        self.length += records.len() as u64;
        self.counts.writes += 1;
        self.dirty = true;
        Ok(())
    }

    /// What has to be brought to the disk, if anything.
    pub(super) fn unsynced(&mut self) -> Option<Arc<File>> {
        let file = self.file.as_ref().filter(|_| self.dirty).map(Arc::clone)?;
        self.dirty = false;
        Some(file)
    }

    /// An fsync failed: what the kernel says of this file from now on cannot be trusted.
    pub(super) fn distrust(&mut self, file: &Arc<File>) {
        if self.file.as_ref().is_some_and(|current| Arc::ptr_eq(current, file)) {
            self.fail();
        }
    }

    /// Goes on with another handle.
    #[cfg(test)]
    pub(super) fn exchange(&mut self, file: File) {
        self.file = Some(Arc::new(file));
    }

    fn fail(&mut self) {
        self.file = None;
        self.dirty = true;
        self.counts.failures += 1;
    }

    /// Writes a log that says everything once, and puts it in the other's place; afterwards all is on the disk.
    pub(super) fn rewrite(&mut self, table: &Table) -> io::Result<()> {
        let Some(folder) = &self.folder else { return Ok(()) };
        let next = folder.next_log();
        match replace(folder, &next, table) {
            Ok((file, length)) => {
                (self.file, self.length, self.needed) = (Some(Arc::new(file)), length, length);
                self.dirty = false;
                self.counts.rewrites += 1;
                #[cfg(test)]
                (self.sure = length);
                Ok(())
            }
            Err(error) => {
                // It takes room that may be missing.
                let _ = fs::remove_file(next);
                self.fail();
                Err(error)
            }
        }
    }
}

fn replace(folder: &Folder, next: &Path, table: &Table) -> io::Result<(File, u64)> {
    let file = new_file(next)?;
    let length = write(&file, table)?;
    file.sync_all()?;
    fs::rename(next, folder.log())?;
    folder.sync()?;
    Ok((file, length))
}

fn write(file: &File, table: &Table) -> io::Result<u64> {
    let mut out = BufWriter::with_capacity(64 * 1024, file);
    let header = Header { next: table.next }.bytes();
    out.write_all(&header)?;
    let mut length = header.len() as u64;
    let mut records = Vec::new();
    for known in table.all() {
        records.clear();
        table::append(known, &mut records);
        out.write_all(&records)?;
        length += records.len() as u64;
    }
    out.flush()?;
    Ok(length)
}
