//! Documents that are sent together, and the positions that they stand for.

mod action;
mod dataset;
mod open;
mod pool;
mod since;

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;

use crate::place::Progress;

pub use action::Id;
pub use dataset::Dataset;
pub use open::Open;
use pool::Charge;
pub use pool::Pool;
pub use since::{Second, Since};

/// When a batch is full, or has waited long enough.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Bytes of the request's body before compression; a batch is full when it has that many, so its last document may
    /// go beyond.
    pub bytes: usize,
    /// Documents.
    pub count: usize,
    /// How long its first document waits at most.
    pub age: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 2 << 20, count: 10_000, age: Duration::from_millis(200) }
    }
}

/// How far a file is done once the batch is finished, and the target of that file's documents.
#[derive(Clone, Debug)]
pub struct Step {
    /// How far.
    pub progress: Progress,
    /// The data stream, alias or index that the file's lines go to.
    pub target: Arc<str>,
}

/// A document that an earlier run may have sent already.
#[derive(Clone, Debug)]
pub struct Doubt {
    /// Which, counted from 0.
    pub item: u32,
    /// The write index at the time when it was first sent; empty if there was none, or it was not known.
    pub since: Arc<str>,
}

/// A full batch. When it is dropped, its buffer and its part of the budget go back to the pool.
#[derive(Debug)]
pub struct Batch {
    target: Arc<str>,
    body: Bytes,
    ends: Vec<u32>,
    datasets: Vec<Dataset>,
    /// The targets of its documents; the first is the batch's own.
    pub targets: Vec<Arc<str>>,
    /// The files whose lines are in it.
    pub steps: Vec<Step>,
    /// Documents that an earlier run may have sent, in their order.
    pub doubtful: Vec<Doubt>,
    /// Since when the oldest of its lines waits.
    pub since: Since,
    charge: Charge,
}

impl Batch {
    /// The target in the request's URL.
    #[must_use]
    pub fn target(&self) -> &Arc<str> {
        &self.target
    }

    /// Documents.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there is no document, only positions.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// All items, as NDJSON.
    #[must_use]
    pub fn body(&self) -> &Bytes {
        &self.body
    }

    /// Action line and document of an item, each with the end of its line.
    ///
    /// # Panics
    /// There is no such item.
    #[must_use]
    pub fn item(&self, item: u32) -> &[u8] {
        &self.body[self.range(item)]
    }

    /// Bytes of an item in the request.
    ///
    /// # Panics
    /// There is no such item.
    #[must_use]
    pub fn size(&self, item: u32) -> usize {
        self.range(item).len()
    }

    /// The document of an item.
    ///
    /// # Panics
    /// There is no such item.
    #[must_use]
    pub fn document(&self, item: u32) -> &[u8] {
        action::split(self.item(item)).1
    }

    /// The id of an item, as its action line has it.
    ///
    /// # Panics
    /// There is no such item.
    #[must_use]
    pub fn id(&self, item: u32) -> &str {
        action::id(action::split(self.item(item)).0)
    }

    /// Whose log an item belongs to.
    ///
    /// # Panics
    /// There is no such item.
    #[must_use]
    pub fn dataset(&self, item: u32) -> Dataset {
        self.datasets[item as usize]
    }

    /// Where an item goes.
    ///
    /// # Panics
    /// There is no such item.
    #[must_use]
    pub fn target_of(&self, item: u32) -> &str {
        action::index(action::split(self.item(item)).0).unwrap_or(&self.target)
    }

    fn range(&self, item: u32) -> std::ops::Range<usize> {
        let item = item as usize;
        let start = if item == 0 { 0 } else { self.ends[item - 1] };
        start as usize..self.ends[item] as usize
    }
}

impl Drop for Batch {
    fn drop(&mut self) {
        // Whoever sent it may still hold a part; then the buffer is freed later, and the pool makes a new one.
        if let Ok(body) = std::mem::take(&mut self.body).try_into_mut() {
            self.charge.put_back(body.into());
        }
    }
}

#[cfg(test)]
mod tests;
