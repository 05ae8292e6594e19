//! The text that is searched, and small questions about its bytes.

/// A line, and what is known of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Text<'t> {
    pub bytes: &'t [u8],
    /// The same in lower case.
    pub folded: &'t [u8],
    /// Whether it may be JSON, which must stay JSON.
    pub json: bool,
    /// Everything before is done; no secret begins there.
    pub done: usize,
    /// No key with a hint that ends here or before is followed by another secret.
    pub checked: usize,
}

const ESC: u8 = 0x1b;

/// An escape that sets a color has no more digits.
const COLOR_MAX: usize = 24;

fn is_color_byte(byte: u8) -> bool {
    byte.is_ascii_digit() || byte == b';'
}

impl<'t> Text<'t> {
    pub(super) fn new(bytes: &'t [u8], folded: &'t [u8]) -> Self {
        let mut begin = bytes.iter().filter(|byte| !byte.is_ascii_whitespace());
        // A `[` alone often begins a time.
        let json = match begin.next() {
            Some(b'{') => true,
            Some(b'[') => begin.next().is_some_and(|byte| b"{[\"".contains(byte)),
            _ => false,
        };
        Self { bytes, folded, json, done: 0, checked: 0 }
    }

    pub(super) fn get(&self, at: usize) -> Option<u8> {
        self.bytes.get(at).copied()
    }

    pub(super) fn before(&self, at: usize) -> Option<u8> {
        self.get(at.checked_sub(1)?)
    }

    /// Whether a word may begin at `at`: behind no letter or digit, but for those of an escape.
    pub(super) fn is_word_start(&self, at: usize) -> bool {
        let is_escape = |length: usize, mark: &[u8]| {
            at.checked_sub(length).is_some_and(|start| self.has(start, mark) && self.hex(at - 2).is_some())
        };
        let is_letter = self.before(at).is_some_and(|byte| byte.is_ascii_alphanumeric());
        let is_escaped = || at >= 2 && self.bytes[at - 2] == b'\\' && b"nrtbf".contains(&self.bytes[at - 1]);
        !is_letter || is_escaped() || is_escape(3, b"%") || is_escape(5, b"%25") || is_escape(6, b"\\u00")
    }

    /// Whether `word`, in lower case, is at `at`.
    pub(super) fn has(&self, at: usize, word: &[u8]) -> bool {
        self.folded.get(at..).is_some_and(|rest| rest.starts_with(word))
    }

    /// The first byte from `at` on that is not one of these.
    pub(super) fn skip(&self, at: usize, these: impl Fn(u8) -> bool) -> usize {
        at + self.bytes.get(at..).unwrap_or_default().iter().take_while(|byte| these(**byte)).count()
    }

    pub(super) fn skip_spaces(&self, at: usize) -> usize {
        self.skip(at, |byte| byte == b' ' || byte == b'\t')
    }

    /// What separates keys, signs and values besides the sign: spaces, and escapes that set a color (`ESC [ 1;31 m`), also
    /// as JSON has them.
    pub(super) fn skip_gap(&self, mut at: usize) -> usize {
        loop {
            at = self.skip_spaces(at);
            match self.color(at) {
                Some(end) => at = end,
                None => return at,
            }
        }
    }

    /// Where the escape at `at` ends that sets a color.
    pub(super) fn color(&self, at: usize) -> Option<usize> {
        let behind = match self.get(at)? {
            ESC => at + 1,
            b'\\' => self.unicode(at).filter(|(byte, _)| *byte == ESC)?.1,
            _ => return None,
        };
        let digits = (self.get(behind)? == b'[').then_some(behind + 1)?;
        let letter = self.skip(digits, is_color_byte);
        (self.get(letter)? == b'm').then_some(letter + 1)
    }

    /// Where an escape that sets a color ends, if `at` is in its last part, which looks like a key.
    pub(super) fn color_around(&self, at: usize) -> Option<usize> {
        let digits =
            at - self.bytes[..at].iter().rev().take(COLOR_MAX).take_while(|byte| is_color_byte(**byte)).count();
        let before = self.folded[..digits].strip_suffix(b"[")?;
        let is_escape = before.last() == Some(&ESC) || before.ends_with(b"\\u001b");
        let letter = self.skip(digits, is_color_byte);
        (is_escape && self.get(letter) == Some(b'm')).then_some(letter + 1)
    }

    /// The backslashes from `at` on.
    pub(super) fn run(&self, at: usize) -> usize {
        self.skip(at, |byte| byte == b'\\') - at
    }

    /// The backslashes that end at `at`, not before `floor`.
    pub(super) fn run_before(&self, at: usize, floor: usize) -> usize {
        self.bytes[floor..at].iter().rev().take_while(|byte| **byte == b'\\').count()
    }

    /// The byte that two hexadecimal digits at `at` stand for.
    pub(super) fn hex(&self, at: usize) -> Option<u8> {
        let digit = |at| char::from(self.get(at)?).to_digit(16);
        u8::try_from(digit(at)? << 4 | digit(at + 1)?).ok()
    }

    /// The byte that is percent-encoded `times` times at `at`.
    pub(super) fn coded(&self, at: usize, times: u8) -> Option<u8> {
        let mut digits = at + 1;
        for _ in 1..times {
            digits = self.has(digits, b"25").then_some(digits + 2)?;
        }
        self.hex(digits).filter(|_| self.get(at) == Some(b'%'))
    }

    /// The character below 256 that `\u00XX` at `at` stands for (with more backslashes if that is inside of JSON inside
    /// of JSON), and where it ends.
    pub(super) fn unicode(&self, at: usize) -> Option<(u8, usize)> {
        let digits = at + self.run(at);
        (digits > at && self.has(digits, b"u00")).then_some(())?;
        Some((self.hex(digits + 3)?, digits + 5))
    }

    /// Whether there is a line break at `at`, also an escaped one, and where it ends.
    pub(super) fn line_break(&self, at: usize) -> Option<usize> {
        if let Some(b'\n' | b'\r') = self.get(at) {
            return Some(at + 1);
        }
        let letter = at + self.run(at);
        (letter > at && matches!(self.get(letter), Some(b'n' | b'r'))).then_some(letter + 1)
    }

    /// The same, where a carriage return and a line feed are one.
    pub(super) fn new_line(&self, at: usize) -> Option<usize> {
        let end = self.line_break(at)?;
        let is_return = self.before(end).is_some_and(|byte| byte == b'r' || byte == b'\r');
        Some(self.line_break(end).filter(|_| is_return).unwrap_or(end))
    }

    /// Whether these bytes hide something already, or nothing.
    pub(super) fn is_hidden(&self, start: usize, end: usize) -> bool {
        const WORDS: [&[u8]; 5] = [b"[masked]", b"[redacted]", b"[filtered]", b"<masked>", b"<redacted>"];
        let value = self.folded[start..end].trim_ascii();
        WORDS.contains(&value) || value.iter().all(|byte| *byte == b'*')
    }
}
