//! Sources and their files: which are followed, and in which order.

use std::collections::{HashMap, VecDeque};
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use super::Treatment;
use super::chain::{Chain, ChainId, Part};
use super::origin::{Known, Origin, Undecided};
use super::reader::Reader;
use super::writer::Imprint;
use crate::checkpoint;
use crate::discover::{Listed, SourceId, Stamp, Unwatched};
use crate::docker::{Cut, Joiner};
use crate::place::{FileKey, OpenLines};
use crate::source::Source;
use crate::tail::{Candidate, Content, Followed, Patience};

impl Reader {
    /// A source is known, or better known.
    pub(super) fn introduce(&mut self, id: SourceId, source: &Arc<Source>) {
        let wanted = self.treatment.wants(source);
        // A container has one chain: a second one would not know of the lines that are open in the first.
        let before = self.homeless.remove(&source.name).filter(|chain| self.chains.contains_key(chain));
        let origin = self.origins.entry(id).or_insert_with(Origin::new);
        origin.chains.extend(before);
        let pending = std::mem::take(&mut origin.pending);
        let chains = origin.chains.clone();
        before.and_then(|before| self.chains.get_mut(&before)).into_iter().for_each(|chain| chain.origin = Some(id));
        if !wanted {
            origin.source = Known::Unwanted;
            // Nobody reads on, so what of it vanishes is not missed.
            for chain in chains {
                self.lay_down(chain);
            }
            let left: Vec<FileKey> = self.register.resting_of(&source.name).collect();
            for file in left {
                self.write_off(file);
            }
            return;
        }
        origin.source = Known::Wanted(Arc::clone(source));
        for chain in chains {
            self.describe_again(chain, source);
            // What was written before the finder watched was told by nobody.
            self.enqueue(chain);
        }
        self.arrange(id, source, pending);
    }

    fn describe_again(&mut self, id: ChainId, source: &Arc<Source>) {
        let Some(chain) = self.chains.get_mut(&id) else { return };
        chain.source = Arc::clone(source);
        chain.joiner.joins_by(source.hints.multiline.clone());
        for Part { file, imprint, .. } in &mut chain.files {
            *imprint = Imprint::new(&self.options.agent, source, &file.path, &self.options.target, &file.before);
        }
    }

    /// The files of a source.
    pub(super) fn list(&mut self, id: SourceId, files: Vec<Listed>, missed: u32) {
        if missed > 0 {
            self.miss(missed.into(), 0);
            tracing::warn!(count = missed, "files were rotated away before they could be opened: lines are missing");
        }
        let origin = self.origins.entry(id).or_insert_with(Origin::new);
        match origin.source.clone() {
            Known::Wanted(source) => self.arrange(id, &source, files),
            Known::NotYet => origin.wait(files),
            Known::Unwanted => {}
        }
    }

    fn arrange(&mut self, id: SourceId, source: &Arc<Source>, files: Vec<Listed>) {
        self.rank(id, source, &files);
        if let Some(origin) = self.origins.get_mut(&id) {
            origin.lie = files.iter().map(|listed| (listed.stamp, listed.rank)).collect();
        }
        // What was too short may be whole by now, and among what is new may be a copy of it.
        self.judge_short(id);
        for Listed { path, stamp, rank, compressed, file, waits } in files {
            let path: Arc<Path> = path.into();
            if let Some(key) = self.register.followed(&source.name, stamp) {
                self.seen((id, &source.name), key, rank, &path);
            } else if let Some(file) = file {
                let content = Content::new(file, compressed);
                let name = source.name.as_str().into();
                let original = rank == 0 && !compressed && source.container.is_some();
                let candidate = Candidate { source: name, path, stamp, content, original };
                if source.container.is_none() {
                    self.is_elsewhere_no_more(stamp);
                }
                self.supersede(id, rank);
                self.decide(id, Undecided::new(candidate, rank), Patience::More);
            } else if let Some(waiting) = self.waiting(id, stamp) {
                (waiting.rank, waiting.candidate.path) = (rank, path);
            } else if !waits {
                self.still_there(&source.name, stamp, &path);
            }
        }
        self.reread_what_goes_on(id);
    }

    /// Where files lie now, before any of them is decided on: each takes its place by that.
    fn rank(&mut self, id: SourceId, source: &Source, files: &[Listed]) {
        let Some(origin) = self.origins.get_mut(&id) else { return };
        let listed: HashMap<Stamp, u32> = files.iter().map(|listed| (listed.stamp, listed.rank)).collect();
        if source.container.is_some() {
            for waiting in &mut origin.undecided {
                waiting.rank = listed.get(&waiting.candidate.stamp).copied().unwrap_or_else(|| {
                    let chains = origin.chains.iter().filter_map(|chain| self.chains.get(chain));
                    chains.map(|chain| chain.rank_between(waiting.rank, &listed)).min().unwrap_or(u32::MAX)
                });
            }
        }
        for chain in &origin.chains {
            let Some(chain) = self.chains.get_mut(chain) else { continue };
            chain.rank(&listed);
            // A plain file that was renamed or removed gets no more than its writer still has to say.
            if source.container.is_none() && chain.files.iter().all(|part| part.rank == u32::MAX) {
                chain.unlisted.get_or_insert_with(Instant::now);
            }
        }
    }

