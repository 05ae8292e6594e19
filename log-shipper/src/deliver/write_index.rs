//! The index behind a target that takes new documents. It changes when a data stream rolls over, and what was stored
//! before that is not found by its id any more.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use serde::Deserialize;
use tokio::time::Instant;

use super::health::Trouble;
use super::hosts::Hosts;
use super::request::{Reply, Request};
use super::setback::Setback;
use super::verdict::Obstacle;
use crate::bulk::{Problem, segment};

/// Targets whose write index is remembered.
const TARGETS: usize = 1_000;

/// The write indices, as far as they are known.
#[derive(Debug)]
pub(super) struct WriteIndices {
    known: Mutex<HashMap<Arc<str>, Known>>,
    every: Duration,
    said: AtomicBool,
}

#[derive(Clone, Debug)]
struct Known {
    /// Empty: there is no index yet. `None`: it cannot be known.
    name: Option<Arc<str>>,
    at: Instant,
}

/// The indices behind a target, oldest first: the last one is the write index.
pub(super) type Indices = Vec<String>;

impl WriteIndices {
    pub(super) fn new(every: Duration) -> Self {
        Self { known: Mutex::default(), every, said: AtomicBool::new(false) }
    }

    /// A name that was the write index's not long ago; empty if there was none, `None` if it cannot be known. One that is
    /// a little old does no harm: a look-up begins at it.
    pub(super) async fn recent(&self, hosts: &Hosts, target: &Arc<str>) -> Result<Option<Arc<str>>, Setback> {
        let known = self.lock().get(target).cloned();
        match known {
            Some(known) if known.at.elapsed() < self.every => Ok(known.name),
            known => match (self.resolve(hosts, target).await, known) {
                (Ok(indices), _) => Ok(indices.map(|indices| write_index(&indices))),
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
            404 => Some(Vec::new()),
            _ => self.read::<Resolved>(&reply)?.map(Resolved::indices),
        };
        self.keep(target, indices.as_ref().map(|indices| write_index(indices)));
        Ok(indices)
    }

    /// Which of these ids are stored in an index.
    pub(super) async fn find(&self, hosts: &Hosts, index: &str, ids: &[&str]) -> Result<Vec<String>, Setback> {
        let path = format!("/{}/_mget?_source=false&filter_path=docs._id,docs.found,docs.error.type", segment(index));
        let body = serde_json::json!({ "ids": ids }).to_string();
        let reply = hosts.ask(&Request::post(&path, Bytes::from(body))).await;
        let reply = reply.map_err(|failure| Setback::from(&failure))?;
        let looked = if reply.status == 404 { None } else { self.read::<Looked>(&reply)? };
        let documents = looked.unwrap_or_default().docs;
        if documents.iter().any(Document::is_unknown) {
            return Err(Setback::said(Obstacle::Broken, &reply, None));
        }
        Ok(documents.into_iter().filter(|document| document.found).map(|document| document.id).collect())
    }

    /// `None` if the shipper may not ask; that is said once.
    fn read<T: for<'a> Deserialize<'a>>(&self, reply: &Reply) -> Result<Option<T>, Setback> {
        let setback = |obstacle| Setback::said(obstacle, reply, Problem::parse(&reply.body).as_ref());
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

fn write_index(indices: &[String]) -> Arc<str> {
    indices.last().map_or("", String::as_str).into()
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Resolved {
    indices: Vec<Index>,
    aliases: Vec<Alias>,
    data_streams: Vec<DataStream>,
}

#[derive(Debug, Deserialize)]
struct Index {
    name: String,
}

#[derive(Debug, Deserialize)]
struct Alias {
    indices: Indices,
}

#[derive(Debug, Deserialize)]
struct DataStream {
    backing_indices: Indices,
}

impl Resolved {
    /// A data stream lists its indices in their order. Those of an alias are numbered by whoever rolls them over.
    fn indices(self) -> Indices {
        let streams = self.data_streams.into_iter().map(|stream| stream.backing_indices);
        let aliases = self.aliases.into_iter().map(|mut alias| {
            alias.indices.sort();
            alias.indices
        });
        let itself = self.indices.into_iter().map(|index| vec![index.name]);
        streams.chain(aliases).chain(itself).next().unwrap_or_default()
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
    /// It could not be looked up, but may be there. Not so if the index is gone.
    fn is_unknown(&self) -> bool {
        self.error.as_ref().is_some_and(|error| error.kind != "index_not_found_exception")
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::found(r#"{"_id":"a","found":true}"#, false)]
    #[case::index_gone(r#"{"_id":"a","error":{"type":"index_not_found_exception"}}"#, false)]
    #[case::shard_failed(r#"{"_id":"a","error":{"type":"no_shard_available_action_exception"}}"#, true)]
    fn a_document_that_could_not_be_looked_up_is_not_taken_for_missing(#[case] answer: &str, #[case] unknown: bool) {
        assert_eq!(serde_json::from_str::<Document>(answer).unwrap().is_unknown(), unknown);
    }

    #[rstest]
    #[case::nothing("{}", &[])]
    #[case::index(r#"{"indices":[{"name":"logs"}]}"#, &["logs"])]
    #[case::alias(r#"{"aliases":[{"indices":["logs-000002","logs-000001"]}]}"#, &["logs-000001", "logs-000002"])]
    #[case::data_stream(r#"{"data_streams":[{"backing_indices":[".ds-1",".ds-2"]}]}"#, &[".ds-1", ".ds-2"])]
    fn the_indices_behind_a_target(#[case] answer: &str, #[case] indices: &[&str]) {
        let resolved: Resolved = serde_json::from_str(answer).unwrap();
        assert_eq!(resolved.indices(), indices);
    }
}
