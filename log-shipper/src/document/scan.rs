//! One pass over a line that may be a JSON object: is it fit to be a document, and what of it has to be left out?

mod names;
mod object;
mod token;

use std::ops::Range;

use super::reserved::Room;
use names::Names;

/// Deeper objects and arrays make a line unfit. The document itself is the first level.
const DEPTH_MAX: u32 = 32;

/// More members in all objects together make a line unfit.
const MEMBERS_MAX: usize = 1_000;

/// Longer numbers make a line unfit: Elasticsearch refuses them (Jackson's `getMaxNumberLength`).
const NUMBER_MAX: usize = 1_000;

/// Buffers that are used again for each line.
#[derive(Debug, Default)]
pub struct Scratch {
    names: Names,
    cuts: Vec<Range<usize>>,
}

/// Why a line is not used as a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Flaw {
    /// It is no JSON object.
    NotJson,
    /// As far as it was read it is one, but Elasticsearch would refuse it, or should not be asked to take it.
    Unfit,
}

/// What is known of a line that is fit.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(super) struct Found {
    /// Where its members are, without the braces.
    body: Range<usize>,
    /// Whether any is left.
    pub any: bool,
    /// Whether it has a valid time of its own.
    pub timed: bool,
    /// Whether members are left out that say something.
    pub reserved: bool,
    /// Whether it has something at `event.original`.
    original: bool,
    /// Whether there are line breaks between its members.
    broken: bool,
}

/// Reads `text` to its end.
pub(super) fn scan(text: &str, scratch: &mut Scratch) -> Result<Found, Flaw> {
    let found = Scanner::new(text, scratch, false).document()?;
    if found.reserved && found.original {
        return Scanner::new(text, scratch, true).document();
    }
    Ok(found)
}

/// Appends the members that are left of `text`, which was scanned last with `scratch`.
pub(super) fn copy(text: &str, found: &Found, scratch: &Scratch, out: &mut Vec<u8>) {
    let (text, from, mut done) = (text.as_bytes(), out.len(), found.body.start);
    for cut in &scratch.cuts {
        out.extend_from_slice(&text[done..cut.start]);
        done = cut.end;
    }
    out.extend_from_slice(&text[done..found.body.end]);
    if found.broken {
        // Inside strings they are escaped, so these are between the members.
        out[from..].iter_mut().filter(|byte| matches!(byte, b'\n' | b'\r')).for_each(|byte| *byte = b' ');
    }
}

/// Where it is in the text is passed from part to part, because a place in memory would be slower than a register.
struct Scanner<'a> {
    text: &'a [u8],
    names: &'a mut Names,
    cuts: &'a mut Vec<Range<usize>>,
    /// Whether `event.original` is the shipper's this time.
    takes_original: bool,
    found: Found,
}

impl<'a> Scanner<'a> {
    fn new(text: &'a str, scratch: &'a mut Scratch, takes_original: bool) -> Self {
        let Scratch { names, cuts } = scratch;
        names.clear();
        cuts.clear();
        Self { text: text.as_bytes(), names, cuts, takes_original, found: Found::default() }
    }

    fn document(mut self) -> Result<Found, Flaw> {
        let start = self.space(0);
        if self.peek(start) != b'{' {
            return Err(Flaw::NotJson);
        }
        let end = self.object(start, 1, Room::Root)?;
        self.found.body = start + 1..end - 1;
        if self.space(end) == self.text.len() { Ok(self.found) } else { Err(Flaw::NotJson) }
    }
}

fn fit(condition: bool) -> Result<(), Flaw> {
    if condition { Ok(()) } else { Err(Flaw::Unfit) }
}
