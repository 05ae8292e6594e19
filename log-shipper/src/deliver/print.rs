//! A lane that prints documents instead of sending them.

use std::io::{self, BufWriter, Write};
use std::sync::Arc;

use tokio::sync::mpsc::{self, UnboundedReceiver};
use tokio::task::JoinSet;

use super::counts::{Counts, add};
use super::health::Health;
use super::seams::Seams;
use super::{Lanes, Queue, Waiting};
use crate::batch::Batch;

impl Lanes {
    /// Starts one lane that prints each document to `out`, a line each. If that cannot be written to, `failed` is told why,
    /// and the lane ends.
    #[must_use]
    pub fn printing(
        out: impl Write + Send + 'static,
        seams: Seams,
        failed: impl FnOnce(io::Error) + Send + 'static,
    ) -> Self {
        let (sender, batches) = mpsc::unbounded_channel();
        let (waiting, counts) = (Waiting::default(), Arc::<Counts>::default());
        let lane = Printing { waiting: waiting.clone(), counts: Arc::clone(&counts), seams };
        let mut tasks = JoinSet::new();
        tasks.spawn_blocking(move || {
            if let Err(error) = lane.run(BufWriter::new(out), batches) {
                failed(error);
            }
        });
        Self {
            queue: Queue(Arc::new([(sender, waiting)])),
            hosts: None,
            tasks,
            counts,
            health: Arc::new(Health::new(1)),
        }
    }
}

struct Printing {
    waiting: Waiting,
    counts: Arc<Counts>,
    seams: Seams,
}

impl Printing {
    fn run(self, mut out: impl Write, mut batches: UnboundedReceiver<Batch>) -> io::Result<()> {
        while let Some(batch) = batches.blocking_recv() {
            for item in (0_u32..).take(batch.len()) {
                out.write_all(batch.document(item))?;
                out.write_all(b"\n")?;
            }
            out.flush()?;
            add(&self.counts.acknowledged, batch.len());
            (self.seams.finished)(&batch);
            self.waiting.pop();
            drop(batch);
            (self.seams.freed)();
        }
        Ok(())
    }
}
