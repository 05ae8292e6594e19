//! No line is lost uncounted: a stopped reader holds requests back, and what cannot be written is counted.

#![expect(clippy::unwrap_used, reason = "what a test takes for granted may end it")]

use std::io::{self, ErrorKind, Write};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use futures_util::FutureExt;
use metrics::Counter;
use minitwit::clock::Clock;
use minitwit::middleware::observe::Observer;
use minitwit::redact::{Hosts, Vocabulary};
use minitwit::telemetry::{Format, Journal, LogBuffer, LogFull, LogWriter, Service, TransactionLog, Via};
use tower::ServiceExt;

use crate::recorded_log::{Memory, key, observe};

/// Long enough for a slow machine; no test waits for it to pass.
const PATIENCE: Duration = Duration::from_secs(30);

const LINE: &[u8] = b"a line of twenty-four B\n";

/// A pipe whose reader can stop.
#[derive(Clone, Default)]
struct Pipe {
    memory: Memory,
    reads: Arc<(Mutex<bool>, Condvar)>,
    fails: Arc<AtomicBool>,
    /// Is dropped with the writer's end.
    _open: Option<Sender<()>>,
}

impl Pipe {
    fn read_on(&self) {
        *self.reads.0.lock().unwrap() = true;
        self.reads.1.notify_all();
    }
}

impl Write for Pipe {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        drop(self.reads.1.wait_while(self.reads.0.lock().unwrap(), |reads| !*reads).unwrap());
        if self.fails.load(Ordering::SeqCst) { Err(ErrorKind::BrokenPipe.into()) } else { self.memory.write(bytes) }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct Setup {
    writer: LogWriter,
    pipe: Pipe,
    lines: Arc<AtomicU64>,
    dropped: Arc<AtomicU64>,
    closed: Receiver<()>,
}

impl Setup {
    fn start(bounds: LogBuffer) -> Self {
        let (pipe, (open, closed)) = (Pipe::default(), channel());
        let (lines, dropped) = (Arc::default(), Arc::default());
        let counters = (Counter::from_arc(Arc::clone(&lines)), Counter::from_arc(Arc::clone(&dropped)));
        let end = Pipe { _open: Some(open), ..pipe.clone() };
        let writer = LogWriter::start(end, bounds, counters.0, counters.1).unwrap();
        Self { writer, pipe, lines, dropped, closed }
    }

    fn append(&self, lines: usize) {
        (0..lines).for_each(|_| self.writer.append(LINE));
    }

    fn counts(&self) -> (u64, u64) {
        (self.lines.load(Ordering::SeqCst), self.dropped.load(Ordering::SeqCst))
    }

