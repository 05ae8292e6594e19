//! A cursor over JSON that keeps nothing: it steps over values, or takes a text or a number out of them.

/// Arrays and objects within each other at most; an answer of Elasticsearch has five.
const DEPTH: usize = 64;

/// The text is not JSON, or not what was expected there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct NotJson;

pub(super) type Result<T> = std::result::Result<T, NotJson>;

pub(super) struct Cursor<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text: text.as_bytes(), at: 0 }
    }

    /// Steps over `literal` if it stands here, byte for byte.
    pub(super) fn skip(&mut self, literal: &[u8]) -> bool {
        let found = self.text[self.at..].starts_with(literal);
        self.at += if found { literal.len() } else { 0 };
        found
    }

    /// The next byte that is not white space, without stepping over it.
    pub(super) fn peek(&mut self) -> Option<u8> {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.text.get(self.at) {
            self.at += 1;
        }
        self.text.get(self.at).copied()
    }

    /// Steps over `byte` if it is the next one.
    pub(super) fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    pub(super) fn expect(&mut self, byte: u8) -> Result<()> {
        self.take(byte).then_some(()).ok_or(NotJson)
    }

    /// Nothing but white space is left.
    pub(super) fn end(&mut self) -> Result<()> {
        self.peek().is_none().then_some(()).ok_or(NotJson)
    }

    /// The members of an object: `member` gets each name, as it is written, and has to step over the value.
    pub(super) fn object(&mut self, mut member: impl FnMut(&mut Self, &'a [u8]) -> Result<()>) -> Result<()> {
        self.expect(b'{')?;
        if self.take(b'}') {
            return Ok(());
        }
        loop {
            let name = self.raw_text()?;
            self.expect(b':')?;
            member(self, name)?;
            if !self.take(b',') {
                return self.expect(b'}');
            }
        }
    }

    /// The elements of an array: `element` has to step over each.
    pub(super) fn array(&mut self, mut element: impl FnMut(&mut Self) -> Result<()>) -> Result<()> {
        self.expect(b'[')?;
        if self.take(b']') {
            return Ok(());
        }
        loop {
            element(self)?;
            if !self.take(b',') {
                return self.expect(b']');
            }
        }
    }

    pub(super) fn boolean(&mut self) -> Result<bool> {
        match self.peek() {
            Some(b't') if self.skip(b"true") => Ok(true),
            Some(b'f') if self.skip(b"false") => Ok(false),
            _ => Err(NotJson),
        }
    }

    /// A status: three digits, nothing after them.
    pub(super) fn status(&mut self) -> Result<u16> {
        self.peek();
        let start = self.at;
        self.number()?;
        match self.text[start..self.at] {
            [a @ b'1'..=b'9', b @ b'0'..=b'9', c @ b'0'..=b'9'] => {
                Ok(u16::from(a - b'0') * 100 + u16::from(b - b'0') * 10 + u16::from(c - b'0'))
            }
            _ => Err(NotJson),
        }
    }

    /// A text, of which at most `limit` bytes are kept.
    pub(super) fn text(&mut self, limit: usize) -> Result<String> {
        let raw = self.raw_text()?;
        let mut text = String::with_capacity(raw.len().min(limit));
        let mut rest = std::str::from_utf8(raw).map_err(|_| NotJson)?;
        while let Some((character, after)) = unescape(rest) {
            if text.len() + character.len_utf8() > limit {
                break;
            }
            text.push(character);
            rest = after;
        }
        Ok(text)
    }

    /// Steps over any value.
    pub(super) fn value(&mut self) -> Result<()> {
        self.value_within(DEPTH)
    }

    fn value_within(&mut self, depth: usize) -> Result<()> {
        let below = depth.checked_sub(1).ok_or(NotJson);
        match self.peek().ok_or(NotJson)? {
            b'{' => below.and_then(|depth| self.object(|cursor, _| cursor.value_within(depth))),
            b'[' => below.and_then(|depth| self.array(|cursor| cursor.value_within(depth))),
            b'"' => self.raw_text().map(drop),
            b't' | b'f' => self.boolean().map(drop),
            b'n' => self.skip(b"null").then_some(()).ok_or(NotJson),
            _ => self.number(),
        }
    }

    fn number(&mut self) -> Result<()> {
        self.skip(b"-");
        if !self.skip(b"0") {
            self.digits()?;
        }
        if self.skip(b".") {
            self.digits()?;
        }
        if self.skip(b"e") || self.skip(b"E") {
            let _sign = self.skip(b"+") || self.skip(b"-");
            self.digits()?;
        }
        Ok(())
    }

    fn digits(&mut self) -> Result<()> {
        let digits = self.text[self.at..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        self.at += digits;
        (digits > 0).then_some(()).ok_or(NotJson)
    }

    /// What stands between the quotes, escapes checked but not resolved.
    fn raw_text(&mut self) -> Result<&'a [u8]> {
        self.expect(b'"')?;
        let start = self.at;
        loop {
            match self.text.get(self.at).ok_or(NotJson)? {
                b'"' => break,
                b'\\' => self.escape()?,
                0..=0x1f => return Err(NotJson),
                _ => self.at += 1,
            }
        }
        self.at += 1;
        Ok(&self.text[start..self.at - 1])
    }

    fn escape(&mut self) -> Result<()> {
        let length = match self.text.get(self.at + 1) {
            Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => 2,
            Some(b'u') if self.text.get(self.at + 2..self.at + 6).is_some_and(is_hexadecimal) => 6,
            _ => return Err(NotJson),
        };
        self.at += length;
        Ok(())
    }
}

fn is_hexadecimal(digits: &[u8]) -> bool {
    digits.iter().all(u8::is_ascii_hexdigit)
}

/// The first character of a text whose escapes were checked, and what comes after it. Half a surrogate pair becomes U+FFFD:
/// a reason may quote any document.
fn unescape(text: &str) -> Option<(char, &str)> {
    let mut characters = text.chars();
    let first = characters.next()?;
    if first != '\\' {
        return Some((first, characters.as_str()));
    }
    let character = match characters.next()? {
        'b' => '\u{8}',
        'f' => '\u{c}',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'u' => return Some(unescape_unit(characters.as_str())),
        other => other,
    };
    Some((character, characters.as_str()))
}

fn unescape_unit(text: &str) -> (char, &str) {
    let unit = |text: &str| text.get(..4).and_then(|digits| u16::from_str_radix(digits, 16).ok());
    let (Some(first), Some(rest)) = (unit(text), text.get(4..)) else { return (char::REPLACEMENT_CHARACTER, "") };
    let second = rest.strip_prefix("\\u").and_then(unit);
    match char::decode_utf16(std::iter::once(first).chain(second)).next() {
        Some(Ok(character)) if character.len_utf16() == 2 => (character, &rest[6..]),
        Some(Ok(character)) => (character, rest),
        _ => (char::REPLACEMENT_CHARACTER, rest),
    }
}
