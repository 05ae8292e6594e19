//! Sends letters again.

use std::collections::BTreeSet;

use super::segment::{Folder, Lines};
use super::{Error, Number, Selection, Stored, clearing};

/// Letters that are sent at once, at most; more than one only as far as their documents have so many bytes.
const MAX_LETTERS: usize = 500;
const MAX_BYTES: usize = 4 * 1024 * 1024;

/// What became of the letters of a replay.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Replayed {
    /// Stored, and removed.
    pub stored: u64,
    /// Not stored; they stay.
    pub refused: u64,
    /// Not letters; they stay.
    pub damaged: Vec<Number>,
}

pub(super) async fn replay(
    folder: &Folder,
    selection: &Selection,
    mut send: impl AsyncFnMut(&[Stored]) -> Vec<bool>,
) -> Result<Replayed, Error> {
    let mut replayed = Replayed::default();
    for segment in folder.segments()? {
        let Some(mut lines) = folder.lines(segment.number)? else { continue };
        loop {
            let group = group(&mut lines, selection, &mut replayed.damaged)?;
            if group.is_empty() {
                break;
            }
            let stored = send(&group).await;
            let stored = group.iter().zip(stored).filter(|(_, is_stored)| *is_stored);
            let stored: BTreeSet<_> = stored.map(|(letter, _)| letter.number).collect();
            clearing::done(folder, segment.number, &stored)?;
            replayed.stored += stored.len() as u64;
            replayed.refused += (group.len() - stored.len()) as u64;
        }
    }
    Ok(replayed)
}

/// The next letters of a selection.
fn group(lines: &mut Lines, selection: &Selection, damaged: &mut Vec<Number>) -> Result<Vec<Stored>, Error> {
    let (mut group, mut bytes) = (Vec::new(), 0);
    while group.len() < MAX_LETTERS && bytes < MAX_BYTES {
        let Some((number, line)) = lines.next()? else { break };
        match Stored::read(number, line) {
            Some(letter) if selection.has(number, Some(&letter.kind)) => {
                bytes += letter.document.len();
                group.push(letter);
            }
            None if selection.has(number, None) => damaged.push(number),
            _ => {}
        }
    }
    Ok(group)
}
