//! What letters there are, as a table.

use std::collections::{HashMap, HashSet, VecDeque};
use std::fmt;

use serde::Deserialize;

use super::letter::printable;
use super::segment::Folder;
use super::{Error, Number, Source, Stored};

/// Reasons beyond this number are counted together.
const MAX_REASONS: usize = 100;

/// So many numbers of damaged letters are told.
const MAX_DAMAGED: usize = 100;

/// Segments that may have letters of the last moments of the process before.
const RECENT_SEGMENTS: usize = 2;

const OTHERS: &str = "other reasons";

/// A letter, in short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its number.
    pub number: Number,
    /// When it was refused, in RFC 3339.
    pub time: String,
    /// The document's id.
    pub id: String,
    /// Where it was for.
    pub target: String,
    /// The status that refused it.
    pub status: u16,
    /// The server's `error.type`.
    pub kind: String,
    /// The server's reason, without values.
    pub reason: String,
    /// Where its line came from.
    pub source: Source,
}

/// The letters of a folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Listing {
    /// The newest ones, the oldest of them first.
    pub rows: Vec<Row>,
    /// How many there are.
    pub letters: u64,
    /// How many there are by type and reason, the most frequent first.
    pub by_reason: Vec<(String, u64)>,
    /// Lines that are no letters; the first ones.
    pub damaged: Vec<Number>,
}

pub(super) fn list(folder: &Folder, rows: usize) -> Result<Listing, Error> {
    let mut listing = Listing::default();
    let (mut newest, mut reasons) = (VecDeque::new(), HashMap::new());
    for segment in folder.segments()? {
        let Some(mut lines) = folder.lines(segment.number)? else { continue };
        while let Some((number, line)) = lines.next()? {
            let Some(letter) = Stored::read(number, line) else {
                if listing.damaged.len() < MAX_DAMAGED {
                    listing.damaged.push(number);
                }
                continue;
            };
            listing.letters += 1;
            count(&mut reasons, &letter);
            newest.push_back(row(letter));
            if newest.len() > rows {
                newest.pop_front();
            }
        }
    }
    listing.rows = newest.into();
    listing.by_reason = reasons.into_iter().collect();
    listing.by_reason.sort_unstable_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    Ok(listing)
}

fn count(reasons: &mut HashMap<String, u64>, letter: &Stored) {
    let reason = format!("{}: {}", letter.kind, letter.reason);
    let is_room = reasons.len() < MAX_REASONS || reasons.contains_key(&reason);
    *reasons.entry(if is_room { reason } else { OTHERS.to_owned() }).or_default() += 1;
}

fn row(letter: Stored) -> Row {
    let Stored { number, time, id, target, status, kind, reason, source, .. } = letter;
    Row { number, time, id, target, status, kind, reason, source }
}

/// The ids of the newest letters; those that cannot be read do not matter here.
pub(super) fn recent_ids(folder: &Folder) -> Result<HashSet<String>, Error> {
    #[derive(Deserialize)]
    struct Id {
        id: String,
    }
    let mut ids = HashSet::new();
    for segment in folder.segments()?.into_iter().rev().take(RECENT_SEGMENTS) {
        let Some(mut lines) = folder.lines(segment.number)? else { continue };
        while let Some((_, line)) = lines.next()? {
            ids.extend(serde_json::from_slice(line).ok().map(|Id { id }| id));
        }
    }
    Ok(ids)
}

impl fmt::Display for Listing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.rows.is_empty() {
            writeln!(f, "{:10} {:27} {:40} REASON", "NUMBER", "TIME", "SOURCE")?;
        }
        for Row { number, time, kind, reason, source, .. } in &self.rows {
            let source = source.to_string();
            writeln!(f, "{number:10} {time:27} {:40} {}: {}", printable(&source), printable(kind), printable(reason))?;
        }
        writeln!(f, "{} dead letters, {} of them above", self.letters, self.rows.len())?;
        for (reason, letters) in &self.by_reason {
            writeln!(f, "{letters:10} {}", printable(reason))?;
        }
        for number in &self.damaged {
            writeln!(f, "{number} is damaged and cannot be read; `log-shipper dead-letter purge {number}` removes it")?;
        }
        Ok(())
    }
}
