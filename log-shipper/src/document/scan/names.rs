//! The names of the members of all objects that are open, to find one that comes twice.

use super::{Flaw, MEMBERS_MAX, Scanner, fit};
use crate::document::word::{before, equal, special, word_at};

#[derive(Debug, Default)]
pub(super) struct Names {
    /// A number for each name that is the same for the same names.
    prints: Vec<u64>,
    spans: Vec<Name>,
    /// Names that were written with escapes, without them.
    plain: Vec<u8>,
    /// All that there were, in objects that are closed too.
    count: usize,
}

/// Where a name is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Name {
    start: usize,
    end: usize,
    /// It is in [`Names::plain`], not in the text.
    escaped: bool,
}

impl Names {
    pub(super) fn clear(&mut self) {
        self.prints.clear();
        self.spans.clear();
        self.plain.clear();
        self.count = 0;
    }

    /// The number of names that are not of the object that opens now.
    pub(super) fn open(&self) -> usize {
        self.prints.len()
    }

    /// Forgets the names from `first` on: their object has ended.
    pub(super) fn close(&mut self, first: usize) {
        self.prints.truncate(first);
        self.spans.truncate(first);
    }

    #[inline]
    pub(super) fn get<'a>(&'a self, text: &'a [u8], name: Name) -> &'a [u8] {
        let whole = if name.escaped { &self.plain } else { text };
        &whole[name.start..name.end]
    }

    /// Adds a name of the object whose names begin at `first`; an error if it has the name already.
    #[inline]
    fn add(&mut self, text: &[u8], first: usize, name: Name, print: u64) -> Result<(), Flaw> {
        // Without a branch for each, many are compared at once.
        if self.prints[first..].iter().fold(0, |same, other| same | u8::from(*other == print)) > 0 {
            let twice = |other: &Name| self.get(text, *other) == self.get(text, name);
            fit(!self.spans[first..].iter().any(twice))?;
        }
        self.prints.push(print);
        self.spans.push(name);
        self.count += 1;
        fit(self.count <= MEMBERS_MAX)
    }
}

impl Scanner<'_> {
    /// The name of a member of the object whose names begin at `first`.
    #[inline]
    pub(super) fn name(&mut self, first: usize) -> Result<Name, Flaw> {
        self.expect(b'"')?;
        let start = self.at;
        let (mut print, mut dots) = (0, 0);
        let end = loop {
            let word = word_at(self.text, self.at);
            let hits = special(word);
            if hits != 0 {
                let length = before(hits);
                let word = word & ((1 << (8 * length)) - 1);
                print = mix(print, word);
                dots |= equal(word, b'.');
                break self.at + length;
            }
            print = mix(print, word);
            dots |= equal(word, b'.');
            self.at += 8;
        };
        self.at = end;
        if !self.take(b'"') {
            return self.escaped_name(first, start);
        }
        let name = Name { start, end, escaped: false };
        let usual = dots == 0 && end > start && self.text[start].is_ascii_graphic();
        fit(usual || is_path(&self.text[start..end]))?;
        self.names.add(self.text, first, name, print)?;
        Ok(name)
    }

    /// The same for a name with an escape, or one that does not end.
    #[cold]
    fn escaped_name(&mut self, first: usize, start: usize) -> Result<Name, Flaw> {
        let from = self.names.plain.len();
        self.names.plain.extend_from_slice(&self.text[start..self.at]);
        while !self.take(b'"') {
            let byte = self.peek().filter(|byte| *byte >= b' ').ok_or(Flaw::NotJson)?;
            if byte == b'\\' {
                let decoded = self.escape()?;
                self.names.plain.extend_from_slice(decoded.encode_utf8(&mut [0; 4]).as_bytes());
            } else {
                self.names.plain.push(byte);
                self.at += 1;
            }
        }
        let name = Name { start: from, end: self.names.plain.len(), escaped: true };
        let plain = &self.names.plain[from..];
        fit(is_path(plain))?;
        let print = print(plain);
        self.names.add(self.text, first, name, print)?;
        Ok(name)
    }
}

/// Whether Elasticsearch takes `name` for a path: no part between its dots is empty or blank.
fn is_path(name: &[u8]) -> bool {
    let name = str::from_utf8(name).unwrap_or_default();
    name.split('.').all(|part| part.contains(|c: char| !c.is_whitespace() && !c.is_control()))
}

fn print(name: &[u8]) -> u64 {
    (0..=name.len() / 8).fold(0, |print, word| mix(print, word_at(name, 8 * word)))
}

const fn mix(print: u64, word: u64) -> u64 {
    (print.rotate_left(5) ^ word).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}
