//! What the lanes tell the rest of the program, and when.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use crate::batch::Batch;
use crate::place::FileKey;

/// Lines of a file that are about to be sent for the first time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Intent<'a> {
    /// The file.
    pub file: FileKey,
    /// Lines before it are being sent.
    pub position: u64,
    /// The name of the write index; empty if there is none yet, or it cannot be known.
    pub index: &'a str,
}

/// A document that Elasticsearch will never take.
#[derive(Clone, Copy, Debug)]
pub struct Refused<'a> {
    /// Its id.
    pub id: &'a str,
    /// The data stream, alias or index that it was for.
    pub target: &'a str,
    /// The status of the item, or of the request if that held nothing else.
    pub status: u16,
    /// `error.type`
    pub error_type: &'a str,
    /// `error.reason`, at most 1 KiB. It may quote the document.
    pub reason: &'a str,
    /// The document, one line of JSON.
    pub document: &'a [u8],
}

/// A request and its answer.
#[derive(Clone, Copy, Debug)]
pub struct Exchange {
    /// From the first byte sent to the last one received, or to the failure.
    pub duration: Duration,
    /// Documents.
    pub items: usize,
    /// Bytes of the body before compression.
    pub bytes: usize,
    /// The status; `None` if there was no whole answer.
    pub status: Option<u16>,
}

/// Notes intents.
pub type Sent = dyn Fn(&[Intent<'_>]) + Send + Sync;
/// Keeps dead letters.
pub type Bury = dyn Fn(&[Refused<'_>]) -> io::Result<()> + Send + Sync;

/// Closures that the lanes call, from their tasks: each has to be short.
#[derive(Clone)]
pub struct Seams {
    /// Before a batch is first sent.
    pub sent: Arc<Sent>,
    /// When every document of a batch is stored, or a dead letter: its positions may move.
    pub finished: Arc<dyn Fn(&Batch) + Send + Sync>,
    /// After a batch that is finished was given back: there may be room for another one.
    pub freed: Arc<dyn Fn() + Send + Sync>,
    /// Keeps dead letters. If not all can be kept (full, not writable), it gives an error, and all come again until they
    /// are: those that are kept already must not be kept twice.
    pub refused: Arc<Bury>,
    /// After each request that reached a server.
    pub observed: Arc<dyn Fn(&Exchange) + Send + Sync>,
}