    pub(super) fn follow(&mut self, id: SourceId, file: Followed, rank: u32) {
        self.orphans.retain(|orphan| orphan.key != file.key);
        let Some(origin) = self.origins.get(&id) else { return };
        let Known::Wanted(source) = origin.source.clone() else { return };
        let is_gone = origin.gone;
        let id = match origin.chains.first() {
            Some(chain) if source.container.is_some() => *chain,
            _ => self.begin_chain(id, &source, file.key),
        };
        self.metrics.files_followed.increment(1.0);
        let imprint = Imprint::new(&self.options.agent, &source, &file.path, &self.options.target, &file.before);
        if let Some(chain) = self.chains.get_mut(&id) {
            let is_container = source.container.is_some();
            let cuts = file.before.cuts.iter().map(|cut| known_cut(*cut, is_container));
            chain.joiner.knows(cuts, file.before.progress);
            self.homes.insert(file.key, id);
            chain.insert(Part { file, imprint, rank });
            if is_gone {
                chain.unlisted = Some(Instant::now());
            }
        }
        self.enqueue(id);
    }

    /// The chain of a file that has none. Whoever followed its lines before, they go to the same lane as ever, or they could
    /// overtake each other.
    pub(super) fn begin_chain(&mut self, id: SourceId, source: &Arc<Source>, file: FileKey) -> ChainId {
        let chain = ChainId(self.next_chain);
        self.next_chain = self.next_chain.wrapping_add(1);
        let pattern = source.hints.multiline.clone();
        let joiner = Joiner::new(self.options.joining, pattern, Vec::new());
        let first = if source.container.is_some() { self.register.first_of(&source.name) } else { None };
        let lane = self.lane(source, first.unwrap_or(file), chain);
        let (files, ended) = (VecDeque::new(), Vec::new());
        let (source, origin, read) = (Arc::clone(source), Some(id), Instant::now());
        let begun =
            Chain { source, origin, lane, joiner, files, ended, queued: false, waits: None, read, unlisted: None };
        self.chains.insert(chain, begun);
        if let Some(origin) = self.origins.get_mut(&id) {
            origin.chains.push(chain);
        }
        chain
    }

    /// A line that was open when an earlier run ended may go on in the files after the one in which it began.
    fn reread_what_goes_on(&mut self, id: SourceId) {
        let chains = self.origins.get(&id).map(|origin| origin.chains.clone()).unwrap_or_default();
        for chain in chains {
            let Some(chain) = self.chains.get_mut(&chain) else { continue };
            let mut open = false;
            for Part { file, .. } in &mut chain.files {
                if open && file.is_resumed() {
                    file.reread();
                }
                open |= file.open_before() != OpenLines::default();
            }
        }
    }

    pub(super) fn unwatched(&mut self, why: Unwatched) {
        self.metrics.watch_overflows.increment(1);
        match why {
            Unwatched::Overflow => {
                tracing::warn!("the kernel's queue of file events overflowed: everything is looked at");
            }
            Unwatched::Limit => tracing::warn!(
                "the kernel allows no more watches: folders are looked through instead; raise fs.inotify.max_user_watches \
                 or fs.inotify.max_user_instances"
            ),
        }
    }

    /// The settings have changed: how lines are treated from now on, and which containers are wanted. A new finder tells
    /// of all sources again.
    pub(super) fn treat(&mut self, treatment: Treatment) {
        self.writer.set_masker(Arc::clone(&treatment.masker));
        self.treatment = treatment;
        self.origins.clear();
        self.undecided.clear();
        self.chains.values_mut().for_each(|chain| chain.origin = None);
        let unwanted = |chain: &Chain| !self.treatment.wants(&chain.source);
        let ids: Vec<ChainId> = self.chains.iter().filter(|(_, chain)| unwanted(chain)).map(|(id, _)| *id).collect();
        for id in ids {
            self.lay_down(id);
        }
        let containers = self.chains.iter().filter(|(_, chain)| chain.is_container());
        self.homeless = containers.map(|(id, chain)| (chain.source.name.clone(), *id)).collect();
    }
}

/// A plain file has no outputs.
fn known_cut(cut: checkpoint::Cut, is_container: bool) -> Cut {
    let checkpoint::Cut { stream, start, end } = cut;
    Cut { stream: is_container.then_some(stream), start, end }
}

pub(super) fn refuse(path: &Path, error: &io::Error) {
    tracing::warn!(file = %path.display(), error = %error, "a file cannot be followed; it is tried again");
}
