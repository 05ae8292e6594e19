//! What handlers add to their request's line.

use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use bytes::Bytes;

use crate::redact::{Content, HashKey, Names, Shown};

/// As much of a body is kept for its hash.
const KEPT_BYTES: u64 = 64 * 1024;

/// A handle to the line of the request that is being answered: an extractor, cheap to clone.
///
/// Where no line is written (`--transaction-log off`), what is added goes nowhere and costs nothing.
#[derive(Clone, Debug, Default)]
pub struct RequestLog(Option<Arc<Mutex<Facts>>>);

/// What is known so far.
#[derive(Debug, Default)]
pub(super) struct Facts {
    pub(super) names: Names,
    /// The user's number, and the number of their name.
    user: Option<(i64, usize)>,
    pub(super) role: Option<&'static str>,
    pub(super) flash: Option<&'static str>,
    pub(super) latest: Option<i64>,
    pub(super) error: Option<(&'static str, String)>,
    content: Vec<(&'static str, Shown)>,
    received: u64,
    kept: Vec<Bytes>,
}

impl RequestLog {
    /// A log that is written.
    pub(super) fn attached() -> Self {
        Self(Some(Arc::default()))
    }

    /// Who is signed in, or whom the request acts for (`user.id`, `user.name`). The name exists, so it may be shown.
    pub fn user(&self, id: i64, name: &str) {
        self.with(|facts| {
            facts.user = Some((id, facts.names.confirm(name)));
        });
    }

    /// The name of who is signed in, if [`RequestLog::user`] told it.
    #[must_use]
    pub fn user_name(&self) -> Option<String> {
        self.facts()?.user().map(|(_, name)| name.to_owned())
    }

    /// What the caller proved to be (`minitwit.role`): `user` or `simulator`; a stranger has none.
    pub fn role(&self, role: &'static str) {
        self.with(|facts| facts.role = Some(role));
    }

    /// This name, or e-mail address, belongs to a user that exists: it may be shown wherever the request has it.
    pub fn confirm(&self, value: &str) {
        self.with(|facts| {
            facts.names.confirm(value);
        });
    }

    /// What was parsed of the body and allowed (see [`crate::redact::form`] and [`crate::redact::json`]). Without it,
    /// the line has the body's size and keyed hash.
    pub fn content(&self, fields: Vec<(&'static str, Shown)>) {
        self.with(|facts| {
            facts.kept = Vec::new();
            facts.content = fields;
        });
    }

    /// The kind of flash that the answer leaves for the next page (`minitwit.flash`), without names.
    pub fn flash(&self, text: &'static str) {
        self.with(|facts| facts.flash = Some(text));
    }

    /// The simulator's `latest` (`minitwit.latest`).
    pub fn latest(&self, latest: i64) {
        self.with(|facts| facts.latest = Some(latest));
    }

    /// What went wrong (`error.type`, `error.message`), in our own words. The response's report goes before it.
    pub fn error(&self, kind: &'static str, message: &str) {
        self.with(|facts| facts.error = Some((kind, message.to_owned())));
    }

    /// A piece of the body has come.
    pub(super) fn received(&self, piece: &Bytes) {
        self.with(|facts| {
            if facts.content.is_empty() && facts.received < KEPT_BYTES {
                facts.kept.push(piece.clone());
            }
            facts.received += piece.len() as u64;
        });
    }

    /// All facts, while the guard lives.
    pub(super) fn facts(&self) -> Option<MutexGuard<'_, Facts>> {
        self.0.as_ref().map(|facts| facts.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn with(&self, add: impl FnOnce(&mut Facts)) {
        if let Some(mut facts) = self.facts() {
            add(&mut facts);
        }
    }
}

impl Facts {
    /// Who is signed in, or whom the request acts for.
    pub(super) fn user(&self) -> Option<(i64, &str)> {
        let (id, name) = self.user?;
        Some((id, self.names.confirmed(name)?))
    }

    /// The bytes of the body: those that came, or those that were announced if nobody read to the end.
    pub(super) fn body_bytes(&self, announced: u64) -> u64 {
        self.received.max(announced)
    }

    /// The allowed fields, if there are any.
    pub(super) fn shown_content(&self, key: &HashKey) -> Option<Content> {
        (!self.content.is_empty()).then(|| Content::of(&self.content, &self.names, key))
    }

    /// The hash of a body that came and of which nothing may be shown; of a large one, of its first 64 KiB or a little
    /// more. Computed only when asked for.
    pub(super) fn body_hash(&self, key: &HashKey) -> Option<String> {
        let hidden = self.content.is_empty() && self.received > 0;
        hidden.then(|| key.keyed_hash_of(self.kept.iter().map(AsRef::as_ref)))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for RequestLog {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(parts.extensions.get().cloned().unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_hashed_only_if_nothing_of_it_is_shown() {
        let key = HashKey::new(&[7; 32]);
        let log = RequestLog::attached();
        log.received(&Bytes::from_static(b"hunter"));
        log.received(&Bytes::from_static(b"2"));
        assert_eq!(log.facts().unwrap().body_hash(&key), Some(key.keyed_hash(b"hunter2")));
        assert_eq!(log.facts().unwrap().body_bytes(3), 7);
        log.content(vec![("pwd", Shown::Secret)]);
        assert_eq!(log.facts().unwrap().body_hash(&key), None);
        assert_eq!(log.facts().unwrap().shown_content(&key).unwrap().json, r#"{"pwd":"[redacted]"}"#);
    }

    #[test]
    fn fields_that_allow_nothing_leave_the_hash() {
        let key = HashKey::new(&[7; 32]);
        let log = RequestLog::attached();
        log.received(&Bytes::from_static(b"token=x"));
        log.content(Vec::new());
        assert!(log.facts().unwrap().body_hash(&key).is_some());
        assert_eq!(log.facts().unwrap().shown_content(&key), None);
    }

    #[test]
    fn a_log_that_is_not_written_takes_everything() {
        let log = RequestLog::default();
        log.user(1, "ada");
        assert!(log.facts().is_none());
    }
}
