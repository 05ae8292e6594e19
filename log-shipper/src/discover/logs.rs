//! The log files of one container, opened.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::os::unix::fs::DirEntryExt;
use std::path::Path;

use rustix::io::Errno;

use super::listing::rank;
use super::{Listed, Opened, Root, Stamp};

/// How often the folder is looked at again because it has changed meanwhile.
const LOOKS: u32 = 50;

/// A name in the folder.
#[derive(PartialEq, Eq)]
struct Name {
    rank: u32,
    compressed: bool,
    text: OsString,
    inode: u64,
}

/// Those that are there.
#[derive(Default)]
pub(super) struct Logs {
    /// Oldest first.
    pub(super) files: Vec<Listed>,
    /// Those that cannot be opened, and why.
    pub(super) refused: Vec<(Listed, io::Error)>,
}

impl Logs {
    pub(super) fn all(&self) -> impl Iterator<Item = &Listed> {
        self.files.iter().chain(self.refused.iter().map(|(listed, _)| listed))
    }

    /// Those that were not known among the newest, `most` at most: one of `most` files that were created since the last look
    /// cannot be older.
    pub(super) fn unknown_of_newest(&self, most: u32) -> impl Iterator<Item = Stamp> {
        let opened = self.files.iter().map(|listed| (listed, listed.file.is_some()));
        let refused = self.refused.iter().map(|(listed, _)| (listed, true));
        let mut all: Vec<_> = opened.rev().chain(refused).collect();
        all.sort_by_key(|(listed, _)| listed.rank);
        let newest = all.into_iter().take(most.try_into().unwrap_or(usize::MAX));
        newest.filter(|(_, is_unknown)| *is_unknown).map(|(listed, _)| listed.stamp)
    }
}

/// Opens all that are there, oldest first, and hands over those whose stamp is not `known`.
///
/// A rotation between the look at the names and the opening would show a newer file without the older one, which has to be
/// read before it. So the names must be the same afterwards. `hear` is called in between: whoever listens there has heard of
/// the creation of each file that is found, and of no other one, because the kernel tells of a file before it lets anybody
/// read the folder that has it.
pub(super) fn open(root: &Root, id: &str, known: &[Stamp], mut hear: impl FnMut()) -> io::Result<Logs> {
    let mut logs = Logs::default();
    let mut names = names(root, id)?;
    for _ in 0..LOOKS {
        let found = open_each(root, id, &names, known)?;
        hear();
        let before = std::mem::replace(&mut logs, found).files;
        logs.files = with_gone(before, logs.files);
        let then = match self::names(root, id) {
            // What is open is read, though the folder went meanwhile.
            Err(error) if error.kind() == io::ErrorKind::NotFound => break,
            then => then?,
        };
        if then == names {
            break;
        }
        names = then;
    }
    Ok(logs)
}

/// What was open before a rotation may be nowhere now: it keeps its place before the files that were newer.
fn with_gone(before: Vec<Listed>, mut files: Vec<Listed>) -> Vec<Listed> {
    let there: HashMap<Stamp, u32> = files.iter().map(|listed| (listed.stamp, listed.rank)).collect();
    // Oldest first: the last one that is still there is the newest of those that are older than what follows.
    let (mut gone, mut older) = (Vec::new(), None);
    for listed in before {
        match there.get(&listed.stamp) {
            Some(rank) => older = Some(*rank),
            None if listed.file.is_some() => {
                let rank = older.map_or(u32::MAX, |rank: u32| rank.saturating_sub(1));
                gone.push(Listed { rank, ..listed });
            }
            None => {}
        }
    }
    files.splice(..0, gone);
    files.sort_by_key(|listed| Reverse(listed.rank));
    files
}

fn names(root: &Root, id: &str) -> io::Result<Vec<Name>> {
    let base = format!("{id}-json.log");
    let mut names = Vec::new();
    for entry in fs::read_dir(root.path().join(id))? {
        let entry = entry?;
        let (name, inode) = (entry.file_name(), entry.ino());
        if let Some((rank, compressed)) = name.to_str().and_then(|name| rank(name, &base)) {
            names.push(Name { rank, compressed, text: name, inode });
        }
    }
    // While Docker compresses a file, its plain form is the whole one.
    let plain: Vec<u32> = names.iter().filter(|name| !name.compressed).map(|name| name.rank).collect();
    names.retain(|name| !name.compressed || !plain.contains(&name.rank));
    names.sort_by_key(|name| Reverse(name.rank));
    Ok(names)
}

/// One that cannot be opened keeps no other one from it. Where the system has no room for an open file, none is listed: a
/// newer one that finds room a moment later would be read before the older one.
fn open_each(root: &Root, id: &str, names: &[Name], known: &[Stamp]) -> io::Result<Logs> {
    let mut logs = Logs::default();
    for Name { rank, compressed, text, .. } in names {
        let below = Path::new(id).join(text);
        let path = root.path().join(&below);
        let (rank, compressed) = (*rank, *compressed);
        let listed = |stamp, file, waits| Listed { path: path.clone(), stamp, rank, compressed, file, waits };
        match open_one(root, &below, known) {
            Ok((stamp, file)) => logs.files.push(listed(stamp, file, false)),
            // It was renamed or removed meanwhile.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) if is_want_of_room(&error) => return Err(error),
            Err(error) => match Stamp::at(&path) {
                // It is open already.
                Ok(stamp) if known.contains(&stamp) => logs.files.push(listed(stamp, None, false)),
                Ok(stamp) => logs.refused.push((listed(stamp, None, true), error)),
                Err(_) => {}
            },
        }
    }
    Ok(logs)
}

/// Whether nothing is wrong with the file.
fn is_want_of_room(error: &io::Error) -> bool {
    let errno = Errno::from_io_error(error);
    matches!(errno, Some(Errno::MFILE | Errno::NFILE | Errno::NOMEM))
}

fn open_one(root: &Root, below: &Path, known: &[Stamp]) -> io::Result<(Stamp, Option<Opened>)> {
    let file = root.file(below)?;
    let stamp = Stamp::of(&file)?;
    Ok((stamp, (!known.contains(&stamp)).then(|| file.into())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn listed(inode: u64, rank: u32) -> Listed {
        let file = Some(tempfile::tempfile().unwrap().into());
        let stamp = Stamp { device: 1, inode, born: 0 };
        Listed { path: "x".into(), stamp, rank, compressed: false, file, waits: false }
    }

    #[test]
    fn only_the_want_of_room_is_no_matter_of_one_file() {
        let is_want = |errno: Errno| is_want_of_room(&errno.into());
        assert!([Errno::MFILE, Errno::NFILE, Errno::NOMEM].into_iter().all(is_want));
        assert!(![Errno::ACCESS, Errno::LOOP, Errno::XDEV, Errno::IO].into_iter().any(is_want));
        assert!(!is_want_of_room(&io::Error::other("is no regular file")));
    }

    #[test]
    fn what_was_compressed_between_two_looks_stays_between_older_and_newer_files() {
        let before = vec![listed(1, 3), listed(2, 2), listed(3, 1), listed(4, 0)];
        // The oldest was removed; the two newest have been compressed, and there is another one.
        let after = vec![listed(2, 3), listed(13, 2), listed(14, 1), listed(5, 0)];
        let files = with_gone(before, after);
        let order: Vec<(u64, u32)> = files.iter().map(|listed| (listed.stamp.inode, listed.rank)).collect();
        assert_eq!(order, [(1, u32::MAX), (2, 3), (3, 2), (4, 2), (13, 2), (14, 1), (5, 0)]);
    }
}
