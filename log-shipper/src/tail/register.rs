//! Which file is which: finds out whether a file that turned up is one that was followed before, under another name, in
//! another form or in an earlier run.

mod candidate;
mod family;
mod judge;
mod likeness;

use std::collections::HashMap;
use std::io;
use std::path::Path;
use std::sync::Arc;

use super::Followed;
use crate::checkpoint::{Identity, Known, State};
use crate::discover::Stamp;
use crate::document::IdPrefix;
use crate::place::{FileKey, OpenLines, Progress, Window};

use family::{Family, Site, site};

pub use candidate::{Candidate, Patience, Verdict};
pub use judge::Neighbours;

/// All files that are known, whether they are followed now or not.
pub struct Register {
    state: Arc<State>,
    files: HashMap<FileKey, Entry>,
    families: HashMap<Box<str>, Family>,
    /// Plain files by where they were met, in whatever folder.
    sites: HashMap<Site, Vec<FileKey>>,
}

struct Entry {
    known: Known,
    followed: bool,
    /// It was followed in this run, is no more, and still held what was read: nobody needs a copy of it.
    rested: bool,
}

impl Register {
    /// Begins with what the state folder knows.
    #[must_use]
    pub fn new(state: Arc<State>, known: Vec<Known>) -> Self {
        let mut register = Self { state, files: HashMap::new(), families: HashMap::new(), sites: HashMap::new() };
        for known in known {
            register.add(known, false);
        }
        register
    }

    /// What is known and not followed now.
    pub fn resting(&self) -> impl Iterator<Item = &Known> {
        self.files.values().filter(|entry| !entry.followed).map(|entry| &entry.known)
    }

    /// Those of a container, or of a plain file and those beside it.
    pub fn resting_of(&self, source: &str) -> impl Iterator<Item = FileKey> {
        self.family(source).flat_map(Family::all).filter(|key| !self.files[key].followed)
    }

    /// The file of a container that has been known for longest.
    #[must_use]
    pub fn first_of(&self, source: &str) -> Option<FileKey> {
        self.family(source).flat_map(Family::all).min()
    }

    /// The known file that has this inode, if it is followed; a plain one, whatever folder it was in.
    #[must_use]
    pub fn followed(&self, source: &str, stamp: Stamp) -> Option<FileKey> {
        self.at(source, stamp).chain(self.here(source, stamp)).find(|key| self.files[key].followed)
    }

    /// The known file that has this inode, if it is not followed.
    #[must_use]
    pub fn resting_at(&self, source: &str, stamp: Stamp) -> Option<FileKey> {
        self.at(source, stamp).find(|key| !self.files[key].followed)
    }

    /// Takes a file out of what is followed; a copy of it, or the file itself, is followed from there. `open` are the lines
    /// that are open in it and that nobody will end.
    pub fn rest(&mut self, file: &Followed, open: OpenLines) {
        if let Some(entry) = self.files.get_mut(&file.key) {
            (entry.followed, entry.rested) = (false, file.is_intact());
            entry.known.progress = file.rest(open);
            entry.known.size_seen = file.size();
        }
    }

    /// Notes that lines are open in a file that was read to its end, and that nobody will end them.
    pub fn reopen(&mut self, key: FileKey, open: OpenLines) {
        let known = self.files.get_mut(&key).filter(|entry| !entry.followed).map(|entry| &mut entry.known);
        if let Some(progress) = known.and_then(|known| known.progress.as_mut()) {
            progress.open = open;
        }
    }

    /// Notes that a file has another name now, and maybe another source by that.
    pub fn renamed(&mut self, key: FileKey, source: &str, path: &Arc<Path>) -> io::Result<()> {
        let Some(mut identity) = self.files.get(&key).map(|entry| entry.known.identity.clone()) else { return Ok(()) };
        identity.path = Arc::clone(path);
        if *identity.source != *source {
            identity.source = source.into();
        }
        self.identify(key, &identity);
        self.state.update(key, &identity)
    }

    /// Forgets a file that is gone.
    pub fn forget(&mut self, key: FileKey) -> io::Result<()> {
        if let Some(entry) = self.files.remove(&key) {
            self.unlist(key, &entry.known.identity);
        }
        self.state.forget(key)
    }

    fn resume(&mut self, key: FileKey, candidate: Candidate) -> Followed {
        let entry = self.files.get_mut(&key).expect("the key was just found");
        entry.followed = true;
        let before = &entry.known.identity;
        let moved = !is_at(before, candidate.stamp) || before.path != candidate.path;
        let identity = Identity {
            source: Arc::clone(&candidate.source),
            path: Arc::clone(&candidate.path),
            device: candidate.stamp.device,
            inode: candidate.stamp.inode,
            compressed: candidate.content.is_final(),
            ..before.clone()
        };
        if moved {
            // Without it, the file is found by its content again.
            let _ = self.state.update(key, &identity);
        }
        self.identify(key, &identity);
        Followed::new(self.files[&key].known.clone(), candidate.stamp, candidate.content)
    }

    /// Docker's first entry has its time, so a file that begins with the same one is the same file. A power cut has taken
    /// its end: what is there was done, and what comes now is new, at places where other lines were.
    fn begin_at_end(&mut self, mut candidate: Candidate, first_line: &[u8]) -> Verdict {
        let (position, window) = match last_bytes(&mut candidate) {
            Ok(end) => end,
            Err(error) => return Verdict::Unreadable(Box::new(candidate), error),
        };
        let file = match self.begin(candidate, first_line) {
            Verdict::Follow(file) => file,
            not_kept => return not_kept,
        };
        let progress = Progress { file: file.key, position, open: OpenLines::default(), window };
        // Memory has it, and the next write brings it to the disk.
        let _ = self.state.acknowledged(&[progress], file.before.last_seen);
        let known = Known { progress: Some(progress), ..file.before.clone() };
        let (_, stamp, content) = file.into_parts();
        Verdict::Follow(Box::new(Followed::new(known, stamp, content)))
    }

