//! What is wrong with a setting, as one line that names it and says what is accepted.
//!
//! A value is never repeated: it may be a secret that ended up in the wrong place.

use clap::Error;
use clap::error::{ContextKind, ErrorKind};
use thiserror::Error as ErrorOf;

use super::Effective;

/// One line for people.
#[derive(Clone, Debug, PartialEq, Eq, ErrorOf)]
#[error("{0}")]
pub struct Complaint(String);

impl Complaint {
    pub(super) fn new(sentence: impl Into<String>) -> Self {
        Self(sentence.into())
    }

    /// A setting, what it is, and in relation to which other one; both as they are called where they came from.
    pub(super) fn of(effective: &Effective, name: &str, is: &str, other: &str) -> Self {
        Self(format!("{} {is} {}", effective.subject(name), effective.mention(other)))
    }
}

/// What clap's `error` about a value says would be accepted.
pub(crate) fn accepted(error: &Error) -> String {
    let of = |kind| error.get(kind).map(ToString::to_string).unwrap_or_default();
    let (listed, given) = (of(ContextKind::ValidValue), of(ContextKind::InvalidValue));
    match error.kind() {
        _ if !listed.is_empty() => format!("expected one of {listed}"),
        ErrorKind::InvalidValue if given.is_empty() => "expected a value".into(),
        ErrorKind::InvalidUtf8 => "expected UTF-8".into(),
        kind => std::error::Error::source(error).map_or_else(|| kind.to_string(), ToString::to_string),
    }
}

/// A word that looks like a name of ours; anything else may be a value.
pub(crate) fn shown<'a>(given: &'a str, other: &'a str) -> &'a str {
    let word = given.split('=').next().unwrap_or_default();
    let harmless = word.len() <= 40 && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    if harmless && !word.is_empty() { word } else { other }
}

/// What was meant, as far as clap can guess.
pub(crate) fn hint(error: &Error) -> Option<String> {
    let guesses = [ContextKind::SuggestedArg, ContextKind::SuggestedSubcommand, ContextKind::SuggestedValue];
    let found = guesses.into_iter().filter_map(|kind| error.get(kind)).map(ToString::to_string);
    found.filter(|guess| !guess.is_empty()).map(|guess| guess.replace(", ", " or ")).next()
}
