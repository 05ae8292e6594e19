//! What the reader counts.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use crate::line::Marks;

/// Counts since the start; gauges where it says so.
#[derive(Debug, Default)]
pub struct Tally {
    /// Bytes of files.
    pub bytes: AtomicU64,
    /// Lines of files: Docker's entries, or plain lines.
    pub lines: AtomicU64,
    /// Documents made.
    pub documents: AtomicU64,
    /// Documents with each mark, by its bit.
    pub marks: [AtomicU64; Marks::COUNT],
    /// Secrets hidden.
    pub masked: AtomicU64,
    /// Bytes that went before they could be read, as far as is known.
    pub missed_bytes: AtomicU64,
    /// Files that went before they could be opened.
    pub missed_files: AtomicU64,
    /// Watches that overflowed or were refused.
    pub unwatched: AtomicU64,
    /// Gauge: files that are followed.
    pub files: AtomicU64,
    /// Gauge: bytes that are there and not read.
    pub behind_bytes: AtomicU64,
    /// Gauge: milliseconds since the oldest line was taken up that is not acknowledged.
    pub behind_milliseconds: AtomicU64,
}

impl Tally {
    /// Counts a document.
    pub(super) fn mark(&self, marks: Marks) {
        self.documents.fetch_add(1, Relaxed);
        if !marks.is_empty() {
            for bit in marks.bits() {
                self.marks[bit].fetch_add(1, Relaxed);
            }
        }
    }
}
