//! The body of a request: a batch, or a part of one.

use bytes::Bytes;

use crate::batch::Batch;
use crate::bulk::Compressor;

/// Makes the bodies of a lane, in buffers that are used again.
#[derive(Debug, Default)]
pub(super) struct Bodies {
    compressor: Option<Compressor>,
    last: Bytes,
}

impl Bodies {
    pub(super) fn new(gzip: bool) -> Self {
        Self { compressor: gzip.then(Compressor::default), last: Bytes::new() }
    }

    /// Whether bodies are compressed.
    pub(super) fn gzip(&self) -> bool {
        self.compressor.is_some()
    }

    /// These items of a batch. All of it is sent as it lies, without a copy.
    pub(super) fn of(&mut self, batch: &Batch, items: &[u32]) -> Bytes {
        let plain = if items.len() == batch.len() { batch.body().clone() } else { self.part(batch, items) };
        match &mut self.compressor {
            Some(compressor) => compressor.gzip(&plain),
            None => plain,
        }
    }

    fn part(&mut self, batch: &Batch, items: &[u32]) -> Bytes {
        let mut buffer: Vec<u8> = std::mem::take(&mut self.last).try_into_mut().map(Into::into).unwrap_or_default();
        buffer.clear();
        for &item in items {
            buffer.extend_from_slice(batch.item(item));
        }
        self.last = buffer.into();
        self.last.clone()
    }
}
