//! Files of which it is not known yet which they are: when each is looked at again, and until when.

use std::collections::HashMap;
use std::io;
use std::path::Path;
use std::time::Instant;

use super::arrange::refuse;
use super::chain::{Chain, ChainId, Part};
use super::origin::{Undecided, Why};
use super::reader::Reader;
use super::upkeep::LINGER;
use crate::checkpoint::Identity;
use crate::discover::{SourceId, Stamp};
use crate::place::FileKey;
use crate::tail::{Followed, Neighbours, Patience, Verdict};

impl Reader {
    /// A plain file that was renamed is another source's: it must not be decided for the old one as well.
    pub(super) fn is_elsewhere_no_more(&mut self, stamp: Stamp) {
        let origin = self.undecided.remove(&stamp).and_then(|id| self.origins.get_mut(&id));
        if let Some(origin) = origin {
            origin.undecided.retain(|waiting| waiting.candidate.stamp != stamp);
        }
    }

    pub(super) fn waiting(&mut self, id: SourceId, stamp: Stamp) -> Option<&mut Undecided> {
        self.origins.get_mut(&id)?.undecided.iter_mut().find(|waiting| waiting.candidate.stamp == stamp)
    }

    /// Files that have too little content, and one of the rank `newer` after them, get no more.
    pub(super) fn supersede(&mut self, id: SourceId, newer: u32) {
        let patience = |short: &Undecided| if short.rank > newer { Patience::Over } else { Patience::More };
        self.judge_again(id, |waiting| !waiting.is_copy(), patience);
    }

    /// What has too little content gets no more. What looks like a copy waits on: it may turn up under another name.
    pub(super) fn give_up_what_is_short(&mut self, id: SourceId) {
        self.judge_again(id, |waiting| !waiting.is_copy(), |_| Patience::Over);
    }

    /// Looks again at what was too short, which may have grown.
    pub(super) fn judge_short(&mut self, id: SourceId) {
        self.judge_again(id, |waiting| !waiting.is_copy(), Undecided::patience);
    }

    /// Looks again at what looks like a copy. That may mean to unpack it, and only time or the end of the other file
    /// changes anything.
    pub(super) fn judge_copies(&mut self, id: SourceId) {
        self.judge_again(id, Undecided::is_copy, Undecided::patience);
    }

    /// Decides what is undecided: everything, or what it is time for.
    pub(super) fn judge_all(&mut self, patience: Patience) {
        for id in self.undecided_sources() {
            match patience {
                Patience::More => self.judge_again(id, Undecided::is_due, Undecided::patience),
                Patience::Over => self.judge_again(id, |_| true, |_| Patience::Over),
            }
        }
    }

    /// Those with something undecided, in the order in which they turned up.
    fn undecided_sources(&self) -> Vec<SourceId> {
        let mut ids: Vec<SourceId> = self.undecided.values().copied().collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    fn judge_again(
        &mut self,
        id: SourceId,
        which: impl Fn(&Undecided) -> bool,
        patience: impl Fn(&Undecided) -> Patience,
    ) {
        let Some(origin) = self.origins.get_mut(&id) else { return };
        let chosen: Vec<Undecided> = origin.undecided.extract_if(.., |waiting| which(waiting)).collect();
        for undecided in chosen {
            let patience = patience(&undecided);
            self.decide(id, undecided, patience);
        }
        if self.origins.get(&id).is_some_and(|origin| origin.gone && origin.undecided.is_empty()) {
            self.forget_origin(id);
        }
    }

    pub(super) fn decide(&mut self, id: SourceId, undecided: Undecided, patience: Patience) {
        let Undecided { candidate, rank, since, stored, .. } = undecided;
        self.undecided.remove(&candidate.stamp);
        let lie = self.origins.get(&id).map(|origin| &origin.lie[..]).unwrap_or_default();
        let neighbours = Surroundings { chains: &self.chains, homes: &self.homes, lie };
        // Before the look: what comes during it is seen by the next one.
        let now_stored = candidate.content.stored().unwrap_or_default();
        let (candidate, why) = match self.register.judge(candidate, rank, patience, &neighbours) {
            Verdict::Follow(file) => return self.follow(id, *file, rank),
            Verdict::TooShort(candidate) => (candidate, Why::Short),
            Verdict::Copy(candidate) => (candidate, Why::Copy),
            Verdict::NotKept(candidate, error) => {
                tracing::warn!(error = %error, "the state cannot be written: a file is not read before it can");
                (candidate, Why::NotKept)
            }
            Verdict::Unreadable(candidate, error) if patience == Patience::Over => {
                return self.give_up_reading(&candidate.path, &error);
            }
            Verdict::Unreadable(candidate, error) => {
                refuse(&candidate.path, &error);
                (candidate, Why::Unreadable)
            }
        };
        let now = Instant::now();
        // What is still being compressed is not stuck.
        let since = if candidate.content.is_final() && stored != now_stored { now } else { since };
        self.wait(id, Undecided { candidate: *candidate, rank, since, looked: now, stored: now_stored, why });
    }

    fn give_up_reading(&mut self, path: &Path, error: &io::Error) {
        self.miss(1, 0);
        tracing::warn!(file = %path.display(), error = %error, "a file cannot be read: lines are missing");
    }

    /// A file of a source that is gone has no name, and what nobody has written into it for so long nobody will.
    fn wait(&mut self, id: SourceId, undecided: Undecided) {
        let Some(origin) = self.origins.get_mut(&id) else { return };
        let is_over = origin.gone && undecided.why == Why::Short && undecided.since.elapsed() > LINGER;
        if !is_over {
            self.undecided.insert(undecided.candidate.stamp, id);
            origin.undecided.push(undecided);
        }
    }

    /// Files that were found and wait for the state to be written, and their bytes.
    pub(super) fn not_kept(&self) -> (u64, u64) {
        let waiting = self.origins.values().flat_map(|origin| &origin.undecided);
        let not_kept = waiting.filter(|waiting| waiting.why == Why::NotKept);
        not_kept.fold((0, 0), |(files, bytes), waiting| (files + 1, bytes + waiting.stored))
    }
}

#[cfg(test)]
impl Reader {
    /// Looks again at all that is undecided, as after some time.
    pub(super) fn judge_now(&mut self) {
        for id in self.undecided_sources() {
            self.judge_again(id, |_| true, Undecided::patience);
        }
    }
}

/// The files that are followed, and where those of a source lie.
struct Surroundings<'a> {
    chains: &'a HashMap<ChainId, Chain>,
    homes: &'a HashMap<FileKey, ChainId>,
    lie: &'a [(Stamp, u32)],
}

impl Surroundings<'_> {
    fn part(&self, key: FileKey) -> Option<&Part> {
        self.chains.get(self.homes.get(&key)?)?.part(key)
    }
}

impl Neighbours for Surroundings<'_> {
    fn followed(&self, key: FileKey) -> Option<&Followed> {
        self.part(key).map(|part| &part.file)
    }

    fn rank(&self, key: FileKey, identity: &Identity) -> Option<u32> {
        let is_there = |stamp: &Stamp| (stamp.device, stamp.inode) == (identity.device, identity.inode);
        let lies = self.lie.iter().find(|(stamp, _)| is_there(stamp)).map(|(_, rank)| *rank);
        self.part(key).map(|part| part.rank).or(lies)
    }
}
