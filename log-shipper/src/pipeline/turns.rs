//! Where more files are there than may be open: those in which there is nothing new are closed, so that others have a turn.

use std::time::Instant;

use super::chain::{Chain, ChainId};
use super::reader::Reader;
use crate::discover::Stamp;

/// So many parts of the limit are freed at once.
const SHARE: usize = 2;

impl Reader {
    /// Makes room if files wait.
    pub(super) fn take_turns(&mut self) {
        if !self.handles.are_scarce() {
            return;
        }
        let wanted = (self.handles.limit() / SHARE).max(1);
        let empty = self.lay_down_empty(wanted);
        let mut idle: Vec<(Instant, ChainId)> = self
            .chains
            .iter()
            .filter(|(id, chain)| self.is_idle(**id, chain))
            .map(|(id, chain)| (chain.read, *id))
            .collect();
        idle.sort_unstable();
        for (stamp, size) in empty.iter().copied() {
            self.undecided.remove(&stamp);
            self.handles.rest(stamp, size);
        }
        for (_, id) in idle.into_iter().take(wanted.saturating_sub(empty.len())) {
            self.close_for_now(id);
        }
    }

    /// Files in which there is nothing yet, until there are so many.
    fn lay_down_empty(&mut self, wanted: usize) -> Vec<(Stamp, u64)> {
        let mut empty = Vec::new();
        for origin in self.origins.values_mut() {
            if empty.len() >= wanted {
                break;
            }
            empty.extend(origin.lay_down_empty());
        }
        empty
    }

    /// Whether all that is there was read, as far as lines are whole, and no later file can have the rest of one.
    fn is_idle(&self, id: ChainId, chain: &Chain) -> bool {
        let is_done = |chain: &Chain| chain.files.len() == 1 && chain.files[0].file.is_still();
        self.input != Some(id)
            && !self.timed.contains(&id)
            && !chain.queued
            && chain.unlisted.is_none()
            && is_done(chain)
    }

    fn close_for_now(&mut self, id: ChainId) {
        let files = self.chains.get(&id).into_iter().flat_map(|chain| &chain.files);
        let files: Vec<(Stamp, u64)> = files.map(|part| (part.file.stamp, part.file.size())).collect();
        self.lay_down(id);
        for (stamp, size) in files {
            self.handles.rest(stamp, size);
        }
    }
}
