//! All that is known, in memory; the log's records and the program's calls change it in the same way.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::known::{Cut, Identity, Known, Sent};
use super::record::{Fixed, Names, Record};
use crate::place::{FileKey, Progress};

/// So many indices are kept for one file's lines in doubt: each more takes a rollover while nothing is acknowledged.
const MAX_SENT: usize = 16;

/// So many lines of one file may be cut and not acknowledged; each takes a time-out.
pub(super) const MAX_CUTS: usize = 4_096;

/// Bound for the record that says when a file was last there, if nothing else about it changes.
const SEEN_AGAIN: u64 = 3_600;

/// What the records of a file take without its names, if there is nothing in doubt.
const FACTS_BYTES: usize = 160;

/// Files by key.
#[derive(Default)]
pub(super) struct Table {
    files: HashMap<FileKey, Box<Known>>,
    /// The key that the next file gets; never one that a record ever had.
    pub(super) next: u32,
    /// Sources and indices; files share them.
    names: HashSet<Arc<str>>,
}

impl Table {
    /// An empty one that gives keys from `next` on.
    pub(super) fn starting_at(next: u32) -> Self {
        Self { next, ..Self::default() }
    }

    pub(super) fn get(&self, key: FileKey) -> Option<&Known> {
        self.files.get(&key).map(|known| &**known)
    }

    /// Takes a record's fact over; says whether it is about a file that is known.
    pub(super) fn apply(&mut self, record: &Record<'_>) -> bool {
        let file = record.file();
        self.next = self.next.max(file.0.saturating_add(1));
        match record {
            Record::Identity(_, names) => self.identify(file, names),
            Record::Forgotten(_) => return self.files.remove(&file).is_some(),
            Record::Progress(progress, at) => return self.change(file, |known| acknowledge(known, *progress, *at)),
            Record::Sent { upto, index, .. } => {
                let index = self.share(index);
                return self.change(file, |known| send(known, *upto, index));
            }
            Record::Cut(cut) => return self.change(file, |known| add_cut(known, *cut)),
            Record::Seen { size, at, .. } => {
                return self.change(file, |known| (known.size_seen, known.last_seen) = (*size, *at));
            }
        }
        true
    }

    fn change(&mut self, file: FileKey, change: impl FnOnce(&mut Known)) -> bool {
        self.files.get_mut(&file).map(|known| change(known)).is_some()
    }

    fn identify(&mut self, key: FileKey, names: &Names<'_>) {
        let Fixed { device, inode, head, generation, id_prefix, compressed } = names.rest.clone();
        let (source, path) = (self.share(names.source), Arc::from(names.path));
        let identity = Identity { source, path, device, inode, head, generation, id_prefix, compressed };
        match self.files.get_mut(&key) {
            Some(known) => known.identity = identity,
            None => _ = self.files.insert(key, Box::new(new(key, identity))),
        }
    }

    fn share(&mut self, name: &str) -> Arc<str> {
        if let Some(known) = self.names.get(name) {
            return Arc::clone(known);
        }
        let name: Arc<str> = Arc::from(name);
        self.names.insert(Arc::clone(&name));
        name
    }

    /// Whether an intent says anything new.
    pub(super) fn is_news(&self, file: FileKey, upto: u64, index: &str) -> bool {
        let said = |known: &Known| known.sent.iter().any(|sent| sent.upto >= upto && *sent.index == *index);
        self.get(file).is_some_and(|known| upto > known.position() && !said(known))
    }

    /// Whether a look at a file says anything new: another size, or that it is still there.
    pub(super) fn is_sight(&self, file: FileKey, size: u64, at: u64) -> bool {
        self.get(file).is_some_and(|known| known.size_seen != size || at.abs_diff(known.last_seen) >= SEEN_AGAIN)
    }

    /// Everything, by key.
    pub(super) fn all(&self) -> Vec<&Known> {
        let mut all: Vec<_> = self.files.values().map(|known| &**known).collect();
        all.sort_unstable_by_key(|known| known.key);
        all
    }

    /// About how long a log is that says everything once.
    pub(super) fn size(&self) -> u64 {
        let names = |Identity { source, path, .. }: &Identity| source.len() + path.as_os_str().len();
        self.files.values().map(|known| (FACTS_BYTES + names(&known.identity)) as u64).sum()
    }

    /// Gives back names that no file has any more.
    pub(super) fn tidy(&mut self) {
        self.names.retain(|name| Arc::strong_count(name) > 1);
    }
}

/// The records that say all that is known of a file.
pub(super) fn append(known: &Known, out: &mut Vec<u8>) {
    let file = known.key;
    Record::Identity(file, (&known.identity).into()).append(out);
    if let Some(progress) = known.progress {
        Record::Progress(progress, known.last_seen).append(out);
    }
    Record::Seen { file, size: known.size_seen, at: known.last_seen }.append(out);
    for Sent { upto, index } in &known.sent {
        Record::Sent { file, upto: *upto, index }.append(out);
    }
    for cut in &known.cuts {
        Record::Cut(*cut).append(out);
    }
}

fn new(key: FileKey, identity: Identity) -> Known {
    Known { key, identity, progress: None, sent: Vec::new(), cuts: Vec::new(), size_seen: 0, last_seen: 0 }
}

fn acknowledge(known: &mut Known, progress: Progress, at: u64) {
    known.progress = Some(progress);
    known.last_seen = at;
    known.settle();
}

fn send(known: &mut Known, upto: u64, index: Arc<str>) {
    if upto <= known.position() {
        return;
    }
    match known.sent.iter_mut().find(|sent| sent.index == index) {
        Some(sent) => sent.upto = sent.upto.max(upto),
        None => known.sent.push(Sent { upto, index }),
    }
    if known.sent.len() > MAX_SENT {
        known.sent.remove(0);
    }
}

fn add_cut(known: &mut Known, cut: Cut) {
    if !known.cuts.contains(&cut) && known.cuts.len() < MAX_CUTS {
        known.cuts.push(cut);
    }
}
