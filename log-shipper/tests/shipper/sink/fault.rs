//! Faults that the server can be told to have.

use serde_json::Value;

use super::answer::{self, Answer};
use super::store::{Item, Store};

/// What happens to a bulk request.
#[derive(Clone, Debug)]
pub enum Fault {
    /// Nothing.
    None,
    /// Each so-manieth item of a request fails, stored or not.
    Every { nth: usize, status: u16, kind: &'static str, stored: bool },
    /// Items whose document has this text fail.
    Marked { text: &'static str, status: u16, kind: &'static str },
    /// Items whose document has this text go to the failure store, or do not even fit in there (status 400).
    FailureStore { text: &'static str, takes: bool },
    /// The request fails as a whole; nothing is stored.
    Whole { status: u16, kind: &'static str, retry_after: Option<&'static str> },
    /// The request fails as a whole, and the answer is a page of some proxy.
    Page { status: u16 },
    /// The request fails as a whole (400) if a document has this text.
    Malformed { text: &'static str },
    /// 413 without a body if the body is larger; or the connection is cut before that is read.
    LargerThan { bytes: usize, cut: bool },
    /// Nothing is stored, and the connection is closed without an answer.
    Lost,
    /// Everything is stored, but the answer is of no use.
    Answer(Broken),
    /// Everything is stored, then the data stream rolls over, then the answer is of no use.
    RolledOver(Broken),
    /// The answer never comes; stored or not.
    Stall { stored: bool },
}

/// An answer that is of no use.
#[derive(Clone, Copy, Debug)]
pub enum Broken {
    /// The connection is closed before it.
    Missing,
    /// The connection is closed in the midst of it.
    Cut,
    /// It is not JSON.
    NotJson,
    /// It has an item less.
    TooShort,
    /// It has an item more.
    TooLong,
    /// It is empty, with status 200.
    Empty,
    /// Some proxy says 502.
    BadGateway,
}

/// Does what a request asks, as far as the faults let it.
pub(super) fn bulk(store: &mut Store, faults: &[Fault], items: &[Item<'_>], bytes: usize) -> Answer {
    if let Some(answer) = faults.iter().find_map(|fault| fault.whole(items, bytes)) {
        return answer;
    }
    let outcomes: Vec<Value> =
        items.iter().enumerate().map(|(place, item)| outcome(store, faults, place, item)).collect();
    faults.iter().find_map(|fault| fault.broken(store, items, &outcomes)).unwrap_or_else(|| answer::items(&outcomes))
}

fn outcome(store: &mut Store, faults: &[Fault], place: usize, item: &Item<'_>) -> Value {
    if let Some(outcome) = faults.iter().find_map(|fault| fault.item(store, place, item)) {
        return outcome;
    }
    match store.create(item) {
        404 => answer::item(404, "index_not_found_exception", None),
        409 => answer::item(409, "version_conflict_engine_exception", None),
        status => answer::item(status, "", None),
    }
}

impl Fault {
    /// The answer if nothing is stored.
    fn whole(&self, items: &[Item<'_>], bytes: usize) -> Option<Answer> {
        match self {
            Self::Whole { status, kind, retry_after } => {
                let answer = Answer::error(*status, kind);
                Some(retry_after.iter().fold(answer, |answer, value| answer.with_header("retry-after", value)))
            }
            Self::Page { status } => Some(Answer::new(*status, "<html>something else</html>")),
            Self::Malformed { text } if items.iter().any(|item| has(item, text)) => {
                Some(Answer::error(400, "illegal_argument_exception"))
            }
            Self::LargerThan { bytes: limit, .. } if bytes > *limit => Some(Answer::new(413, "")),
            Self::Lost => Some(Answer::none()),
            Self::Stall { stored: false } => Some(Answer::never()),
            _ => None,
        }
    }

    /// What becomes of an item, if that is not stored as usual.
    fn item(&self, store: &mut Store, place: usize, item: &Item<'_>) -> Option<Value> {
        match self {
            Self::Every { nth, status, kind, stored } if place % nth == nth - 1 => {
                if *stored {
                    store.create(item);
                }
                Some(answer::item(*status, kind, None))
            }
            Self::Marked { text, status, kind } if has(item, text) => Some(answer::item(*status, kind, None)),
            Self::FailureStore { text, takes: true } if has(item, text) => Some(answer::item(201, "", Some("used"))),
            Self::FailureStore { text, takes: false } if has(item, text) => {
                Some(answer::item(400, "document_parsing_exception", Some("failed")))
            }
            _ => None,
        }
    }

    /// The answer after everything is stored, if it is of no use.
    fn broken(&self, store: &mut Store, items: &[Item<'_>], outcomes: &[Value]) -> Option<Answer> {
        match self {
            Self::Answer(broken) => Some(broken.answer(outcomes)),
            Self::RolledOver(broken) => {
                let mut targets: Vec<&str> = items.iter().map(|item| item.target.as_str()).collect();
                targets.dedup();
                for target in targets {
                    store.roll_over(target);
                }
                Some(broken.answer(outcomes))
            }
            Self::Stall { stored: true } => Some(Answer::never()),
            _ => None,
        }
    }
}

impl Broken {
    fn answer(self, outcomes: &[Value]) -> Answer {
        match self {
            Self::Missing => Answer::none(),
            Self::Cut => answer::items(outcomes).cut(20),
            Self::NotJson => Answer::new(200, "<html>ok</html>"),
            Self::TooShort => answer::items(&outcomes[1..]),
            Self::TooLong => answer::items(&[outcomes, &outcomes[..1]].concat()),
            Self::Empty => Answer::new(200, ""),
            Self::BadGateway => Answer::new(502, "<html>Bad Gateway</html>"),
        }
    }
}

fn has(item: &Item<'_>, text: &str) -> bool {
    memchr::memmem::find(item.source, text.as_bytes()).is_some()
}
