//! The log files of one container, opened.

use std::cmp::Reverse;
use std::ffi::OsString;
use std::fs;
use std::io;
use std::os::unix::fs::DirEntryExt;
use std::path::Path;

use super::listing::rank;
use super::{Listed, Root, Stamp};

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

/// Opens all that are there, oldest first, and hands over those whose stamp is not `known`.
///
/// A rotation between the look at the names and the opening would show a newer file without the older one, which has to be
/// read before it. So the names must be the same afterwards.
pub(super) fn open(root: &Root, id: &str, known: &[Stamp]) -> io::Result<Vec<Listed>> {
    let mut files: Vec<Listed> = Vec::new();
    for _ in 0..LOOKS {
        let names = names(root, id)?;
        let found = open_each(root, id, &names, known)?;
        let before = std::mem::replace(&mut files, found);
        // What was open before a rotation may be nowhere now.
        let gone =
            before.into_iter().filter(|old| files.iter().all(|new| new.stamp != old.stamp) && old.file.is_some());
        let gone: Vec<Listed> = gone.map(|old| Listed { rank: u32::MAX, ..old }).collect();
        files.splice(..0, gone);
        if self::names(root, id)? == names {
            break;
        }
    }
    Ok(files)
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

fn open_each(root: &Root, id: &str, names: &[Name], known: &[Stamp]) -> io::Result<Vec<Listed>> {
    let mut files = Vec::with_capacity(names.len());
    for Name { rank, compressed, text: name, .. } in names {
        let below = Path::new(id).join(name);
        let file = match root.file(&below) {
            Ok(file) => file,
            // It was renamed or removed meanwhile.
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(io::Error::new(error.kind(), format!("{}: {error}", name.display()))),
        };
        let stamp = Stamp::of(&file)?;
        let file = (!known.contains(&stamp)).then(|| file.into());
        files.push(Listed {
            path: root.path().join(below),
            stamp,
            rank: *rank,
            compressed: *compressed,
            file,
            waits: false,
        });
    }
    Ok(files)
}
