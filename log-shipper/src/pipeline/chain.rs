//! Files whose lines belong together, oldest first: those of a container, or one plain file.

use std::collections::{HashMap, VecDeque};
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use super::writer::{Imprint, Now};
use crate::batch::{Second, Since};
use crate::discover::{SourceId, Stamp};
use crate::docker::{self, Joiner};
use crate::place::{FileKey, OpenLines, Place, Progress, Window};
use crate::source::Source;
use crate::tail::Followed;

/// A chain, by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct ChainId(pub u32);

/// Such files, and what is open between them.
pub(super) struct Chain {
    pub source: Arc<Source>,
    /// Where the finder tells of it; it is in no listing if nothing is said.
    pub origin: Option<SourceId>,
    pub lane: usize,
    pub joiner: Joiner,
    /// The first is the one that is read.
    pub files: VecDeque<Part>,
    /// Files that were read to their end, in which a line began that is not complete.
    pub ended: Vec<Ended>,
    /// It waits to be looked at.
    pub queued: bool,
    /// Since when its next line waits, if there was no room for it.
    pub waits: Option<Since>,
    /// When it was looked at last.
    pub read: Instant,
    /// It is not in any listing: nobody tells of writes, and some day it is over.
    pub unlisted: Option<Instant>,
}

/// A file of a chain.
pub(super) struct Part {
    pub file: Followed,
    pub imprint: Imprint,
    /// Higher for an older one, see [`crate::discover::Listed::rank`].
    pub rank: u32,
}

/// A file that was read to its end.
pub(super) struct Ended {
    pub key: FileKey,
    position: u64,
    window: Window,
    imprint: Imprint,
}

impl Chain {
    pub(super) fn is_container(&self) -> bool {
        self.source.container.is_some()
    }

    /// There is no room for a line, the first one that is not read.
    pub(super) fn wait(&mut self, line: &[u8], now: Now) {
        let entry = if self.is_container() { docker::parse(line) } else { None };
        let second = entry.and_then(|entry| Second::of(entry.time));
        self.waits = Some(match second {
            Some(second) => Since::printed(&second, now.instant, now.timestamp),
            None => self.waits.unwrap_or_else(|| Since::read(now.instant)),
        });
    }

    /// Takes the first file out; what is open in it is remembered.
    pub(super) fn end_first(&mut self) -> Option<Followed> {
        let Part { file, imprint, .. } = self.files.pop_front()?;
        let before = || file.before.progress.map(|before| (before.position, before.window));
        let (position, window) = file.reached().or_else(before).unwrap_or_default();
        self.joiner.ends(file.key);
        self.ended.push(Ended { key: file.key, position, window, imprint });
        Some(file)
    }

    /// How far each file is done, once the first one is read up to there, if anything of it was. Files that ended are told of
    /// until nothing in them is open.
    pub(super) fn progress(&mut self, reached: Option<(u64, Window)>, mut tell: impl FnMut(Progress, &Imprint)) {
        let joiner = &self.joiner;
        self.ended.retain(|ended| {
            let open = joiner.open_lines(ended.key);
            let Ended { key: file, position, window, .. } = *ended;
            tell(Progress { file, position, open, window }, &ended.imprint);
            open != OpenLines::default()
        });
        if let (Some(Part { file, imprint, .. }), Some((position, window))) = (self.files.front(), reached) {
            let open = joiner.open_lines(file.key);
            tell(Progress { file: file.key, position, open, window }, imprint);
        }
    }

    pub(super) fn part(&self, key: FileKey) -> Option<&Part> {
        self.files.iter().find(|part| part.file.key == key)
    }

    /// Puts a file in its place: behind those that are older.
    pub(super) fn insert(&mut self, part: Part) {
        let at = self.files.iter().position(|other| other.rank < part.rank).unwrap_or(self.files.len());
        self.files.insert(at, part);
    }

    /// Notes where its files lie now. Those that lie nowhere any more are older than all that do.
    pub(super) fn rank(&mut self, listed: &HashMap<Stamp, u32>) {
        for part in &mut self.files {
            part.rank = listed.get(&part.file.stamp).copied().unwrap_or(u32::MAX);
        }
    }

    /// The place of a file that lies nowhere any more, and had the rank `before`: it was compressed, or removed, and is
    /// newer than the files that were behind it, wherever they lie now.
    pub(super) fn rank_between(&self, before: u32, listed: &HashMap<Stamp, u32>) -> u32 {
        let older = self.files.iter().filter(|part| part.rank > before);
        let newest = older.filter_map(|part| listed.get(&part.file.stamp)).min();
        newest.map_or(u32::MAX, |rank| rank.saturating_sub(1))
    }

    /// Notes the place and the name of one of its files; whether the name is new.
    pub(super) fn rename(&mut self, key: FileKey, rank: u32, path: &Arc<Path>) -> bool {
        let Some(part) = self.files.iter_mut().find(|part| part.file.key == key) else { return false };
        part.rank = rank;
        let renamed = part.file.path != *path;
        part.file.path = Arc::clone(path);
        renamed
    }
}

/// That of a file among these.
pub(super) fn imprint<'c>(files: &'c VecDeque<Part>, ended: &'c [Ended], file: FileKey) -> &'c Imprint {
    // Usually it is the first one; an older one may have turned up meanwhile.
    let reading = files.iter().find(|part| part.file.key == file).map(|part| &part.imprint);
    let earlier = || ended.iter().find(|ended| ended.key == file).map(|ended| &ended.imprint);
    reading.or_else(earlier).expect("a line begins in a file that is read, or in one where it is still open")
}

/// The place of an offset in a file.
pub(super) fn place(file: FileKey, offset: u64) -> Place {
    Place { file, offset }
}
