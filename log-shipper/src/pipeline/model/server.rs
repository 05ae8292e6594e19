//! A server that keeps what comes, under ids that are unique within an index, as those of a data stream are.

use std::collections::HashSet;

use serde_json::Value;

use crate::batch::Batch;

/// Such a server.
pub(super) struct Server {
    /// The ids in each index; the last one is written to.
    indices: Vec<HashSet<String>>,
    /// The messages of what is stored, in their order.
    pub messages: Vec<String>,
    /// Documents that came, stored or not.
    pub received: usize,
}

impl Server {
    pub(super) fn new() -> Self {
        Self { indices: vec![HashSet::new()], messages: Vec::new(), received: 0 }
    }

    pub(super) fn roll_over(&mut self) {
        self.indices.push(HashSet::new());
    }

    /// The write index, by its number.
    pub(super) fn current(&self) -> usize {
        self.indices.len() - 1
    }

    /// Its name.
    pub(super) fn name(&self) -> String {
        self.current().to_string()
    }

    /// Stores a batch. What may have been sent before is looked up from the index of that time on; `since` is that of the
    /// first try of all of it.
    pub(super) fn store(&mut self, batch: &Batch, since: usize) {
        for item in (0_u32..).take(batch.len()) {
            self.received += 1;
            let doubt = batch.doubtful.iter().find(|doubt| doubt.item == item);
            let since = doubt.map_or(since, |doubt| doubt.since.parse().unwrap_or(0).min(since));
            let id = batch.id(item);
            if self.indices[since..].iter().any(|index| index.contains(id)) {
                continue;
            }
            let document: Value = serde_json::from_slice(batch.document(item)).unwrap();
            self.messages.push(document["message"].as_str().unwrap().to_owned());
            self.indices.last_mut().unwrap().insert(id.to_owned());
        }
    }
}
