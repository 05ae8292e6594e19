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
        for origin in self.origins.values_mut() {
            origin.undecided.retain(|waiting| waiting.candidate.stamp != stamp);
        }
    }

    pub(super) fn undecided(&mut self, id: SourceId, stamp: Stamp) -> Option<&mut Undecided> {
        self.origins.get_mut(&id)?.undecided.iter_mut().find(|waiting| waiting.candidate.stamp == stamp)
    }

    /// Files that have too little content, and one of the rank `newer` after them, get no more.
    pub(super) fn supersede(&mut self, id: SourceId, newer: u32) {
        let Some(origin) = self.origins.get_mut(&id) else { return };
        let short: Vec<Undecided> = origin.undecided.extract_if(.., |waiting| !waiting.is_copy).collect();
        for undecided in short {
            let patience = if undecided.rank > newer { Patience::Over } else { Patience::More };
            self.decide(id, undecided, patience);
        }
    }

    /// What has too little content gets no more.
    fn give_up_waiting(&mut self, id: SourceId) {
        let Some(origin) = self.origins.get_mut(&id) else { return };
        for undecided in std::mem::take(&mut origin.undecided) {
            self.decide(id, undecided, Patience::Over);
        }
    }

    /// The same, but what looks like a copy waits on: it may turn up under another name.
    pub(super) fn give_up_what_is_short(&mut self, id: SourceId) {
        let Some(origin) = self.origins.get_mut(&id) else { return };
        let short: Vec<Undecided> = origin.undecided.extract_if(.., |waiting| !waiting.is_copy).collect();
        for undecided in short {
            self.decide(id, undecided, Patience::Over);
        }
    }

    /// Looks again at what was too short, which may have grown.
    pub(super) fn judge_short(&mut self, id: SourceId) {
        self.judge_again(id, |waiting| !waiting.is_copy);
    }

    /// Looks again at what looks like a copy. That may mean to unpack it, and only time or the end of the other file
    /// changes anything.
    pub(super) fn judge_copies(&mut self, id: SourceId) {
        self.judge_again(id, |waiting| waiting.is_copy);
    }

    fn judge_again(&mut self, id: SourceId, mut which: impl FnMut(&mut Undecided) -> bool) {
        let Some(origin) = self.origins.get_mut(&id) else { return };
        let chosen: Vec<Undecided> = origin.undecided.extract_if(.., |waiting| which(waiting)).collect();
        for undecided in chosen {
            let patience = undecided.patience();
            self.decide(id, undecided, patience);
        }
        if self.origins.get(&id).is_some_and(|origin| origin.gone && origin.undecided.is_empty()) {
            self.origins.remove(&id);
        }
    }

    /// Decides everything that is undecided.
    pub(super) fn judge_all(&mut self, patience: Patience) {
        let waiting = self.origins.iter().filter(|(_, origin)| !origin.undecided.is_empty());
        let mut ids: Vec<SourceId> = waiting.map(|(id, _)| *id).collect();
        ids.sort_unstable();
        for id in ids {
            match patience {
                Patience::More => self.judge_again(id, |_| true),
                Patience::Over => self.give_up_waiting(id),
            }
        }
    }

    pub(super) fn decide(&mut self, id: SourceId, undecided: Undecided, patience: Patience) {
        let Undecided { candidate, rank, since, .. } = undecided;
        let lie = self.origins.get(&id).map(|origin| &origin.lie[..]).unwrap_or_default();
        let neighbours = Surroundings { chains: &self.chains, lie };
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
            origin.undecided.push(undecided);
        }
    }
}

/// The files that are followed, and where those of a source lie.
struct Surroundings<'a> {
    chains: &'a HashMap<ChainId, Chain>,
    lie: &'a [(Stamp, u32)],
}

impl Surroundings<'_> {
    fn part(&self, key: FileKey) -> Option<&Part> {
        self.chains.values().flat_map(|chain| &chain.files).find(|part| part.file.key == key)
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
