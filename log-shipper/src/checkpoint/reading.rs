//! Reads a log, damaged or not.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::error::Error;
use super::frame::{Frames, Gaps};
use super::header::{Found, Header};
use super::record::Record;
use super::table::Table;

/// Keys that are passed over at each start: the last records before a power cut may be missing without a trace.
const GAP_AFTER_START: u32 = 1_024;

/// Keys that are passed over after a damage, which may have taken many more records.
const GAP_AFTER_DAMAGE: u32 = 1_000_000;

/// What a log said.
pub(super) struct Reading {
    /// The sum of its records.
    pub(super) table: Table,
    /// Its bytes.
    pub(super) length: u64,
    /// What was wrong with it.
    pub(super) flaws: Flaws,
}

/// What was wrong with a log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Flaws {
    /// The first bytes are not those of a log.
    pub(super) header: bool,
    /// Places that are no records.
    pub(super) gaps: Gaps,
    /// Whole records that say nothing known.
    pub(super) strange: u64,
    /// Records about files whose own record is missing.
    pub(super) orphans: u64,
}

impl Flaws {
    /// Orphans alone are none: what is said of a file that was forgotten meanwhile has no meaning.
    pub(super) fn any(&self) -> bool {
        self.header || self.gaps.count > 0 || self.strange > 0
    }
}

/// The log at `path`; none if there is none.
pub(super) fn read(path: &Path) -> Result<Option<Reading>, Error> {
    let file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        file => file.map_err(Error::io("open", path))?,
    };
    let reading = all(file).map_err(Error::io("read", path))?;
    reading.map(Some).map_err(|version| Error::Version { file: path.to_owned(), version, known: Header::VERSION })
}

/// Everything, or a version that is not ours.
pub(super) fn all(mut from: impl Read) -> io::Result<Result<Reading, u32>> {
    let mut start = Vec::with_capacity(Header::BYTES);
    from.by_ref().take(Header::BYTES as u64).read_to_end(&mut start)?;
    let header = match start.as_slice().try_into().map_or(Found::Damaged, Found::of) {
        Found::Ours(header) => Some(header),
        Found::Damaged => None,
        Found::Other(version) => return Ok(Err(version)),
    };
    let next = header.map_or(0, |header| header.next);
    let mut reading = Reading { table: Table::starting_at(next), length: 0, flaws: Flaws::default() };
    reading.flaws.header = header.is_none();
    if header.is_some() {
        start.clear();
        reading.length = Header::BYTES as u64;
    }
    reading.records(start.chain(from))?;
    let gap = if reading.flaws.any() { GAP_AFTER_DAMAGE } else { GAP_AFTER_START };
    reading.table.next = reading.table.next.saturating_add(gap);
    Ok(Ok(reading))
}

impl Reading {
    fn records(&mut self, from: impl Read) -> io::Result<()> {
        let mut frames = Frames::new(from, self.length);
        while let Some((kind, content)) = frames.next()? {
            match Record::read(kind, content) {
                Some(record) if self.table.apply(&record) => {}
                Some(_) => self.flaws.orphans += 1,
                None => self.flaws.strange += 1,
            }
        }
        self.flaws.gaps = frames.gaps();
        self.length = frames.position();
        Ok(())
    }
}
