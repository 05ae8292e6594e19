//! The answer to a bulk request: what became of each item.

use super::json::{Cursor, NotJson, Result as Parsed};

/// Bytes of an error's type that are kept.
const TYPE_LIMIT: usize = 128;
/// Bytes of an error's reason that are kept.
const REASON_LIMIT: usize = 1_024;
/// How nearly every item of nearly every answer looks.
const STORED: &[u8] = br#"{"create":{"status":201}}"#;

/// The outcome of every item, in the order of the request.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// Whether the server says that not all were stored.
    pub errors: bool,
    /// One for each item.
    pub items: Vec<Outcome>,
}

/// What became of an item.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// 100 to 999, as HTTP has it.
    pub status: u16,
    /// Whether the failure store has it.
    pub failure_store: FailureStore,
    /// What was wrong with it.
    pub problem: Option<Box<Problem>>,
}

impl Outcome {
    const STORED: Self = Self { status: 201, failure_store: FailureStore::No, problem: None };

    /// The type of its error; empty if there is none.
    #[must_use]
    pub fn kind(&self) -> &str {
        self.problem.as_ref().map_or("", |problem| &problem.kind)
    }

    /// The reason of its error; empty if there is none.
    #[must_use]
    pub fn reason(&self) -> &str {
        self.problem.as_ref().map_or("", |problem| &problem.reason)
    }
}

/// An error of Elasticsearch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problem {
    /// `error.type`, at most 128 bytes.
    pub kind: String,
    /// `error.reason`, at most 1 KiB. It may quote the document.
    pub reason: String,
}

/// An item's `failure_store`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FailureStore {
    /// It was not used, or there is none.
    #[default]
    No,
    /// It has the document.
    Used,
    /// It could not take the document either.
    Failed,
}

/// Why an answer is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Malformed {
    /// It is empty.
    #[error("the answer is empty")]
    Empty,
    /// It is not JSON, or cut, or not the answer to a bulk request.
    #[error("the answer is not that of a bulk request, or was cut")]
    NotAnAnswer,
    /// It has more or fewer items than were sent.
    #[error("the answer has another number of items than were sent ({0})")]
    WrongCount(usize),
}

impl From<NotJson> for Malformed {
    fn from(_: NotJson) -> Self {
        Self::NotAnAnswer
    }
}

impl Answer {
    /// Reads the answer to a request of `count` items. Members may stand in any order; those not known are stepped over.
    /// Memory is bounded by `count`.
    ///
    /// # Errors
    /// It is not whole, not JSON, or does not tell of exactly `count` items.
    pub fn parse(body: &[u8], count: usize) -> Result<Self, Malformed> {
        let text = std::str::from_utf8(body).map_err(|_| Malformed::NotAnAnswer)?;
        let mut cursor = Cursor::new(text);
        if cursor.peek().is_none() {
            return Err(Malformed::Empty);
        }
        let (mut errors, mut items) = (None, None);
        cursor.object(|cursor, name| {
            match name {
                b"errors" => errors = Some(cursor.boolean()?),
                b"items" => items = Some(outcomes(cursor, count)?),
                _ => cursor.value()?,
            }
            Ok(())
        })?;
        cursor.end()?;
        let (errors, (items, seen)) = errors.zip(items).ok_or(Malformed::NotAnAnswer)?;
        if seen == count { Ok(Self { errors, items }) } else { Err(Malformed::WrongCount(seen)) }
    }
}

/// Those of the first `count` items, and how many there were.
fn outcomes(cursor: &mut Cursor<'_>, count: usize) -> Parsed<(Vec<Outcome>, usize)> {
    let (mut items, mut seen) = (Vec::with_capacity(count), 0);
    cursor.array(|cursor| {
        let outcome = if cursor.skip(STORED) { Outcome::STORED } else { item(cursor)? };
        seen += 1;
        if seen <= count {
            items.push(outcome);
        }
        Ok(())
    })?;
    Ok((items, seen))
}

/// `{"create":{…}}`; some servers answer with `index`.
fn item(cursor: &mut Cursor<'_>) -> Parsed<Outcome> {
    let mut found = None;
    cursor.object(|cursor, name| {
        if found.is_some() || !matches!(name, b"create" | b"index") {
            return Err(NotJson);
        }
        found = Some(outcome(cursor)?);
        Ok(())
    })?;
    found.ok_or(NotJson)
}

fn outcome(cursor: &mut Cursor<'_>) -> Parsed<Outcome> {
    let mut outcome = Outcome::default();
    cursor.object(|cursor, name| {
        match name {
            b"status" => outcome.status = cursor.status()?,
            b"error" => outcome.problem = Some(Box::new(problem(cursor)?)),
            b"failure_store" => outcome.failure_store = failure_store(cursor)?,
            _ => cursor.value()?,
        }
        Ok(())
    })?;
    if outcome.status == 0 { Err(NotJson) } else { Ok(outcome) }
}

fn failure_store(cursor: &mut Cursor<'_>) -> Parsed<FailureStore> {
    Ok(match cursor.text(TYPE_LIMIT)?.as_str() {
        "used" => FailureStore::Used,
        "failed" => FailureStore::Failed,
        _ => FailureStore::No,
    })
}

/// An object with `type` and `reason`, or just a text.
fn problem(cursor: &mut Cursor<'_>) -> Parsed<Problem> {
    let mut problem = Problem::default();
    if cursor.peek() == Some(b'"') {
        problem.reason = cursor.text(REASON_LIMIT)?;
        return Ok(problem);
    }
    cursor.object(|cursor, name| {
        match (name, cursor.peek()) {
            (b"type", Some(b'"')) => problem.kind = cursor.text(TYPE_LIMIT)?,
            (b"reason", Some(b'"')) => problem.reason = cursor.text(REASON_LIMIT)?,
            _ => cursor.value()?,
        }
        Ok(())
    })?;
    Ok(problem)
}

impl Problem {
    /// The error in the answer to a request that failed as a whole; `None` if the answer is not Elasticsearch's.
    #[must_use]
    pub fn parse(body: &[u8]) -> Option<Self> {
        let mut cursor = Cursor::new(std::str::from_utf8(body).ok()?);
        let mut found = None;
        let read = cursor.object(|cursor, name| match name {
            b"error" => problem(cursor).map(|problem| found = Some(problem)),
            _ => cursor.value(),
        });
        read.and_then(|()| cursor.end()).ok().and(found)
    }
}

#[cfg(test)]
mod tests;
