//! A name or a value as it stands in a query, quoted or not.

use super::scanner::{Scanner, is_space};
use super::{Error, Test};

/// A name or a value.
#[derive(Debug)]
pub(super) struct Literal {
    /// Where it begins, from 1.
    pub(super) at: usize,
    /// What is between its asterisks: one piece if there is none.
    pieces: Vec<String>,
    quoted: bool,
}

impl Literal {
    /// Reads the one that comes next.
    pub(super) fn read(scanner: &mut Scanner, wanted: &str) -> Result<Self, Error> {
        let at = scanner.at + 1;
        if scanner.take('"') {
            return Ok(Self { at, pieces: vec![scanner.quoted()?], quoted: true });
        }
        let pieces = trimmed(scanner.unquoted()?);
        if pieces == [""] {
            return Err(Error { at, what: format!("{wanted} is missing") });
        }
        Ok(Self { at, pieces, quoted: false })
    }

    /// It as a field's name.
    pub(super) fn name(self) -> Result<String, Error> {
        let Self { at, pieces, quoted } = self;
        let name = pieces.concat();
        if pieces.len() > 1 || name.is_empty() || (!quoted && ["null", "true", "false"].contains(&&*name)) {
            return Err(Error { at, what: "a field has one whole name here, without *".into() });
        }
        if name.contains(is_space) {
            return Err(Error { at, what: format!("'{name}' is no field's name: is a sign missing before it?") });
        }
        Ok(name)
    }

    /// It as what a field is compared to.
    pub(super) fn bound(self) -> Result<String, Error> {
        let at = self.at;
        match self.test()? {
            Test::Phrase(text) | Test::Word(text) => Ok(text),
            _ => Err(Error { at, what: "a comparison needs a number, a time or an address".into() }),
        }
    }

    /// It as what a field has to be.
    pub(super) fn test(self) -> Result<Test, Error> {
        let Self { at, pieces, quoted } = self;
        let error = |what: &str| Err(Error { at, what: what.into() });
        if quoted {
            return Ok(Test::Phrase(pieces.concat()));
        }
        if pieces.iter().any(|piece| piece.contains(is_space)) {
            return error("a value of several words stands between quotes");
        }
        Ok(match &*pieces {
            [text] if text == "null" => return error("null is no value: `not field: *` finds what has none"),
            [text] if text == "true" || text == "false" => Test::Truth(text == "true"),
            [text] => Test::Word(text.clone()),
            [before, after] if before.is_empty() && after.is_empty() => Test::Exists,
            _ => Test::Pattern(pieces),
        })
    }
}

/// Without the space at both ends of all, which is not that at the ends of each piece.
fn trimmed(mut pieces: Vec<String>) -> Vec<String> {
    if let Some(first) = pieces.first_mut() {
        *first = first.trim_start_matches(is_space).into();
    }
    if let Some(last) = pieces.last_mut() {
        last.truncate(last.trim_end_matches(is_space).len());
    }
    pieces
}
