//! Which file is which: finds out whether a file that turned up is one that was followed before, under another name, in
//! another form or in an earlier run.

use std::collections::HashMap;
use std::io;
use std::path::Path;
use std::sync::Arc;

use super::{Content, Followed};
use crate::checkpoint::{Identity, Known, State};
use crate::discover::Stamp;
use crate::document::IdPrefix;
use crate::place::{FileKey, OpenLines, Progress, Window};

/// A first line that is longer counts by so many bytes. Docker's entries have their time, which tells two files apart,
/// behind up to 16 KiB of text.
const FIRST_LINE: usize = 128 * 1024;

/// A file that turned up.
#[derive(Debug)]
pub struct Candidate {
    /// The name of its source.
    pub source: Arc<str>,
    /// Where it is.
    pub path: Arc<Path>,
    /// Which file of the disk it is.
    pub stamp: Stamp,
    /// What it holds.
    pub content: Content,
    /// Whether it was met where a container writes to: then it is no copy, though it may look like one. The pieces of a
    /// long line share their time, so two files that begin with such pieces can have the same first line.
    pub original: bool,
}

/// What a file is found to be.
#[derive(Debug)]
pub enum Verdict {
    /// To be followed from now on.
    Follow(Box<Followed>),
    /// It has too little content to tell.
    TooShort(Box<Candidate>),
    /// It looks like a copy of one that is followed, or like the beginning of one.
    Copy(Box<Candidate>),
    /// The state cannot be written: nothing of it may be sent before that.
    NotKept(Box<Candidate>, io::Error),
}

/// How sure a verdict has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patience {
    /// A verdict can wait until the file has grown.
    More,
    /// It has to be decided now.
    Over,
}

/// All files that are known, whether they are followed now or not.
pub struct Register {
    state: Arc<State>,
    files: HashMap<FileKey, Entry>,
    /// Files that may have the same lines: those of a container, or plain ones in one folder.
    families: HashMap<Box<str>, Vec<FileKey>>,
}

struct Entry {
    known: Known,
    followed: bool,
}

impl Register {
    /// Begins with what the state folder knows.
    #[must_use]
    pub fn new(state: Arc<State>, known: Vec<Known>) -> Self {
        let mut register = Self { state, files: HashMap::new(), families: HashMap::new() };
        for known in known {
            register.add(known, false);
        }
        register
    }

    /// What is known and not followed now.
    pub fn resting(&self) -> impl Iterator<Item = &Known> {
        self.files.values().filter(|entry| !entry.followed).map(|entry| &entry.known)
    }

    /// The known file that has this inode, if it is followed.
    #[must_use]
    pub fn followed(&self, source: &str, stamp: Stamp) -> Option<FileKey> {
        let same = |entry: &Entry| entry.followed && is_at(&entry.known.identity, stamp);
        self.family(source).find(|key| same(&self.files[key]))
    }

    /// The known file that has this inode, if it is not followed.
    #[must_use]
    pub fn resting_at(&self, source: &str, stamp: Stamp) -> Option<FileKey> {
        let same = |entry: &Entry| !entry.followed && is_at(&entry.known.identity, stamp);
        self.family(source).find(|key| same(&self.files[key]))
    }

