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

    /// Whether `word`, in lower case, is at `at`.
    pub(super) fn has(&self, at: usize, word: &[u8]) -> bool {
        self.folded.get(at..).is_some_and(|rest| rest.starts_with(word))
    }

    /// The first byte from `at` on that is not one of these.
    pub(super) fn skip(&self, at: usize, these: impl Fn(u8) -> bool) -> usize {
        at + self.bytes[at..].iter().take_while(|byte| these(**byte)).count()
    }

    pub(super) fn skip_spaces(&self, at: usize) -> usize {
        self.skip(at, |byte| byte == b' ' || byte == b'\t')
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
