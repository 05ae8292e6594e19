//! Lanes whose batches a test takes and finishes.

use tokio::sync::mpsc::{self, UnboundedReceiver};

use super::queue::{Queue, Waiting};
use crate::batch::Batch;

/// Such a lane.
pub(crate) struct LaneByHand {
    batches: UnboundedReceiver<Batch>,
    waiting: Waiting,
}

impl LaneByHand {
    /// So many, and where batches are handed over to them.
    pub(crate) fn start(lanes: usize) -> (Queue, Vec<Self>) {
        Self::start_with(lanes, 0)
    }

    /// The same, with so many more for targets that are not most files'.
    pub(crate) fn start_with(shared: usize, own: usize) -> (Queue, Vec<Self>) {
        let lane = || {
            let (sender, batches) = mpsc::unbounded_channel();
            let waiting = Waiting::default();
            ((sender, waiting.clone()), Self { batches, waiting })
        };
        let (queue, lanes): (Vec<_>, Vec<_>) = std::iter::repeat_with(lane).take(shared + own).unzip();
        (Queue::new(queue, shared), lanes)
    }

    /// The next batch, if one was handed over.
    pub(crate) fn next(&mut self) -> Option<Batch> {
        self.batches.try_recv().ok()
    }

    /// A batch is finished.
    pub(crate) fn done(&self, batch: Batch) {
        self.waiting.pop();
        drop(batch);
    }
}
