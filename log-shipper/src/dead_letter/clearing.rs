//! Removes letters: a line becomes empty, so that the numbers of the others stay; a segment without letters goes.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use super::segment::{Folder, Guard, give_away};
use super::{Error, Number, Selection, Stored, is_missing};

/// Removes those of a selection.
pub(super) fn purge(folder: &Folder, selection: &Selection) -> Result<u64, Error> {
    let mut removed = 0;
    for segment in folder.segments()? {
        removed += clear(&folder.lock()?, segment.number, |number, line| is_selected(selection, number, line))?;
    }
    Ok(removed)
}

/// Removes those that are done.
pub(super) fn done(folder: &Folder, segment: u32, numbers: &BTreeSet<Number>) -> Result<u64, Error> {
    clear(&folder.lock()?, segment, |number, _| numbers.contains(&number))
}

fn is_selected(selection: &Selection, number: Number, line: &[u8]) -> bool {
    match selection {
        Selection::Type(_) => selection.has(number, Stored::read(number, line).as_ref().map(|letter| &*letter.kind)),
        _ => selection.has(number, None),
    }
}

/// Empties those lines of a segment that `is_done` says; atomically, so that a crash leaves the old or the new segment.
fn clear(guard: &Guard<'_>, segment: u32, is_done: impl Fn(Number, &[u8]) -> bool) -> Result<u64, Error> {
    let path = guard.folder.file(segment);
    let old = match fs::read(&path) {
        Err(error) if is_missing(&error) => return Ok(0),
        old => old.map_err(Error::io("read", &path))?,
    };
    let (new, removed) = without(&old, segment, is_done);
    if removed == 0 {
        return Ok(0);
    }
    if new.iter().all(|byte| *byte == b'\n') {
        remove(guard, segment, &path)?;
    } else {
        replace(&path, &new).map_err(Error::io("rewrite", &path))?;
    }
    guard.folder.sync()?;
    Ok(removed)
}

fn without(old: &[u8], segment: u32, is_done: impl Fn(Number, &[u8]) -> bool) -> (Vec<u8>, u64) {
    let (mut new, mut removed) = (Vec::with_capacity(old.len()), 0);
    for (line, text) in (1..).zip(old.split_inclusive(|byte| *byte == b'\n')) {
        let number = Number { segment, line };
        if text != b"\n" && is_done(number, text) {
            new.push(b'\n');
            removed += 1;
        } else {
            new.extend_from_slice(text);
        }
    }
    (new, removed)
}

/// A number is never given twice: the newest segment goes only when there is a newer one.
fn remove(guard: &Guard<'_>, segment: u32, path: &Path) -> Result<(), Error> {
    if guard.folder.segments()?.last().is_some_and(|newest| newest.number == segment) {
        guard.begin_after(segment)?;
    }
    fs::remove_file(path).map_err(Error::io("remove", path))
}

fn replace(path: &Path, new: &[u8]) -> io::Result<()> {
    let next = path.with_extension("new");
    let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&next)?;
    if let Some(folder) = path.parent() {
        give_away(&file, folder);
    }
    write(&mut file, new).and_then(|()| fs::rename(&next, path)).inspect_err(|_| _ = fs::remove_file(&next))
}

fn write(file: &mut File, new: &[u8]) -> io::Result<()> {
    file.write_all(new)?;
    file.sync_all()
}
