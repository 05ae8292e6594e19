//! Files that are seen again, under another name or nowhere.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use super::arrange::refuse;
use super::chain::{Chain, ChainId};
use super::origin::{Known, Origin, Undecided};
use super::reader::Reader;
use crate::discover::SourceId;
use crate::place::FileKey;
use crate::source::Source;
use crate::tail::{Candidate, Followed, Patience};

impl Reader {
    pub(super) fn seen(&mut self, (origin, source): (SourceId, &str), key: FileKey, rank: u32, path: &Arc<Path>) {
        let Some(id) = self.homes.get(&key).copied() else { return };
        // A finder that began anew has another number for the source, and a plain file has another source by another name.
        if self.chains.get(&id).is_some_and(|chain| chain.origin != Some(origin)) {
            self.move_to(id, origin);
        }
        let Some(chain) = self.chains.get_mut(&id) else { return };
        chain.unlisted = None;
        if chain.rename(key, rank, path)
            && let Err(error) = self.register.renamed(key, source, path)
        {
            refuse(path, &error);
        }
    }

    /// Considers a file again whose content is another one now.
    pub(super) fn reconsider(&mut self, id: SourceId, source: &str, file: Followed, rank: u32) {
        let (path, stamp, content) = file.into_parts();
        let original = rank == 0 && source.starts_with("container/");
        let candidate = Candidate { source: source.into(), path, stamp, content, original };
        self.decide(id, Undecided::new(candidate, rank), Patience::More);
    }

    /// The same for one that has no name any more: its source is one that no finder tells of.
    pub(super) fn reconsider_gone(&mut self, id: ChainId, source: Arc<Source>, file: Followed, rank: u32) {
        let origin = SourceId(self.next_gone);
        self.next_gone = self.next_gone.wrapping_sub(1);
        let chain = self.chains.get_mut(&id);
        let chains = chain.map(|chain| (chain.origin = Some(origin), id).1).into_iter().collect();
        let name = source.name.clone();
        self.origins.insert(origin, Origin { source: Known::Wanted(source), chains, ..Origin::new() });
        self.reconsider(origin, &name, file, rank);
        self.gone(origin);
    }

    /// A chain is none of its source's any more.
    pub(super) fn take_from_origin(&mut self, id: ChainId) {
        let origin = self.chains.get_mut(&id).and_then(|chain| chain.origin.take());
        if let Some(origin) = origin.and_then(|origin| self.origins.get_mut(&origin)) {
            origin.chains.retain(|chain| *chain != id);
        }
    }

    /// A source's folder, or its file, is gone; what was opened is read to its end.
    pub(super) fn gone(&mut self, id: SourceId) {
        self.give_up_what_is_short(id);
        let Some(origin) = self.origins.get_mut(&id) else { return };
        origin.gone = true;
        let chains = std::mem::take(&mut origin.chains);
        // What looks like a copy lies in the same folder as the other one, which is open.
        let is_container = origin.is_container();
        if origin.undecided.iter().all(|waiting| is_container && waiting.is_copy()) {
            self.forget_origin(id);
        }
        for chain in chains {
            match self.other_origin(chain, id) {
                Some(other) => self.move_to(chain, other),
                None => self.is_in_no_listing(chain),
            }
        }
    }

    /// Another source that has the same file, under another name.
    fn other_origin(&self, id: ChainId, than: SourceId) -> Option<SourceId> {
        let chain = self.chains.get(&id).filter(|chain| !chain.is_container())?;
        let stamp = chain.files.front()?.file.stamp;
        let has = |origin: &Origin| origin.lie.iter().any(|(lies, _)| *lies == stamp);
        self.origins
            .iter()
            .find(|(other, origin)| **other != than && !origin.gone && has(origin))
            .map(|(other, _)| *other)
    }

    pub(super) fn move_to(&mut self, id: ChainId, origin: SourceId) {
        self.take_from_origin(id);
        self.origins.entry(origin).or_insert_with(Origin::new).chains.push(id);
        if let Some(chain) = self.chains.get_mut(&id) {
            chain.origin = Some(origin);
        }
        // What was written before this finder watched was told by nobody.
        self.enqueue(id);
    }

    pub(super) fn forget_origin(&mut self, id: SourceId) {
        for waiting in self.origins.remove(&id).into_iter().flat_map(|origin| origin.undecided) {
            self.undecided.remove(&waiting.candidate.stamp);
        }
    }

    fn is_in_no_listing(&mut self, id: ChainId) {
        if let Some(chain) = self.chains.get_mut(&id) {
            chain.origin = None;
            chain.unlisted.get_or_insert_with(Instant::now);
        }
        self.enqueue(id);
    }

    /// Everything has been listed: chains that no source has are those of files that are gone.
    pub(super) fn complete(&mut self) {
        self.complete = true;
        let is_gone = |id: &ChainId, chain: &Chain| chain.origin.is_none() && self.input != Some(*id);
        let gone = self.chains.iter().filter(|(id, chain)| is_gone(id, chain));
        let gone: Vec<ChainId> = gone.map(|(id, _)| *id).collect();
        for id in gone {
            self.is_in_no_listing(id);
        }
    }
}
