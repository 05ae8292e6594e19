//! What the pipeline has done so far, for those who wait for its end.

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};

use super::reader::Reader;

/// Numbers since the start.
#[derive(Debug, Default)]
pub struct Tally {
    acknowledged: AtomicU64,
    total: AtomicU64,
    files_missed: AtomicU64,
    bytes_missed: AtomicU64,
    broken_input: OnceLock<String>,
    finished: AtomicBool,
}

impl Tally {
    /// Bytes of files that are done.
    #[must_use]
    pub fn acknowledged(&self) -> u64 {
        self.acknowledged.load(Relaxed)
    }

    /// Bytes of files that are done or have to be, as far as is known.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.total.load(Relaxed).max(self.acknowledged())
    }

    /// Files that vanished, or could not be read, before all of them was.
    #[must_use]
    pub fn files_missed(&self) -> u64 {
        self.files_missed.load(Relaxed)
    }

    /// Bytes of these, as far as that is known.
    #[must_use]
    pub fn bytes_missed(&self) -> u64 {
        self.bytes_missed.load(Relaxed)
    }

    /// Why standard input could not be read to its end.
    #[must_use]
    pub fn broken_input(&self) -> Option<&str> {
        self.broken_input.get().map(String::as_str)
    }

    /// Whether reading has ended as it should: nothing is measured by it any more.
    #[must_use]
    pub fn is_finished(&self) -> bool {
        self.finished.load(Relaxed)
    }

    pub(super) fn finish(&self) {
        self.finished.store(true, Relaxed);
    }

    pub(super) fn acknowledge(&self, bytes: u64) {
        self.acknowledged.fetch_add(bytes, Relaxed);
    }

    pub(super) fn is_behind(&self, bytes: u64) {
        self.total.store(self.acknowledged() + bytes, Relaxed);
    }

    pub(super) fn break_input(&self, why: String) {
        // The first reason is the one that counts.
        let _ = self.broken_input.set(why);
    }
}

impl Reader {
    /// Files, or parts of them, are gone before they could be read.
    pub(super) fn miss(&self, files: u64, bytes: u64) {
        self.metrics.files_missed.increment(files);
        self.metrics.bytes_missed.increment(bytes);
        self.tally.files_missed.fetch_add(files, Relaxed);
        self.tally.bytes_missed.fetch_add(bytes, Relaxed);
    }
}
