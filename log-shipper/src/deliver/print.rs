//! A lane that prints documents instead of sending them.

use std::io::{self, BufWriter, Write};
use std::sync::Arc;
use std::thread;

use tokio::sync::mpsc::{self, UnboundedReceiver};
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use super::Lanes;
use super::counts::Counts;
use super::health::Health;
use super::queue::{Queue, Waiting};
use super::seams::Seams;
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
        let (ended, end) = oneshot::channel::<()>();
        // Whoever reads may stall for ever. A thread of the runtime would have to be waited for at the end.
        thread::spawn(move || {
            let _ended = ended;
            if let Err(error) = lane.run(BufWriter::new(out), batches) {
                failed(error);
            }
        });
        tasks.spawn(async { _ = end.await });
        Self {
            queue: Queue::new(vec![(sender, waiting)], 1),
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
            self.counts.acknowledged.add((0_u32..).take(batch.len()).map(|item| batch.dataset(item)));
            (self.seams.finished)(&batch);
            self.waiting.pop();
            drop(batch);
            (self.seams.freed)();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;
    use crate::batch::{Limits, Pool};

    /// Nobody reads what is written here.
    struct Stalled(std::sync::mpsc::Receiver<()>);

    impl Write for Stalled {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            self.0.recv().map(|()| 0).map_err(io::Error::other)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn seams() -> Seams {
        Seams {
            sent: Arc::new(|_| ()),
            finished: Arc::new(|_| ()),
            freed: Arc::new(|| ()),
            refused: Arc::new(|_| Ok(())),
            observed: Arc::new(|_| ()),
        }
    }

    fn batch() -> Batch {
        let target = Arc::from("logs-app-default");
        let mut open = Pool::new(Limits::default(), 1 << 20).try_open(&target).unwrap();
        open.begin(b"ABCDEFGHIJKLMNOPqrstuvwx", &target, Instant::now());
        open.buffer().extend_from_slice(b"{}");
        open.end();
        open.seal(Instant::now())
    }

    #[tokio::test]
    async fn a_reader_that_stalls_does_not_hold_up_the_end() {
        let (_goes_on, stalled) = std::sync::mpsc::channel();
        let lanes = Lanes::printing(Stalled(stalled), seams(), |_| ());
        lanes.queue().hand_over(0, batch());
        let unfinished = tokio::time::timeout(Duration::from_mins(1), lanes.finish_until(std::future::ready(())));
        assert_eq!(unfinished.await, Ok(1));
    }
}
