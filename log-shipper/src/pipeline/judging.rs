//! Files of which it is not known yet which they are: when each is looked at again, and until when.

use std::collections::HashMap;
use std::sync::Arc;

use super::arrange::refuse;
use super::chain::{Chain, ChainId, Part};
use super::origin::Undecided;
use super::reader::Reader;
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
        self.judge_again(id, |waiting| !waiting.is_copy, patience);
    }

    /// What has too little content gets no more. What looks like a copy waits on: it may turn up under another name.
    pub(super) fn give_up_what_is_short(&mut self, id: SourceId) {
        self.judge_again(id, |waiting| !waiting.is_copy, |_| Patience::Over);
    }

    /// Looks again at what was too short, which may have grown.
    pub(super) fn judge_short(&mut self, id: SourceId) {
        self.judge_again(id, |waiting| !waiting.is_copy, Undecided::patience);
    }

    /// Looks again at what looks like a copy. That may mean to unpack it, and only time or the end of the other file
    /// changes anything.
    pub(super) fn judge_copies(&mut self, id: SourceId) {
        self.judge_again(id, |waiting| waiting.is_copy, Undecided::patience);
    }

    /// Decides everything that is undecided.
    pub(super) fn judge_all(&mut self, patience: Patience) {
        let mut ids: Vec<SourceId> = self.undecided.values().copied().collect();
        ids.sort_unstable();
        ids.dedup();
        let patience = |waiting: &Undecided| if patience == Patience::Over { patience } else { waiting.patience() };
        for id in ids {
            self.judge_again(id, |_| true, patience);
        }
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
        let Undecided { candidate, rank, since, .. } = undecided;
        self.undecided.remove(&candidate.stamp);
        let lie = self.origins.get(&id).map(|origin| &origin.lie[..]).unwrap_or_default();
        let neighbours = Surroundings { chains: &self.chains, homes: &self.homes, lie };
        let path = Arc::clone(&candidate.path);
        match self.register.judge(candidate, rank, patience, &neighbours) {
            Ok(Verdict::Follow(file)) => self.follow(id, *file, rank),
            Ok(Verdict::TooShort(candidate)) => {
                self.wait(id, Undecided { candidate: *candidate, rank, since, is_copy: false });
            }
            Ok(Verdict::NotKept(candidate, error)) => {
                tracing::warn!(error = %error, "the state cannot be written: a file is not read before it can");
                self.wait(id, Undecided { candidate: *candidate, rank, since, is_copy: false });
            }
            Ok(Verdict::Copy(candidate)) => {
                self.wait(id, Undecided { candidate: *candidate, rank, since, is_copy: true });
            }
            Err(error) => refuse(&path, &error),
        }
    }

    fn wait(&mut self, id: SourceId, undecided: Undecided) {
        if let Some(origin) = self.origins.get_mut(&id) {
            self.undecided.insert(undecided.candidate.stamp, id);
            origin.undecided.push(undecided);
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
