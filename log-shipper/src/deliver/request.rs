//! A request, and what it came to.

use std::time::Duration;

use bytes::Bytes;

/// Bytes of the answer to a question at most: thousands of indices, or a large mapping.
pub(super) const QUESTION_LIMIT: usize = 16 << 20;

/// A request to any of the hosts: `POST` if it has a body, otherwise `GET`.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    /// Path and query, from the first slash.
    pub path: &'a str,
    /// Its body.
    pub body: Option<Bytes>,
    /// The type of the body.
    pub content_type: &'static str,
    /// Whether the body is compressed.
    pub gzip: bool,
    /// Bytes of the answer at most.
    pub answer_limit: usize,
}

impl<'a> Request<'a> {
    /// A question.
    #[must_use]
    pub fn get(path: &'a str) -> Self {
        Self { path, body: None, content_type: "application/json", gzip: false, answer_limit: QUESTION_LIMIT }
    }

    /// A request with a JSON body.
    #[must_use]
    pub fn post(path: &'a str, body: Bytes) -> Self {
        Self { path, body: Some(body), content_type: "application/json", gzip: false, answer_limit: QUESTION_LIMIT }
    }
}

/// A whole answer.
#[derive(Clone, Debug)]
pub struct Reply {
    /// Its status.
    pub status: u16,
    /// How long the server asks to be left alone.
    pub retry_after: Option<Duration>,
    /// Its body.
    pub body: Bytes,
}

/// Why there is no answer.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Failure {
    /// Nothing was sent.
    #[error("{0}")]
    Unreached(String),
    /// Something was sent, which may have been acted upon.
    #[error("{0}")]
    Unanswered(String),
}
