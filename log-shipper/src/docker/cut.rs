//! Where a line was ended by something that a second reading would not see.

use crate::line::Stream;
use crate::place::{FileKey, Place};

/// Says that the line (or the group of lines) that began at `start` was ended, by time or at the container's end, after
/// the piece that ends at `end`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    /// The output it came from, where there are two.
    pub stream: Option<Stream>,
    /// Where its first byte is.
    pub start: Place,
    /// The place after its last piece.
    pub end: Place,
}

/// Cuts from before a restart that have not been met again.
#[derive(Debug)]
pub(super) struct Known(Vec<Cut>);

impl Known {
    pub(super) const fn new(cuts: Vec<Cut>) -> Self {
        Self(cuts)
    }

    pub(super) fn extend(&mut self, cuts: impl IntoIterator<Item = Cut>) {
        self.0.extend(cuts);
    }

    /// Whether what began at `start` was ended after the piece that ends at `end`.
    pub(super) fn has(&self, start: Place, end: Place) -> bool {
        self.0.iter().any(|cut| cut.start == start && cut.end == end)
    }

    /// Where something was ended between `start` and `end`, which are in one file.
    pub(super) fn inside(&self, start: Place, end: Place) -> Option<Place> {
        let between =
            |cut: &&Cut| cut.end.file == start.file && (start.offset + 1..end.offset).contains(&cut.end.offset);
        self.0.iter().filter(between).map(|cut| cut.end).min_by_key(|end| end.offset)
    }

    /// Forgets those in a file that is read to its end.
    pub(super) fn end(&mut self, file: FileKey) {
        self.0.retain(|cut| cut.end.file != file);
    }

    /// Forgets those that `place` is beyond.
    pub(super) fn pass(&mut self, place: Place) {
        if !self.0.is_empty() {
            self.0.retain(|cut| cut.end.file != place.file || cut.end.offset > place.offset);
        }
    }
}
