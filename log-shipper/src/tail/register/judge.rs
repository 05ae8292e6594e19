//! Decides which file a candidate is.

use std::io;
use std::sync::Arc;

use super::candidate::{Candidate, Patience, Verdict};
use super::likeness::{Likeness, likeness};
use super::{Entry, Register, is_at};
use crate::checkpoint::Identity;
use crate::docker;
use crate::place::{FileKey, Window};
use crate::tail::Followed;

/// A first line that is longer counts by so many bytes. Docker's entries have their time, which tells two files apart,
/// behind up to 16 KiB of text.
const FIRST_LINE: usize = 128 * 1024;

/// What is known of a candidate's surroundings: the files that are followed, and where files lie.
pub trait Neighbours {
    /// A file that is followed.
    fn followed(&self, key: FileKey) -> Option<&Followed>;

    /// How old a file is among those of its source, see [`crate::discover::Listed::rank`]; `None` if it lies nowhere.
    fn rank(&self, key: FileKey, identity: &Identity) -> Option<u32>;
}

/// What was found out about a candidate.
#[derive(Default)]
struct Evidence {
    /// The best of the files that it may be, which are followed no more.
    found: Option<((bool, bool), FileKey)>,
    /// It looks like one that is followed.
    copy: bool,
    /// It has the same lines as one of them for sure: that one was truncated, and it is the copy; or that one is compressed,
    /// and whoever compresses a file removes it then.
    sure: bool,
    /// It is the beginning of what was in its place.
    cut_off: bool,
}

impl Register {
    /// Decides what a file is that has this rank.
    pub fn judge(
        &mut self,
        mut candidate: Candidate,
        rank: u32,
        patience: Patience,
        neighbours: &impl Neighbours,
    ) -> Verdict {
        let looked = self.look(&mut candidate, rank, patience, neighbours);
        // There may be thousands of files, and only some of them are read at a time.
        candidate.content.put_down();
        let (mut first, evidence) = match looked {
            Ok(Some(found)) => found,
            Ok(None) => return Verdict::TooShort(Box::new(candidate)),
            Err(error) => return Verdict::Unreadable(Box::new(candidate), error),
        };
        if let Some((_, key)) = evidence.found {
            return Verdict::Follow(Box::new(self.resume(key, candidate)));
        }
        // What Docker or logrotate makes of a file while it is still being read is that file, however long that takes.
        let is_successor = candidate.content.is_final() || candidate.is_container() || evidence.sure;
        if evidence.copy && (patience == Patience::More || is_successor) {
            return Verdict::Copy(Box::new(candidate));
        }
        first.truncate(memchr::memchr(b'\n', &first).map_or(first.len(), |end| end + 1));
        if evidence.cut_off && candidate.is_container() {
            self.begin_at_end(candidate, &first)
        } else {
            self.begin(candidate, &first)
        }
    }

    /// A candidate's first line with what follows it, and what that says; `None` if there is too little to tell.
    fn look(
        &self,
        candidate: &mut Candidate,
        rank: u32,
        patience: Patience,
        neighbours: &impl Neighbours,
    ) -> io::Result<Option<(Vec<u8>, Evidence)>> {
        let Some(first) = first_line(candidate, patience)? else { return Ok(None) };
        let evidence = self.compare(candidate, rank, &first, neighbours)?;
        Ok(Some((first, evidence)))
    }

    /// Holds a candidate, which begins with `first`, beside every file that it may be.
    fn compare(
        &self,
        candidate: &mut Candidate,
        rank: u32,
        first: &[u8],
        neighbours: &impl Neighbours,
    ) -> io::Result<Evidence> {
        let mut evidence = Evidence::default();
        let family = self.family(&candidate.source).flat_map(|family| family.begun_by(first));
        let keys: Vec<FileKey> = family.chain(self.elsewhere(candidate, first)).collect();
        for key in keys {
            let entry = &self.files[&key];
            let followed = if entry.followed { neighbours.followed(key) } else { None };
            let progress = followed.map_or(entry.known.progress, |file| Some(file.likeness()));
            let likeness = likeness(progress, candidate)?;
            let other = neighbours.rank(key, &entry.known.identity);
            match (followed, likeness) {
                (_, Likeness::None) => {}
                (Some(file), _) => evidence.of_followed(entry, file, likeness, (candidate, rank, first), other),
                (None, _) if entry.followed => evidence.copy |= !candidate.original,
                (None, Likeness::Beginning) => evidence.cut_off |= is_at(&entry.known.identity, candidate.stamp),
                (None, Likeness::Same) if can_be_twin(candidate, first) && entry.is_twin(candidate, rank, other) => {}
                (None, Likeness::Same) => {
                    evidence.found = Some((entry.nearness(candidate), key)).max(evidence.found);
                }
            }
        }
        Ok(evidence)
    }
}

