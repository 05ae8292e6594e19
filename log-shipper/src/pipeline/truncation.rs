//! Files that begin anew because they were truncated, and the copies that have what was in them.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::chain::{Chain, ChainId};
use super::ends::End;
use super::reader::Reader;
use crate::place::FileKey;

/// For how long the rest of a truncated file may turn up in a copy.
const ORPHAN: Duration = Duration::from_secs(15);

/// A file that was truncated before all of it was read.
pub(super) struct Orphan {
    pub(super) key: FileKey,
    bytes: u64,
    since: Instant,
}

impl Reader {
    /// The first file was truncated, or its content is another one: it begins anew.
    pub(super) fn replaced(&mut self, id: ChainId) {
        if !self.has_room(id) {
            return;
        }
        let Some(chain) = self.chains.get(&id) else { return };
        let (rank, source) = (chain.files.front().map_or(0, |part| part.rank), Arc::clone(&chain.source));
        let origin = chain.origin;
        let Some(file) = self.end_first(id) else { return };
        let (key, unread) = (file.key, file.behind());
        tracing::info!(file = %file.path.display(), bytes = unread, "a file was truncated; it is read from its beginning");
        if unread > 0 {
            self.orphans.push(Orphan { key, bytes: unread, since: Instant::now() });
        }
        if !self.chains.get(&id).is_some_and(Chain::is_container) {
            self.end_lines(id, End::All);
        }
        self.note_progress(id);
        self.remove_empty(id);
        if let Some(origin) = origin {
            // A copy has what was not read of it.
            self.judge_copies(origin);
            self.reconsider(origin, &source.name, file, rank);
        } else {
            self.reconsider_gone(id, source, file, rank);
        }
    }

    pub(super) fn give_up_orphans(&mut self, now: Instant) {
        let is_over = |orphan: &mut Orphan| now.saturating_duration_since(orphan.since) >= ORPHAN;
        let gone: Vec<Orphan> = self.orphans.extract_if(.., is_over).collect();
        for Orphan { key, bytes, .. } in gone {
            self.miss(0, bytes);
            self.write_off(key);
            tracing::warn!(bytes, "a file was truncated before it was read to its end: lines are missing");
        }
    }
}
