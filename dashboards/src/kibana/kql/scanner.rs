//! The characters of a query, read from left to right, with escapes undone.

use super::Error;

/// Characters that end an unquoted literal unless `\` is before them; `*` stands for anything.
const SPECIAL: &str = "\\():<>\"*{}";

/// Words that end an unquoted literal; `or` and `and` only between spaces.
const KEYWORDS: [&str; 3] = ["or", "and", "not"];

/// How far a query is read.
#[derive(Debug)]
pub(super) struct Scanner {
    chars: Vec<char>,
    /// The next character's number, from 0.
    pub(super) at: usize,
}

/// What counts as space.
pub(super) const fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\r' | '\n' | '\u{a0}')
}

impl Scanner {
    pub(super) fn new(text: &str) -> Self {
        Self { chars: text.chars().collect(), at: 0 }
    }

    pub(super) fn error(&self, what: impl Into<String>) -> Error {
        Error { at: self.at + 1, what: what.into() }
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.chars.get(self.at).copied()
    }

    /// Passes a character if it comes next.
    pub(super) fn take(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    /// Passes space; true if there was any.
    pub(super) fn space(&mut self) -> bool {
        let before = self.at;
        while self.peek().is_some_and(is_space) {
            self.at += 1;
        }
        self.at > before
    }

    /// Whether a word comes `ahead` characters from here, in whatever case, with space behind it.
    pub(super) fn has_word(&self, ahead: usize, word: &str) -> bool {
        let start = self.at + ahead;
        self.has(start, word) && self.chars.get(start + word.len()).copied().is_some_and(is_space)
    }

    fn has(&self, start: usize, word: &str) -> bool {
        let found = self.chars.get(start..start + word.len());
        found.is_some_and(|found| found.iter().zip(word.chars()).all(|(a, b)| a.eq_ignore_ascii_case(&b)))
    }

    /// What is between quotes, the first of which is passed; passes the second.
    pub(super) fn quoted(&mut self) -> Result<String, Error> {
        let mut text = String::new();
        loop {
            match self.peek() {
                None => return Err(self.error("the closing \" is missing")),
                Some('"') => break,
                Some('\\') => text.push(self.escaped_in_quotes()),
                Some(c) => text.push(c),
            }
            self.at += 1;
        }
        self.at += 1;
        Ok(text)
    }

    /// What comes up to a special character or a keyword: pieces, with an asterisk between any two.
    pub(super) fn unquoted(&mut self) -> Result<Vec<String>, Error> {
        let (mut pieces, mut piece) = (Vec::new(), String::new());
        while let Some(c) = self.peek().filter(|_| !self.is_keyword()) {
            match c {
                '\\' => piece.push_str(&self.escaped()?),
                '*' => pieces.push(std::mem::take(&mut piece)),
                _ if SPECIAL.contains(c) => break,
                _ => piece.push(c),
            }
            self.at += 1;
        }
        pieces.push(piece);
        Ok(pieces)
    }

    /// `or` and `and` between spaces, `not` before one, wherever they stand: also the end of `cannot`.
    fn is_keyword(&self) -> bool {
        let spaced = self.peek().is_some_and(is_space);
        self.has_word(0, "not") || (spaced && KEYWORDS[..2].iter().any(|word| self.has_word(1, word)))
    }

    /// What `\` and what comes behind it mean between quotes; stays on its last character. Before any other character the
    /// backslash is itself.
    fn escaped_in_quotes(&mut self) -> char {
        let next = self.chars.get(self.at + 1).copied();
        let meant = next.filter(|c| matches!(c, '\\' | '"')).or_else(|| self.space_or_unicode());
        if meant.is_some() {
            self.pass_escape(next);
        }
        meant.unwrap_or('\\')
    }

    /// The same outside of quotes, where the backslash has to mean something: before `n` always a line break, also in `\not`.
    fn escaped(&mut self) -> Result<String, Error> {
        let next = self.chars.get(self.at + 1).copied();
        if let Some(meant) = next.filter(|c| SPECIAL.contains(*c)).or_else(|| self.space_or_unicode()) {
            self.pass_escape(next);
            return Ok(meant.into());
        }
        let word = KEYWORDS.into_iter().find(|word| self.has(self.at + 1, word)).ok_or_else(|| {
            self.error(
                "\\ is only for \\():<>\"*{}, t, r, n, u and four hexadecimal digits, and the words or, and, NOT",
            )
        })?;
        let text = self.chars[self.at + 1..=self.at + word.len()].iter().collect();
        self.at += word.len();
        Ok(text)
    }

    fn pass_escape(&mut self, next: Option<char>) {
        self.at += if next == Some('u') { 5 } else { 1 };
    }

    fn space_or_unicode(&self) -> Option<char> {
        match self.chars.get(self.at + 1)? {
            't' => Some('\t'),
            'r' => Some('\r'),
            'n' => Some('\n'),
            'u' => {
                let digits: String = self.chars.get(self.at + 2..self.at + 6)?.iter().collect();
                let hexadecimal = digits.bytes().all(|byte| byte.is_ascii_hexdigit());
                u32::from_str_radix(&digits, 16).ok().filter(|_| hexadecimal).and_then(char::from_u32)
            }
            _ => None,
        }
    }
}
