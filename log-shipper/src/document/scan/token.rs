//! The smallest parts of JSON (RFC 8259): white space, strings, numbers, literals.

use super::{Flaw, NUMBER_MAX, Scanner, fit};
use crate::document::word::next_special;

impl Scanner<'_> {
    /// The byte at `at`; behind the end a NUL, which no part of JSON begins with.
    #[inline]
    pub(super) fn peek(&self, at: usize) -> u8 {
        self.text.get(at).copied().unwrap_or_default()
    }

    /// What is behind `byte`.
    #[inline]
    pub(super) fn expect(&self, at: usize, byte: u8) -> Result<usize, Flaw> {
        if self.peek(at) == byte { Ok(at + 1) } else { Err(Flaw::NotJson) }
    }

    /// What is behind white space, if there is any.
    #[inline]
    pub(super) fn space(&mut self, at: usize) -> usize {
        if self.peek(at) > b' ' { at } else { self.some_space(at) }
    }

    fn some_space(&mut self, mut at: usize) -> usize {
        while let byte @ (b' ' | b'\t' | b'\n' | b'\r') = self.peek(at) {
            self.found.broken |= matches!(byte, b'\n' | b'\r');
            at += 1;
        }
        at
    }

    pub(super) fn literal(&self, at: usize, literal: &[u8]) -> Result<usize, Flaw> {
        if self.text[at..].starts_with(literal) { Ok(at + literal.len()) } else { Err(Flaw::NotJson) }
    }

    /// What is behind a string, from its opening quote.
    #[inline]
    pub(super) fn string(&self, at: usize) -> Result<usize, Flaw> {
        let mut at = at + 1;
        loop {
            at = next_special(self.text, at);
            match self.peek(at) {
                b'"' => return Ok(at + 1),
                b'\\' => at = self.escape(at)?.1,
                _ => return Err(Flaw::NotJson),
            }
        }
    }

    /// An escape, from its backslash: what it stands for, and what is behind it.
    pub(super) fn escape(&self, at: usize) -> Result<(char, usize), Flaw> {
        let behind = at + 2;
        let character = match self.peek(at + 1) {
            byte @ (b'"' | b'\\' | b'/') => char::from(byte),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode(behind),
            _ => return Err(Flaw::NotJson),
        };
        Ok((character, behind))
    }

    /// The digits of `\uXXXX`; two such escapes make a character beyond the first 65,536, half of one makes none.
    fn unicode(&self, at: usize) -> Result<(char, usize), Flaw> {
        let (first, behind) = (self.hex(at)?, at + 4);
        let is_half = matches!(first, 0xd800..=0xdbff) && self.text[behind..].starts_with(b"\\u");
        let second = if is_half { Some(self.hex(behind + 2)?) } else { None };
        let units = [Some(first), second].into_iter().flatten();
        let character = char::decode_utf16(units).next().and_then(Result::ok).ok_or(Flaw::Unfit)?;
        Ok((character, if is_half { behind + 6 } else { behind }))
    }

    fn hex(&self, at: usize) -> Result<u16, Flaw> {
        let digits = self.text.get(at..at + 4).ok_or(Flaw::NotJson)?;
        digits.iter().try_fold(0, |number, digit| {
            let value = char::from(*digit).to_digit(16).ok_or(Flaw::NotJson)?;
            Ok(number << 4 | u16::try_from(value).unwrap_or_default())
        })
    }

    pub(super) fn number(&self, start: usize) -> Result<usize, Flaw> {
        let mut at = start + usize::from(self.peek(start) == b'-');
        at = if self.peek(at) == b'0' { at + 1 } else { self.digits(at)? };
        if self.peek(at) == b'.' {
            at = self.digits(at + 1)?;
        }
        if matches!(self.peek(at), b'e' | b'E') {
            let signed = matches!(self.peek(at + 1), b'+' | b'-');
            at = self.digits(at + 1 + usize::from(signed))?;
        }
        fit(at - start <= NUMBER_MAX)?;
        Ok(at)
    }

    /// What is behind digits; there is one at least.
    #[inline]
    fn digits(&self, start: usize) -> Result<usize, Flaw> {
        let mut at = start;
        while self.peek(at).is_ascii_digit() {
            at += 1;
        }
        if at > start { Ok(at) } else { Err(Flaw::NotJson) }
    }
}
