//! The names of the members of all objects that are open, to find one that comes twice.

use super::{Flaw, MEMBERS_MAX, Scanner, fit};
use crate::document::word::{before, equal, next_special, special, word_at};

#[derive(Debug, Default)]
pub(super) struct Names {
    /// The print of each.
    prints: Vec<u64>,
    /// Names that were written with escapes, without them, one behind the other.
    pub plain: Vec<u8>,
    /// All that there were, in objects that are closed too.
    count: usize,
}

/// The names of one object.
#[derive(Clone, Copy, Debug)]
pub(super) struct Own {
    /// Where they begin.
    first: usize,
    /// A bit for each of 64 kinds of prints that are among them: a kind that is not need not be looked for.
    kinds: u64,
}

impl Names {
    pub(super) fn clear(&mut self) {
        self.prints.clear();
        self.plain.clear();
        self.count = 0;
    }

    #[inline]
    pub(super) fn open(&self) -> Own {
        Own { first: self.prints.len(), kinds: 0 }
    }

    /// Forgets the names of an object that has ended.
    #[inline]
    pub(super) fn close(&mut self, own: Own) {
        self.prints.truncate(own.first);
    }

    /// Adds the print of a name; an error if the object has it already.
    #[inline]
    fn add(&mut self, own: &mut Own, print: u64) -> Result<(), Flaw> {
        let kind = 1 << (print % 64);
        let twice = own.kinds & kind != 0 && self.prints[own.first..].contains(&print);
        own.kinds |= kind;
        self.prints.push(print);
        self.count += 1;
        fit(!twice && self.count <= MEMBERS_MAX)
    }
}

impl Scanner<'_> {
    /// What is behind the name of a member, from its opening quote.
    #[inline]
    pub(super) fn name(&mut self, at: usize, own: &mut Own) -> Result<usize, Flaw> {
        let start = self.expect(at, b'"')?;
        let (mut at, mut print, mut dots) = (start, 0, 0);
        let mut word = word_at(self.text, at);
        while special(word) == 0 {
            print = mix(print, word);
            dots |= equal(word, b'.');
            at += 8;
            word = word_at(self.text, at);
        }
        let length = before(special(word));
        let end = at + length;
        word &= (1 << (8 * length)) - 1;
        if self.peek(end) != b'"' {
            return self.escaped_name(start, end, own);
        }
        let usual = dots | equal(word, b'.') == 0 && self.text[start] > b' ' && self.text[start] < 0x80 && end > start;
        fit(usual || is_path(&self.text[start..end]))?;
        self.names.add(own, mix(print, word))?;
        Ok(end + 1)
    }

    /// The same for a name that has something else than plain text at `at`; it is written to [`Names::plain`].
    #[cold]
    fn escaped_name(&mut self, start: usize, mut at: usize, own: &mut Own) -> Result<usize, Flaw> {
        let from = self.names.plain.len();
        self.names.plain.extend_from_slice(&self.text[start..at]);
        loop {
            let run = next_special(self.text, at);
            self.names.plain.extend_from_slice(&self.text[at..run]);
            match self.peek(run) {
                b'"' => break at = run + 1,
                b'\\' => {
                    let (character, behind) = self.escape(run)?;
                    self.names.plain.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
                    at = behind;
                }
                _ => return Err(Flaw::NotJson),
            }
        }
        let plain = &self.names.plain[from..];
        fit(is_path(plain))?;
        let print = print(plain);
        self.names.add(own, print)?;
        Ok(at)
    }
}

/// Whether Elasticsearch takes `name` for a path: no part between its dots is empty or blank.
fn is_path(name: &[u8]) -> bool {
    let name = str::from_utf8(name).unwrap_or_default();
    name.split('.').all(|part| part.contains(|c: char| !c.is_whitespace() && !c.is_control()))
}

/// A number that is the same for the same names. Of other names it may be so once in 2⁶⁴ times, or because somebody looked
/// for them, who then finds the line kept as text.
fn print(name: &[u8]) -> u64 {
    (0..=name.len() / 8).fold(0, |print, word| mix(print, word_at(name, 8 * word)))
}

/// Both halves of a long product depend on all bits.
#[inline]
fn mix(print: u64, word: u64) -> u64 {
    let product = u128::from(print ^ word ^ 0x9e37_79b9_7f4a_7c15) * u128::from(0xd1b5_4a32_d192_ed03_u64);
    let bytes = product.to_le_bytes();
    word_at(&bytes, 0) ^ word_at(&bytes, 8)
}
