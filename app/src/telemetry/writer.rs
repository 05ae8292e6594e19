//! Carries finished lines to standard output from a thread of its own, and loses none uncounted.

mod output;

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::AsFd;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use metrics::Counter;
use tokio::sync::Notify;

use output::Output;

/// After a batch the thread gathers lines for so long before it writes again: under load, a hundred lines share one
/// `write` and one wake-up; a line that comes alone is written at once.
const GATHER: Duration = Duration::from_millis(5);

/// So many bytes are not gathered any longer.
const BATCH_BYTES: usize = 256 * 1024;

/// What happens when the reader of the log does not keep up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LogFull {
    /// Requests wait for room before they are handled: no line is lost.
    #[default]
    Wait,
    /// Lines are dropped and counted: no request waits.
    Drop,
}

/// How much may wait to be written.
#[derive(Clone, Copy, Debug)]
pub struct LogBuffer {
    /// Bytes above which [`LogWriter::room`] waits, or lines are dropped. 8 MiB, about 8,000 lines.
    pub room: usize,
    /// Bytes above which no line is taken whatever happens. 64 MiB.
    pub limit: usize,
    /// Which of the two happens above `room`.
    pub full: LogFull,
}

impl Default for LogBuffer {
    fn default() -> Self {
        Self { room: 8 << 20, limit: 64 << 20, full: LogFull::Wait }
    }
}

/// The end of the log that lines are put into: cheap to clone. When the last clone is dropped, the thread writes what
/// waits and ends.
#[derive(Clone)]
pub struct LogWriter {
    shared: Arc<Shared>,
    _open: Arc<Open>,
}

struct Shared {
    state: Mutex<State>,
    /// Something to write, or a reason to hurry.
    wake: Condvar,
    /// A batch is done.
    done: Condvar,
    /// Bytes that were taken and not yet written.
    waiting: AtomicUsize,
    /// The waiting bytes fell to `room` or below.
    freed: Notify,
    bounds: LogBuffer,
    lines: Counter,
    dropped: Counter,
}

#[derive(Default)]
struct State {
    buffer: Vec<u8>,
    /// Lines that were ever taken, and of these the ones that were written or given up.
    taken: u64,
    finished: u64,
    /// The thread sleeps until it is woken.
    parked: bool,
    hurry: bool,
    closed: bool,
}

struct Open(Arc<Shared>);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.lock().closed = true;
        self.0.wake.notify_one();
    }
}

impl LogWriter {
    /// Starts the thread. `lines` counts the lines that were written, `dropped` those that were lost.
    ///
    /// # Errors
    /// If the system gives no thread.
    pub fn start(
        out: impl Write + Send + 'static,
        bounds: LogBuffer,
        lines: Counter,
        dropped: Counter,
    ) -> io::Result<Self> {
        let shared = Arc::new(Shared {
            state: Mutex::default(),
            wake: Condvar::new(),
            done: Condvar::new(),
            waiting: AtomicUsize::new(0),
            freed: Notify::new(),
            bounds,
            lines,
            dropped,
        });
        let writing = Arc::clone(&shared);
        thread::Builder::new().name("log-writer".into()).spawn(move || writing.run(Output::new(out)))?;
        Ok(Self { _open: Arc::new(Open(Arc::clone(&shared))), shared })
    }

    /// Returns when the log has room; at once if it has. Awaited before a request is handled, it gives back-pressure.
    pub async fn room(&self) {
        while self.shared.bounds.full == LogFull::Wait && self.shared.is_full() {
            let mut freed = pin!(self.shared.freed.notified());
            // Registered before the second look, so that room made in between is not missed.
            freed.as_mut().enable();
            if self.shared.is_full() {
                freed.await;
            }
        }
    }

    /// Takes a line with its end, or drops and counts it if too much waits. Never waits for the reader.
    pub fn append(&self, line: &[u8]) {
        let shared = &*self.shared;
        let bound = if shared.bounds.full == LogFull::Wait { shared.bounds.limit } else { shared.bounds.room };
        let mut state = shared.lock();
        if shared.waiting.load(Ordering::Relaxed) + line.len() > bound {
            shared.dropped.increment(1);
            return;
        }
        state.buffer.extend_from_slice(line);
        state.taken += 1;
        shared.waiting.fetch_add(line.len(), Ordering::Relaxed);
        let wake = state.parked || state.buffer.len() > BATCH_BYTES;
        drop(state);
        if wake {
            shared.wake.notify_one();
        }
    }

    /// Waits until everything that was taken before is written or given up; false if that takes longer than `timeout`.
    /// It blocks the thread.
    #[must_use]
    pub fn flush(&self, timeout: Duration) -> bool {
        let deadline = Instant::now() + timeout;
        let mut state = self.shared.lock();
        let target = state.taken;
        state.hurry = true;
        self.shared.wake.notify_one();
        while state.finished < target {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            state = self.shared.done.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }
}

impl Shared {
    /// The thread: takes what waits, writes it, and again, until the writer is closed and empty.
    fn run(&self, mut output: Output<impl Write>) {
        let mut batch = Vec::new();
        while self.take(&mut batch) {
            let lines = output.write(&batch, |part, written, lost| {
                self.lines.increment(written);
                self.dropped.increment(lost);
                self.free(part);
            });
            self.lock().finished += lines;
            self.done.notify_all();
            batch.clear();
            batch.shrink_to(4 * BATCH_BYTES);
            self.gather();
        }
    }

    /// Waits for lines and swaps them against the empty batch. False at the end.
    fn take(&self, batch: &mut Vec<u8>) -> bool {
        let mut state = self.lock();
        while state.buffer.is_empty() && !state.closed {
            state.parked = true;
            state = self.wake.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        state.parked = false;
        state.hurry = false;
        std::mem::swap(&mut state.buffer, batch);
        !batch.is_empty()
    }

    fn gather(&self) {
        let early = |state: &mut State| !state.hurry && !state.closed && state.buffer.len() <= BATCH_BYTES;
        drop(self.wake.wait_timeout_while(self.lock(), GATHER, early));
    }

    fn is_full(&self) -> bool {
        self.waiting.load(Ordering::Acquire) > self.bounds.room
    }

    fn free(&self, bytes: usize) {
        let before = self.waiting.fetch_sub(bytes, Ordering::AcqRel);
        if before > self.bounds.room && before - bytes <= self.bounds.room {
            self.freed.notify_waiters();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Standard output without the standard library's line buffer, whose flushing would cost a `write` for each line.
///
/// # Errors
/// If standard output is closed.
pub fn stdout() -> io::Result<File> {
    Ok(File::from(io::stdout().as_fd().try_clone_to_owned()?))
}