    /// Decides what a file is that has this rank. `live` tells by what a file that is followed is known, and its rank.
    pub fn judge(
        &mut self,
        mut candidate: Candidate,
        rank: u32,
        patience: Patience,
        live: impl Fn(FileKey) -> Option<(Progress, u32)>,
    ) -> io::Result<Verdict> {
        let mut first = vec![0; FIRST_LINE];
        let length = match candidate.content.read_at(0, &mut first) {
            // It is still being compressed.
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof && patience == Patience::More => {
                return Ok(Verdict::TooShort(Box::new(candidate)));
            }
            length => length?,
        };
        first.truncate(length);
        let complete = memchr::memchr(b'\n', &first).map(|end| end + 1);
        let is_due = patience == Patience::Over || candidate.content.is_final();
        if first.is_empty() || (complete.is_none() && length < FIRST_LINE && !is_due) {
            return Ok(Verdict::TooShort(Box::new(candidate)));
        }
        let keys: Vec<FileKey> = self.family(&candidate.source).collect();
        let (mut copy, mut cut_off, mut found) = (false, false, None);
        for key in keys {
            let entry = &self.files[&key];
            let live = if entry.followed { live(key) } else { None };
            let progress = live.map_or(entry.known.progress, |(progress, _)| Some(progress));
            let likeness = likeness(&entry.known.identity, progress, &first, &mut candidate)?;
            match (entry.followed, likeness) {
                (false, Likeness::Same) => found = Some((entry.nearness(&candidate), key)).max(found),
                // What Docker has compressed already can be the whole of an original.
                (true, Likeness::Same | Likeness::Beginning) => {
                    // Files of a container that are newer than one begin with the same piece of a long line, and are none.
                    let is_newer = !candidate.content.is_final() && live.is_some_and(|(_, other)| rank < other);
                    copy |= (!candidate.original && !is_newer) || entry.known.identity.compressed;
                }
                (false, Likeness::Beginning) => cut_off |= is_at(&entry.known.identity, candidate.stamp),
                (_, Likeness::None) => {}
            }
        }
        if let Some((_, key)) = found {
            return Ok(Verdict::Follow(Box::new(self.resume(key, candidate))));
        }
        // What Docker or logrotate makes of a file while it is still being read is that file, however long that takes.
        let is_successor = candidate.content.is_final() || candidate.source.starts_with("container/");
        if copy && (patience == Patience::More || is_successor) {
            return Ok(Verdict::Copy(Box::new(candidate)));
        }
        first.truncate(complete.unwrap_or(length));
        let is_container = candidate.source.starts_with("container/");
        if cut_off && is_container { self.begin_at_end(candidate, &first) } else { Ok(self.begin(candidate, &first)) }
    }

