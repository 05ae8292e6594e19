//! Carries lines to where they are read from a thread of its own: a reader that stops does not stop the shipper.

use std::collections::VecDeque;
use std::io::Write;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use metrics::Counter;

/// So many lines wait at most; more are dropped and counted.
const ROOM: usize = 1_000;

/// The end that lines are put into. When it is dropped, the thread writes what waits and ends.
pub(super) struct Writer(Arc<Shared>);

struct Shared {
    queue: Mutex<Queue>,
    /// A line came, one was written, or the end.
    changed: Condvar,
    dropped: Counter,
}

#[derive(Default)]
struct Queue {
    lines: VecDeque<String>,
    /// A line is being written.
    busy: bool,
    closed: bool,
}

impl Writer {
    pub(super) fn start(out: impl Write + Send + 'static, dropped: Counter) -> Self {
        let shared = Arc::new(Shared { queue: Mutex::default(), changed: Condvar::new(), dropped });
        let writing = Arc::clone(&shared);
        // Without the thread lines are dropped and counted; that is no reason not to ship any.
        let _ = thread::Builder::new().name("journal".into()).spawn(move || writing.run(out));
        Self(shared)
    }

    /// Takes a line with its end, or drops it if too many wait. Never waits for the reader.
    pub(super) fn append(&self, line: String) {
        let mut queue = self.0.lock();
        if queue.lines.len() < ROOM {
            queue.lines.push_back(line);
            self.0.changed.notify_all();
        } else {
            self.0.dropped.increment(1);
        }
    }

    /// Waits until all lines are written, for `timeout` at most.
    pub(super) fn flush(&self, timeout: Duration) {
        let waits = |queue: &mut Queue| queue.busy || !queue.lines.is_empty();
        drop(self.0.changed.wait_timeout_while(self.0.lock(), timeout, waits));
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.0.lock().closed = true;
        self.0.changed.notify_all();
    }
}

impl Shared {
    fn run(&self, mut out: impl Write) {
        while let Some(line) = self.next() {
            // There is nowhere to tell that the log cannot be written.
            let written = out.write_all(line.as_bytes()).and_then(|()| out.flush());
            self.dropped.increment(u64::from(written.is_err()));
        }
    }

    fn next(&self) -> Option<String> {
        let mut queue = self.lock();
        queue.busy = false;
        self.changed.notify_all();
        let nothing = |queue: &mut Queue| queue.lines.is_empty() && !queue.closed;
        queue = self.changed.wait_while(queue, nothing).unwrap_or_else(PoisonError::into_inner);
        queue.busy = !queue.lines.is_empty();
        queue.lines.pop_front()
    }

    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::io;
    use std::sync::mpsc;

    use super::*;
    use crate::metrics::Metrics;

    /// Tells of each write, and ends it only when it may.
    struct Gate {
        writes: mpsc::Sender<String>,
        go: mpsc::Receiver<()>,
    }

    impl Write for Gate {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.writes.send(String::from_utf8_lossy(bytes).into_owned()).map_err(io::Error::other)?;
            self.go.recv().map_err(io::Error::other)?;
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_reader_that_stops_costs_lines_which_are_counted_but_nobody_waits() {
        let metrics = Metrics::new("1", "a");
        let ((sender, seen), (open, go)) = (mpsc::channel(), mpsc::channel());
        let writer = Writer::start(Gate { writes: sender, go }, metrics.log_lines_dropped.clone());
        writer.append("first\n".into());
        assert_eq!(seen.recv().unwrap(), "first\n");
        for number in 0..ROOM + 7 {
            writer.append(format!("{number}\n"));
        }
        writer.flush(Duration::ZERO);
        assert!(metrics.render().contains("log_shipper_log_lines_dropped_total 7\n"));
        (0..=ROOM).for_each(|_| open.send(()).unwrap());
        writer.flush(Duration::from_mins(1));
        assert_eq!(seen.try_iter().count(), ROOM);
    }
}