    fn begin(&mut self, candidate: Candidate, first_line: &[u8]) -> Verdict {
        let head = Window::of(first_line);
        let alike = self.family(&candidate.source).flat_map(|family| family.headed(head));
        let before = alike.chain(self.elsewhere(&candidate, first_line));
        let generation = before.map(|key| self.files[&key].known.identity.generation + 1).max().unwrap_or(0);
        let identity = Identity {
            id_prefix: id_prefix(&candidate, first_line, generation),
            source: Arc::clone(&candidate.source),
            path: Arc::clone(&candidate.path),
            device: candidate.stamp.device,
            inode: candidate.stamp.inode,
            head,
            generation,
            compressed: candidate.content.is_final(),
        };
        let key = match self.state.register(&identity) {
            Ok(key) => key,
            Err(error) => return Verdict::NotKept(Box::new(candidate), error),
        };
        let known =
            Known { key, identity, progress: None, sent: Vec::new(), cuts: Vec::new(), size_seen: 0, last_seen: 0 };
        self.add(known.clone(), true);
        Verdict::Follow(Box::new(Followed::new(known, candidate.stamp, candidate.content)))
    }

    fn add(&mut self, known: Known, followed: bool) {
        self.list(known.key, &known.identity);
        self.files.insert(known.key, Entry { known, followed, rested: false });
    }

    /// A file is known by something else from now on.
    fn identify(&mut self, key: FileKey, identity: &Identity) {
        let Some(entry) = self.files.get_mut(&key) else { return };
        let before = std::mem::replace(&mut entry.known.identity, identity.clone());
        self.unlist(key, &before);
        self.list(key, identity);
    }

    fn list(&mut self, key: FileKey, identity: &Identity) {
        self.families.entry(Family::name(&identity.source).into()).or_default().add(key, identity);
        if is_plain(&identity.source) {
            self.sites.entry(site(identity)).or_default().push(key);
        }
    }

    fn unlist(&mut self, key: FileKey, identity: &Identity) {
        let name = Family::name(&identity.source);
        if let Some(family) = self.families.get_mut(name) {
            family.remove(key, identity);
            if family.is_empty() {
                self.families.remove(name);
            }
        }
        if let Some(keys) = self.sites.get_mut(&site(identity)) {
            keys.retain(|other| *other != key);
            if keys.is_empty() {
                self.sites.remove(&site(identity));
            }
        }
    }

    /// Plain files that were met in the place of a candidate in other folders, and have its first line.
    fn elsewhere(&self, candidate: &Candidate, first: &[u8]) -> impl Iterator<Item = FileKey> {
        let is_other = |key: &FileKey| {
            let Identity { source, head, .. } = &self.files[key].known.identity;
            let same = first.get(..head.length as usize).is_some_and(|begin| Window::of(begin) == *head);
            same && Family::name(source) != Family::name(&candidate.source)
        };
        self.here(&candidate.source, candidate.stamp).filter(is_other)
    }

    /// Plain files that were met in this place, in whatever folder.
    fn here(&self, source: &str, stamp: Stamp) -> impl Iterator<Item = FileKey> {
        let keys = self.sites.get(&site_of(stamp)).filter(|_| is_plain(source));
        keys.into_iter().flatten().copied()
    }

    fn family(&self, source: &str) -> impl Iterator<Item = &Family> {
        self.families.get(Family::name(source)).into_iter()
    }

    /// Files of a family that were met in this place.
    fn at(&self, source: &str, stamp: Stamp) -> impl Iterator<Item = FileKey> {
        self.family(source).flat_map(move |family| family.at(site_of(stamp)))
    }
}

/// Where a file ends, and what is there.
fn last_bytes(candidate: &mut Candidate) -> io::Result<(u64, Window)> {
    let end = candidate.content.size()?.unwrap_or_default();
    let mut last = vec![0; Window::LIMIT.min(usize::try_from(end).unwrap_or(usize::MAX))];
    let read = candidate.content.read_at(end - last.len() as u64, &mut last)?;
    Ok((end, Window::of(&last[..read])))
}

fn site_of(stamp: Stamp) -> Site {
    (stamp.device, stamp.inode)
}

fn is_plain(source: &str) -> bool {
    source.starts_with("file/")
}

fn is_at(identity: &Identity, stamp: Stamp) -> bool {
    site(identity) == site_of(stamp)
}

/// A container's file has the same ids under each inode, since compression gives it another one.
fn id_prefix(candidate: &Candidate, first_line: &[u8], generation: u32) -> [u8; 16] {
    let Candidate { source, stamp, .. } = candidate;
    // An inode is given again, and a first line can be that of any other file; not at the same time, too.
    let [device, inode, born] = [stamp.device, stamp.inode, stamp.born].map(u64::to_le_bytes);
    let place: [&[u8]; 3] =
        if candidate.is_container() { [source.as_bytes(), &[], &[]] } else { [&device, &inode, &born] };
    // Whoever lost the state would count anew, and must not give an id twice for different lines.
    let mut nonce = [0; 16];
    if generation > 0 {
        let _ = getrandom::fill(&mut nonce);
    }
    IdPrefix::new([place[0], place[1], place[2], first_line, &generation.to_le_bytes(), &nonce]).to_bytes()
}
