//! The smallest parts of JSON (RFC 8259): white space, strings, numbers, literals.

use super::{Flaw, NUMBER_MAX, Scanner, fit};
use crate::document::word::next_special;

impl Scanner<'_> {
    #[inline]
    pub(super) fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    /// Passes `byte` if it is the next.
    #[inline]
    pub(super) fn take(&mut self, byte: u8) -> bool {
        let taken = self.peek() == Some(byte);
        self.at += usize::from(taken);
        taken
    }

    #[inline]
    pub(super) fn expect(&mut self, byte: u8) -> Result<(), Flaw> {
        if self.take(byte) { Ok(()) } else { Err(Flaw::NotJson) }
    }

    #[inline]
    pub(super) fn space(&mut self) {
        while let Some(byte @ (b' ' | b'\t' | b'\n' | b'\r')) = self.peek() {
            self.found.broken |= matches!(byte, b'\n' | b'\r');
            self.at += 1;
        }
    }

    pub(super) fn literal(&mut self, literal: &[u8]) -> Result<(), Flaw> {
        if self.text[self.at..].starts_with(literal) {
            self.at += literal.len();
            return Ok(());
        }
        Err(Flaw::NotJson)
    }

    /// A string, from its opening quote.
    #[inline]
    pub(super) fn string(&mut self) -> Result<(), Flaw> {
        self.at += 1;
        loop {
            self.at = next_special(self.text, self.at);
            match self.peek() {
                Some(b'"') => break,
                Some(b'\\') => self.escape()?,
                _ => return Err(Flaw::NotJson),
            };
        }
        self.at += 1;
        Ok(())
    }

    /// An escape, from its backslash: what it stands for.
    pub(super) fn escape(&mut self) -> Result<char, Flaw> {
        let letter = self.text.get(self.at + 1);
        self.at += 2;
        Ok(match letter {
            Some(b'"') => '"',
            Some(b'\\') => '\\',
            Some(b'/') => '/',
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => return self.unicode(),
            _ => return Err(Flaw::NotJson),
        })
    }

    /// The digits of `\uXXXX`; two such escapes make a character beyond the first 65,536, half of one makes none.
    fn unicode(&mut self) -> Result<char, Flaw> {
        let first = self.hex()?;
        let second = match first {
            0xd800..=0xdbff if self.text[self.at..].starts_with(b"\\u") => {
                self.at += 2;
                Some(self.hex()?)
            }
            _ => None,
        };
        let units = [first, second.unwrap_or_default()];
        let units = &units[..=usize::from(second.is_some())];
        char::decode_utf16(units.iter().copied()).next().and_then(Result::ok).ok_or(Flaw::Unfit)
    }

    fn hex(&mut self) -> Result<u16, Flaw> {
        let digits = self.text.get(self.at..self.at + 4).ok_or(Flaw::NotJson)?;
        self.at += 4;
        digits.iter().try_fold(0, |number, digit| {
            let value = char::from(*digit).to_digit(16).ok_or(Flaw::NotJson)?;
            Ok(number << 4 | u16::try_from(value).unwrap_or_default())
        })
    }

    pub(super) fn number(&mut self) -> Result<(), Flaw> {
        let start = self.at;
        self.take(b'-');
        if !self.take(b'0') {
            self.digits()?;
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            let _ = self.take(b'+') || self.take(b'-');
            self.digits()?;
        }
        fit(self.at - start <= NUMBER_MAX)
    }

    /// One digit or more.
    fn digits(&mut self) -> Result<(), Flaw> {
        let start = self.at;
        while self.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.at += 1;
        }
        if self.at > start { Ok(()) } else { Err(Flaw::NotJson) }
    }
}
