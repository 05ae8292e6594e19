//! What happens to files that end, begin anew or go, and what is done from time to time.

use std::io;
use std::time::{Duration, Instant};

use super::arrange::refuse;
use super::chain::{Chain, ChainId, Part};
use super::ends::End;
use super::reader::Reader;
use crate::place::OpenLines;
use crate::tail::{Followed, Patience};

/// For how long a plain file that was renamed or deleted is still looked at: its writer may go on.
pub(super) const LINGER: Duration = Duration::from_mins(1);

impl Reader {
    /// The first file has no whole line any more.
    pub(super) fn at_end(&mut self, id: ChainId) {
        let Some(chain) = self.chains.get(&id) else { return };
        let Some(Part { file, .. }) = chain.files.front() else { return };
        if let Some(damage) = file.damage() {
            self.unreadable(id, &damage);
        } else if chain.files.len() > 1 || file.is_final() {
            self.end_file(id);
        } else if let Some(since) = chain.unlisted
            && (chain.is_container() || since.elapsed() > LINGER)
        {
            self.close(id);
        }
    }

    /// The first file gets no more: its last bytes are a line too.
    fn end_file(&mut self, id: ChainId) {
        if !self.has_room(id) || !self.last_line(id) {
            return;
        }
        self.end_first(id);
        self.note_progress(id);
        self.enqueue(id);
        self.remove_empty(id);
    }

    /// Takes the first file out of a chain, and lets it rest.
    pub(super) fn end_first(&mut self, id: ChainId) -> Option<Followed> {
        let file = self.chains.get_mut(&id)?.end_first()?;
        self.homes.remove(&file.key);
        self.metrics.files_followed.decrement(1.0);
        self.register.rest(&file, OpenLines::default());
        self.leave(&file);
        Some(file)
    }

    /// A plain file's chain is over with the file; a container's goes on with the next one.
    pub(super) fn remove_empty(&mut self, id: ChainId) {
        let is_over = |chain: &Chain| !chain.is_container() && chain.files.is_empty();
        if self.chains.get(&id).is_some_and(is_over) && self.has_room(id) && self.end_lines(id, End::All) {
            self.note_progress(id);
            self.lay_down(id);
        }
    }

    /// Whether there is room for a few lines; if not, the chain waits for it.
    pub(super) fn has_room(&mut self, id: ChainId) -> bool {
        let has_room = self.chains.get(&id).is_some_and(|chain| self.desk.batch(chain.lane).is_some());
        if !has_room {
            self.block(id);
        }
        has_room
    }

    /// All files of the chain are gone and read.
    fn close(&mut self, id: ChainId) {
        if self.has_room(id) && self.last_line(id) && self.end_lines(id, End::All) {
            self.note_progress(id);
            self.lay_down(id);
        }
    }

    /// Follows a chain no longer. Where reading would go on is known, also for lines that are open.
    pub(super) fn lay_down(&mut self, id: ChainId) {
        self.take_from_origin(id);
        let Some(chain) = self.chains.remove(&id) else { return };
        self.timed.remove(&id);
        for key in chain.ended.iter().map(|ended| ended.key) {
            self.register.reopen(key, chain.joiner.open_lines(key));
        }
        for Part { file, .. } in chain.files {
            self.homes.remove(&file.key);
            self.metrics.files_followed.decrement(1.0);
            self.register.rest(&file, chain.joiner.open_lines(file.key));
            self.leave(&file);
        }
    }

    /// A file that cannot be read: a damaged compressed one ends, any other is tried again.
    pub(super) fn unreadable(&mut self, id: ChainId, error: &io::Error) {
        let Some(Part { file, .. }) = self.chains.get(&id).and_then(|chain| chain.files.front()) else { return };
        if !file.is_final() {
            refuse(&file.path, error);
            self.failing.insert(id);
        } else if self.has_room(id) {
            self.end_damaged(id, error);
        }
    }

    /// What comes before the damage is sent; how much comes behind it, nobody knows, unless its size was seen before it was
    /// compressed.
    fn end_damaged(&mut self, id: ChainId, error: &io::Error) {
        if !self.last_line(id) {
            return;
        }
        let Some(file) = self.end_first(id) else { return };
        let bytes = file.unread();
        self.miss(1, bytes);
        tracing::warn!(
            file = %file.path.display(),
            bytes,
            error = %error,
            "a file cannot be read to its end: lines are missing"
        );
        self.write_off(file.key);
        self.note_progress(id);
        self.enqueue(id);
        self.remove_empty(id);
    }

    /// Whether everything is read to its end; if not, there is something to do again.
    pub(super) fn drained(&mut self) -> bool {
        self.judge_all(Patience::Over);
        if !self.ready.is_empty() {
            return false;
        }
        let mut ids: Vec<ChainId> = self.chains.keys().copied().collect();
        ids.sort_unstable();
        let mut open = 0;
        for id in ids {
            if !self.has_room(id) {
                return false;
            }
            let is_docker = self.chains.get(&id).is_some_and(Chain::is_container);
            // Docker is in the middle of writing an entry that has no end.
            let is_ended = (is_docker || self.read_last_line(id)) && self.end_lines(id, End::All);
            self.note_progress(id);
            open += u64::from(!is_ended);
        }
        // What waits for the state to be written is read by another run.
        let (files, bytes) = self.not_kept();
        self.miss(files + open, bytes);
        self.report_vanished();
        true
    }

    /// From time to time.
    pub(super) fn tick(&mut self, now: Instant) {
        if !self.draining {
            self.judge_all(Patience::More);
        }
        let unlisted: Vec<ChainId> =
            self.chains.iter().filter(|(_, chain)| chain.unlisted.is_some()).map(|(id, _)| *id).collect();
        for id in unlisted.into_iter().chain(std::mem::take(&mut self.failing)) {
            self.enqueue(id);
        }
        self.give_up_orphans(now);
        self.take_turns();
        self.measure(now);
        self.keep_house(now);
    }
}

#[cfg(test)]
impl Reader {
    /// The time is over for which what was renamed or deleted is looked at.
    pub(super) fn end_lingering(&mut self) {
        let over = Instant::now().checked_sub(2 * LINGER);
        let lingering = self.chains.iter_mut().filter(|(_, chain)| chain.unlisted.is_some());
        let ids: Vec<ChainId> = lingering.map(|(id, chain)| (chain.unlisted = over, *id).1).collect();
        for id in ids {
            self.enqueue(id);
        }
    }
}