impl Evidence {
    /// What a file says that is followed, and that a candidate looks like.
    fn of_followed(
        &mut self,
        entry: &Entry,
        file: &Followed,
        likeness: Likeness,
        (candidate, rank, first): (&Candidate, u32, &[u8]),
        other: Option<u32>,
    ) {
        let is_final = candidate.content.is_final();
        // The whole of a file, and shorter than what was read of the other one: only the first lines are the same.
        if likeness == Likeness::Beginning && is_final && !file.begins_with(Window::of(first)) {
            return;
        }
        // What one held that was truncated is in its copy alone.
        let is_intact = file.is_intact();
        let is_twin = is_intact && can_be_twin(candidate, first) && is_younger_twin(rank, other);
        self.sure |= !is_intact || entry.known.identity.compressed && candidate.content.is_nameless();
        // What Docker has compressed already can be the whole of an original.
        self.copy |= entry.known.identity.compressed || !candidate.original && !is_twin;
    }
}

/// The first line with what follows it, as far as it counts; `None` if there is too little to tell.
fn first_line(candidate: &mut Candidate, patience: Patience) -> io::Result<Option<Vec<u8>>> {
    let mut first = vec![0; FIRST_LINE];
    candidate.content.try_again();
    let length = candidate.content.read_at(0, &mut first);
    match candidate.content.damage().filter(|_| patience == Patience::More) {
        // It is still being compressed.
        Some(damage) if damage.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        Some(damage) => return Err(io::Error::new(damage.kind(), Arc::clone(damage))),
        None => {}
    }
    let length = length?;
    first.truncate(length);
    let is_due = patience == Patience::Over || candidate.content.is_final();
    let is_complete = length == FIRST_LINE || memchr::memchr(b'\n', &first).is_some();
    Ok((!first.is_empty() && (is_complete || is_due)).then_some(first))
}

/// Whether a container's file may be the same as another one and have other lines: the pieces of a long line share their
/// time, so whole files of them can be the same. No two whole lines are.
fn can_be_twin(candidate: &Candidate, first: &[u8]) -> bool {
    let line = memchr::memchr(b'\n', first).map(|end| &first[..end]);
    let begins_whole = || line.and_then(docker::parse).is_some_and(|entry| entry.complete);
    candidate.is_container() && !candidate.content.is_final() && !begins_whole()
}

/// Whether a twin is newer than the other one, which is of the rank `other`: a copy is older than what it was made of.
fn is_younger_twin(rank: u32, other: Option<u32>) -> bool {
    other.is_some_and(|other| rank < other)
}

impl Entry {
    /// Whether what may be a twin only looks like this file, which is followed no more: this one lies elsewhere and is older,
    /// or it was there in this run, whole, and is nowhere now.
    fn is_twin(&self, candidate: &Candidate, rank: u32, own: Option<u32>) -> bool {
        let is_gone = self.rested && own.is_none();
        !is_at(&self.known.identity, candidate.stamp) && (is_gone || is_younger_twin(rank, own))
    }

    /// Of files that look the same, the one that lies in the same place is meant. Files with the same first line are not
    /// told apart by it as long as nothing more of them is known.
    fn nearness(&self, candidate: &Candidate) -> (bool, bool) {
        let Identity { path, .. } = &self.known.identity;
        (is_at(&self.known.identity, candidate.stamp), *path == candidate.path)
    }
}
