//! The index behind a target that takes new documents. It changes when a data stream rolls over, and what was stored
//! before that is not found by its id any more.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use serde::Deserialize;
use tokio::time::Instant;

use super::health::Trouble;
use super::hosts::Hosts;
use super::indices::{Indices, Resolved};
use super::request::{Reply, Request};
use super::setback::Setback;
use super::verdict::{CLOSED, NO_INDEX, Obstacle};
use crate::bulk::{Problem, segment};

/// Targets whose write index is remembered.
const TARGETS: usize = 1_000;

/// The write indices, as far as they are known.
#[derive(Debug)]
pub(super) struct WriteIndices {
    known: Mutex<HashMap<Arc<str>, Known>>,
    every: Duration,
    said: AtomicBool,
    /// Closed indices that were told of.
    closed: Mutex<HashSet<String>>,
}

#[derive(Clone, Debug)]
struct Known {
    /// Empty: there is no index yet. `None`: it cannot be known.
    name: Option<Arc<str>>,
    at: Instant,
}

impl WriteIndices {
    pub(super) fn new(every: Duration) -> Self {
        Self { known: Mutex::default(), every, said: AtomicBool::new(false), closed: Mutex::default() }
    }

    /// A name that was the write index's not long ago; empty if there was none, `None` if it cannot be known. One that is
    /// a little old does no harm: a look-up begins at it.
    pub(super) async fn recent(&self, hosts: &Hosts, target: &Arc<str>) -> Result<Option<Arc<str>>, Setback> {
        let known = self.lock().get(target).cloned();
        match known {
            Some(known) if known.at.elapsed() < self.every => Ok(known.name),
            known => match (self.resolve(hosts, target).await, known) {
                (Ok(indices), _) => Ok(indices.map(|indices| indices.write_index())),
                (Err(_), Some(known)) => Ok(known.name),
                (Err(setback), None) => Err(setback),
            },
        }
    }

    /// The indices behind a target now; none if there is no such target, `None` if they cannot be known.
    pub(super) async fn resolve(&self, hosts: &Hosts, target: &str) -> Result<Option<Indices>, Setback> {
        let path = format!(
            "/_resolve/index/{}?filter_path=indices.name,aliases.indices,data_streams.backing_indices",
            segment(target)
        );
        let reply = hosts.ask(&Request::get(&path)).await.map_err(|failure| Setback::from(&failure))?;
        let indices = match reply.status {
            404 => Some(Indices::NONE),
            _ => self.read::<Resolved>(&reply)?.map(Resolved::indices),
        };
        self.keep(target, indices.as_ref().map(Indices::write_index));
        Ok(indices)
    }

    /// Which of these ids are stored in an index. What a closed one has cannot be known, and nobody waits for that.
    pub(super) async fn find(&self, hosts: &Hosts, index: &str, ids: &[&str]) -> Result<Vec<String>, Setback> {
        let path =
            format!("/{}/_mget?_source=false&filter_path=error,docs._id,docs.found,docs.error.type", segment(index));
        let body = serde_json::json!({ "ids": ids }).to_string();
        let reply = hosts.ask(&Request::post(&path, Bytes::from(body))).await;
        let reply = reply.map_err(|failure| Setback::from(&failure))?;
        let documents = self.looked(&reply, index)?.unwrap_or_default().docs;
        if documents.iter().any(Document::is_closed) {
            self.say_closed(index);
        }
        if documents.iter().any(Document::is_unknown) {
            return Err(Setback::said(Obstacle::Broken, &reply, None, None));
        }
        Ok(documents.into_iter().filter(|document| document.found).map(|document| document.id).collect())
    }

    fn looked(&self, reply: &Reply, index: &str) -> Result<Option<Looked>, Setback> {
        match reply.status {
            404 => Ok(None),
            400 if Problem::parse(&reply.body).is_some_and(|problem| problem.kind == CLOSED) => {
                self.say_closed(index);
                Ok(None)
            }
            _ => self.read(reply),
        }
    }

    fn say_closed(&self, index: &str) {
        let mut closed = self.closed.lock().unwrap_or_else(PoisonError::into_inner);
        if closed.len() < TARGETS && closed.insert(index.to_owned()) {
            tracing::warn!(
                "ids cannot be looked up in {index}, which is closed: what it has of the documents whose answer was \
                 lost is stored once more"
            );
        }
    }

    /// `None` if the shipper may not ask; that is said once.
    fn read<T: for<'a> Deserialize<'a>>(&self, reply: &Reply) -> Result<Option<T>, Setback> {
        let setback = |obstacle| Setback::said(obstacle, reply, Problem::parse(&reply.body).as_ref(), None);
        match reply.status {
            200..=299 => serde_json::from_slice(&reply.body).map(Some).map_err(|_| setback(Obstacle::Misled)),
            401 => Err(setback(Obstacle::Denied)),
            408 | 429 => Err(setback(Obstacle::Busy)),
            status @ 300..=499 => {
                if !self.said.swap(true, Ordering::Relaxed) {
                    tracing::warn!("{}", Trouble::NoLookUp(status));
                }
                Ok(None)
            }
            _ => Err(setback(Obstacle::Broken)),
        }
    }

    fn keep(&self, target: &str, name: Option<Arc<str>>) {
        let mut known = self.lock();
        if known.len() >= TARGETS && !known.contains_key(target) {
            known.clear();
        }
        known.insert(Arc::from(target), Known { name, at: Instant::now() });
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Arc<str>, Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Looked {
    docs: Vec<Document>,
}

#[derive(Debug, Deserialize)]
struct Document {
    #[serde(rename = "_id")]
    id: String,
    #[serde(default)]
    found: bool,
    error: Option<LookUpError>,
}

#[derive(Debug, Deserialize)]
struct LookUpError {
    #[serde(rename = "type")]
    kind: String,
}

impl Document {
    /// It could not be looked up, but may be there, and that can be known later. Not so if the index is gone or closed.
    fn is_unknown(&self) -> bool {
        self.error.as_ref().is_some_and(|error| error.kind != NO_INDEX && error.kind != CLOSED)
    }

    fn is_closed(&self) -> bool {
        self.error.as_ref().is_some_and(|error| error.kind == CLOSED)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::found(r#"{"_id":"a","found":true}"#, false)]
    #[case::index_gone(r#"{"_id":"a","error":{"type":"index_not_found_exception"}}"#, false)]
    #[case::index_closed(r#"{"_id":"a","error":{"type":"index_closed_exception"}}"#, false)]
    #[case::shard_failed(r#"{"_id":"a","error":{"type":"no_shard_available_action_exception"}}"#, true)]
    fn a_document_that_could_not_be_looked_up_is_not_taken_for_missing(#[case] answer: &str, #[case] unknown: bool) {
        assert_eq!(serde_json::from_str::<Document>(answer).unwrap().is_unknown(), unknown);
    }
}