    /// Takes a file out of what is followed; a copy of it, or the file itself, is followed from there. `open` are the lines
    /// that are open in it and that nobody will end.
    pub fn rest(&mut self, file: &Followed, open: OpenLines) {
        if let Some(entry) = self.files.get_mut(&file.key) {
            entry.followed = false;
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

    /// Notes that a file has another name now.
    pub fn renamed(&mut self, key: FileKey, path: &Arc<Path>) -> io::Result<()> {
        let Some(entry) = self.files.get_mut(&key) else { return Ok(()) };
        entry.known.identity.path = Arc::clone(path);
        self.state.update(key, &entry.known.identity)
    }

    /// Forgets a file that is gone.
    pub fn forget(&mut self, key: FileKey) -> io::Result<()> {
        if let Some(entry) = self.files.remove(&key) {
            let family = family(&entry.known.identity.source);
            if let Some(keys) = self.families.get_mut(&*family) {
                keys.retain(|other| *other != key);
            }
        }
        self.state.forget(key)
    }

    fn resume(&mut self, key: FileKey, candidate: Candidate) -> Followed {
        let entry = self.files.get_mut(&key).expect("the key was just found");
        entry.followed = true;
        let identity = &mut entry.known.identity;
        let moved = !is_at(identity, candidate.stamp) || identity.path != candidate.path;
        (identity.device, identity.inode) = (candidate.stamp.device, candidate.stamp.inode);
        identity.path = Arc::clone(&candidate.path);
        identity.compressed = candidate.content.is_final();
        if moved {
            // Without it, the file is found by its content again.
            let _ = self.state.update(key, identity);
        }
        Followed::new(entry.known.clone(), candidate.stamp, candidate.content)
    }

    /// Docker's first entry has its time, so a file that begins with the same one is the same file. A power cut has taken
    /// its end: what is there was done, and what comes now is new, at places where other lines were.
    fn begin_at_end(&mut self, mut candidate: Candidate, first_line: &[u8]) -> io::Result<Verdict> {
        let end = candidate.content.size()?.unwrap_or_default();
        let mut last = vec![0; Window::LIMIT.min(usize::try_from(end).unwrap_or(usize::MAX))];
        let read = candidate.content.read_at(end - last.len() as u64, &mut last)?;
        let window = Window::of(&last[..read]);
        let Verdict::Follow(file) = self.begin(candidate, first_line) else { return Err(io::ErrorKind::Other.into()) };
        let progress = Progress { file: file.key, position: end, open: OpenLines::default(), window };
        self.state.acknowledged(&[progress], file.before.last_seen)?;
        let known = Known { progress: Some(progress), ..file.before.clone() };
        let (_, stamp, content) = file.into_parts();
        Ok(Verdict::Follow(Box::new(Followed::new(known, stamp, content))))
    }

    fn begin(&mut self, candidate: Candidate, first_line: &[u8]) -> Verdict {
        let head = Window::of(first_line);
        let same_head = |key: &FileKey| self.files[key].known.identity.head == head;
        let generations = self.family(&candidate.source).filter(same_head);
        let generation = generations.map(|key| self.files[&key].known.identity.generation + 1).max().unwrap_or(0);
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
        let family = family(&known.identity.source);
        self.families.entry(family.into()).or_default().push(known.key);
        self.files.insert(known.key, Entry { known, followed });
    }

    fn family(&self, source: &str) -> impl Iterator<Item = FileKey> {
        self.families.get(&*family(source)).into_iter().flatten().copied()
    }
}

impl Entry {
    /// Of files that look the same, the one that lies in the same place is meant. Files with the same first line are not
    /// told apart by it as long as nothing more of them is known.
    fn nearness(&self, candidate: &Candidate) -> (bool, bool) {
        let Identity { path, .. } = &self.known.identity;
        (is_at(&self.known.identity, candidate.stamp), *path == candidate.path)
    }
}

/// The part of a source's name that all files share which may hold the same lines.
fn family(source: &str) -> String {
    match source.strip_prefix("file/") {
        Some(path) => format!("file/{}", path.rsplit_once('/').map_or("", |(folder, _)| folder)),
        None => source.to_owned(),
    }
}

fn is_at(identity: &Identity, stamp: Stamp) -> bool {
    (identity.device, identity.inode) == (stamp.device, stamp.inode)
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Likeness {
    /// The same bytes, as far as they were read.
    Same,
    /// The same beginning, and no more than that yet.
    Beginning,
    /// Another file.
    None,
}

fn likeness(
    identity: &Identity,
    progress: Option<Progress>,
    first: &[u8],
    candidate: &mut Candidate,
) -> io::Result<Likeness> {
    let head = first.get(..identity.head.length as usize);
    if head.is_none_or(|head| Window::of(head) != identity.head) {
        return Ok(Likeness::None);
    }
    let Some(Progress { position, window, .. }) = progress.filter(|progress| progress.position > 0) else {
        return Ok(Likeness::Same);
    };
    let mut bytes = vec![0; window.length as usize];
    let read = candidate.content.read_at(position.saturating_sub(u64::from(window.length)), &mut bytes)?;
    Ok(match read < bytes.len() {
        true => Likeness::Beginning,
        false if Window::of(&bytes) == window => Likeness::Same,
        false => Likeness::None,
    })
}

/// A container's file has the same ids under each inode, since compression gives it another one.
fn id_prefix(candidate: &Candidate, first_line: &[u8], generation: u32) -> [u8; 16] {
    let Candidate { source, stamp, .. } = candidate;
    let (device, inode) = (stamp.device.to_le_bytes(), stamp.inode.to_le_bytes());
    let place: [&[u8]; 2] = if source.starts_with("container/") { [source.as_bytes(), &[]] } else { [&device, &inode] };
    // Whoever lost the state would count anew, and must not give an id twice for different lines.
    let mut nonce = [0; 16];
    if generation > 0 {
        let _ = getrandom::fill(&mut nonce);
    }
    IdPrefix::new([place[0], place[1], first_line, &generation.to_le_bytes(), &nonce]).to_bytes()
}