    fn written_lines(&self) -> usize {
        let written = self.pipe.memory.take();
        assert!(written.len().is_multiple_of(LINE.len()) && written.chunks(LINE.len()).all(|line| line == LINE));
        written.len() / LINE.len()
    }
}

fn bounds(full: LogFull) -> LogBuffer {
    LogBuffer { room: 10 * LINE.len(), limit: 20 * LINE.len(), full }
}

#[tokio::test]
async fn a_stopped_reader_holds_requests_back_and_no_line_is_lost() {
    let setup = Setup::start(bounds(LogFull::Wait));
    setup.append(10);
    assert!(setup.writer.room().now_or_never().is_some());
    setup.append(1);
    assert!(setup.writer.room().now_or_never().is_none());
    let writer = setup.writer.clone();
    let waiting = tokio::spawn(async move { writer.room().await });
    tokio::task::yield_now().await;
    assert!(!waiting.is_finished());
    setup.pipe.read_on();
    tokio::time::timeout(PATIENCE, waiting).await.unwrap().unwrap();
    assert!(setup.writer.flush(PATIENCE));
    assert_eq!((setup.counts(), setup.written_lines()), ((11, 0), 11));
}

#[test]
fn lines_beyond_the_limit_are_dropped_and_counted() {
    let setup = Setup::start(bounds(LogFull::Wait));
    setup.append(25);
    assert_eq!(setup.counts(), (0, 5));
    setup.pipe.read_on();
    assert!(setup.writer.flush(PATIENCE));
    assert_eq!((setup.counts(), setup.written_lines()), ((20, 5), 20));
}

#[test]
fn who_prefers_to_lose_lines_never_waits() {
    let setup = Setup::start(bounds(LogFull::Drop));
    setup.append(12);
    assert!(setup.writer.room().now_or_never().is_some());
    assert_eq!(setup.counts(), (0, 2));
    setup.pipe.read_on();
    assert!(setup.writer.flush(PATIENCE));
    assert_eq!((setup.counts(), setup.written_lines()), ((10, 2), 10));
}

#[test]
fn lines_that_cannot_be_written_are_counted_and_later_ones_are_written() {
    let setup = Setup::start(LogBuffer::default());
    setup.pipe.fails.store(true, Ordering::SeqCst);
    setup.pipe.read_on();
    setup.append(3);
    assert!(setup.writer.flush(PATIENCE));
    assert_eq!(setup.counts(), (0, 3));
    setup.pipe.fails.store(false, Ordering::SeqCst);
    setup.append(2);
    assert!(setup.writer.flush(PATIENCE));
    assert_eq!((setup.counts(), setup.written_lines()), ((2, 3), 2));
}

#[test]
fn a_flush_says_whether_everything_was_written() {
    let setup = Setup::start(LogBuffer::default());
    assert!(setup.writer.flush(Duration::ZERO));
    setup.append(1);
    assert!(!setup.writer.flush(Duration::from_millis(1)));
    setup.pipe.read_on();
    assert!(setup.writer.flush(PATIENCE));
}

#[test]
fn what_waits_is_written_when_the_last_writer_is_dropped() {
    let Setup { writer, pipe, closed, .. } = Setup::start(LogBuffer::default());
    let other = writer.clone();
    other.append(LINE);
    drop(writer);
    other.append(LINE);
    drop(other);
    pipe.read_on();
    assert_eq!(closed.recv_timeout(PATIENCE), Err(RecvTimeoutError::Disconnected));
    assert_eq!(pipe.memory.take(), LINE.repeat(2));
}

#[test]
fn lines_of_many_threads_stay_whole() {
    let setup = Setup::start(LogBuffer::default());
    setup.pipe.read_on();
    let writer = &setup.writer;
    std::thread::scope(|scope| {
        (0..8).for_each(|_| drop(scope.spawn(|| (0..5_000).for_each(|_| writer.append(LINE)))));
    });
    assert!(setup.writer.flush(PATIENCE));
    assert_eq!((setup.counts(), setup.written_lines()), ((40_000, 0), 40_000));
}

#[tokio::test]
async fn no_request_is_handled_while_the_log_is_full() {
    let setup = Setup::start(LogBuffer { room: 10 * LINE.len(), ..LogBuffer::default() });
    let service = Service { name: "minitwit".into(), version: "1".into(), node: "n".into() };
    let journal = Journal::new(setup.writer.clone(), Format::Json, &service, Clock::default());
    let log = TransactionLog::new(journal, key(), Hosts::default(), Vocabulary::default());
    let handled = Arc::new(AtomicBool::new(false));
    let noting = Arc::clone(&handled);
    let router = Router::new()
        .route("/", get(async move || noting.store(true, Ordering::SeqCst)))
        .layer(from_fn_with_state(Observer { via: Via::Web, log: Some(log), metrics: None }, observe));
    setup.append(11);
    let answer = tokio::spawn(router.oneshot(Request::new(Body::empty())));
    tokio::task::yield_now().await;
    assert!(!answer.is_finished() && !handled.load(Ordering::SeqCst));
    setup.pipe.read_on();
    assert!(tokio::time::timeout(PATIENCE, answer).await.unwrap().unwrap().unwrap().status().is_success());
    assert!(setup.writer.flush(PATIENCE));
    assert_eq!((setup.counts(), handled.load(Ordering::SeqCst)), ((12, 0), true));
}
