//! A client's socket with patience that ends: for a header that trickles in, for an answer that is not taken, and at the
//! end a moment for the client to read the answer before the connection is gone.
//!
//! hyper answers what it cannot parse by itself, with an empty body; such an answer is replaced on its way out. It is
//! known by its time: whatever hyper writes when all our answers are delivered is its own.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::http::StatusCode;
use bytes::{Buf, Bytes};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::Sleep;

use super::Refusals;
use super::half_close::HalfClose;
use super::intake::Intake;

/// How long a client may leave an answer untaken.
const WRITE_PATIENCE: Duration = Duration::from_secs(30);
/// How long, and for how many bytes, a closed connection still reads what the client sends.
const LINGER: Duration = Duration::from_secs(1);
const LINGER_BYTES: usize = 256 * 1024;

/// Tells the stream when what it reads is a header, and when it is a request's body.
#[derive(Debug, Default)]
pub(super) struct Stage {
    requests: AtomicUsize,
    /// Bytes of the body of the request that began last.
    body: AtomicU64,
    in_request: AtomicBool,
}

impl Stage {
    pub(super) fn request_began(&self, body: u64) {
        self.body.store(body, Ordering::Relaxed);
        self.requests.fetch_add(1, Ordering::Relaxed);
        self.in_request.store(true, Ordering::Relaxed);
    }

    pub(super) fn request_ended(&self) {
        self.in_request.store(false, Ordering::Relaxed);
    }
}

pub(super) struct Stream {
    socket: TcpStream,
    peer: SocketAddr,
    stage: Arc<Stage>,
    header_patience: Duration,
    refusals: Arc<dyn Refusals>,
    /// How many requests had begun when the stream was last read.
    requests_seen: usize,
    intake: Intake,
    header_deadline: Option<Pin<Box<Sleep>>>,
    write_deadline: Option<Pin<Box<Sleep>>>,
    half_close: HalfClose,
    linger_deadline: Option<Pin<Box<Sleep>>>,
    lingered: usize,
    /// An answer of ours that goes out in place of hyper's.
    replacement: Bytes,
}

impl Stream {
    pub(super) fn new(
        socket: TcpStream,
        peer: SocketAddr,
        stage: Arc<Stage>,
        header_patience: Duration,
        refusals: Arc<dyn Refusals>,
    ) -> Self {
        Self {
            socket,
            peer,
            stage,
            header_patience,
            refusals,
            requests_seen: 0,
            intake: Intake::default(),
            header_deadline: None,
            write_deadline: None,
            half_close: HalfClose::default(),
            linger_deadline: None,
            lingered: 0,
            replacement: Bytes::new(),
        }
    }

    /// A timer is only set when a header did not come in one piece, so that ordinary requests pay nothing.
    fn poll_header_deadline(&mut self, context: &mut Context<'_>) -> Poll<io::Error> {
        if !self.intake.in_head() {
            return Poll::Pending;
        }
        let patience = self.header_patience;
        let deadline = self.header_deadline.get_or_insert_with(|| Box::pin(tokio::time::sleep(patience)));
        ready!(deadline.as_mut().poll(context));
        self.intake = Intake::default();
        self.refusals.gave_up(self.peer);
        Poll::Ready(io::ErrorKind::TimedOut.into())
    }

    fn note_progress_of_requests(&mut self) {
        let requests = self.stage.requests.load(Ordering::Relaxed);
        if requests != self.requests_seen {
            self.requests_seen = requests;
            self.intake.request_began(self.stage.body.load(Ordering::Relaxed));
            self.header_deadline = None;
            self.half_close.request_began();
        }
    }

    /// Gives a pending write a deadline, and a finished one none.
    fn watch_write<T>(&mut self, context: &mut Context<'_>, written: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if written.is_ready() {
            self.write_deadline = None;
            return written;
        }
        let deadline = self.write_deadline.get_or_insert_with(|| Box::pin(tokio::time::sleep(WRITE_PATIENCE)));
        ready!(deadline.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    /// All requests that began are answered, and all answers are with the system.
    fn is_even(&self) -> bool {
        let requests = self.stage.requests.load(Ordering::Relaxed);
        !self.stage.in_request.load(Ordering::Relaxed) && self.half_close.has_delivered(requests)
    }

    /// The status of an answer of hyper's own, if this is one.
    fn refusal_of_hyper(&self, answer: &[u8]) -> Option<StatusCode> {
        match answer.get(..12).filter(|_| self.is_even())? {
            b"HTTP/1.1 400" | b"HTTP/1.0 400" => Some(StatusCode::BAD_REQUEST),
            b"HTTP/1.1 414" | b"HTTP/1.0 414" => Some(StatusCode::URI_TOO_LONG),
            b"HTTP/1.1 431" | b"HTTP/1.0 431" => Some(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE),
            _ => None,
        }
    }

    fn poll_replacement(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while self.replacement.has_remaining() {
            let written = Pin::new(&mut self.socket).poll_write(context, &self.replacement);
            let written = ready!(self.watch_write(context, written))?;
            self.replacement.advance(written);
        }
        Poll::Ready(Ok(()))
    }

    /// Reads and forgets what the client still sends: closing with unread bytes would reset the connection, and the client
    /// might never see the answer.
    fn poll_linger(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let deadline = self.linger_deadline.get_or_insert_with(|| Box::pin(tokio::time::sleep(LINGER)));
        if deadline.as_mut().poll(context).is_ready() {
            return Poll::Ready(());
        }
        let mut unread = [0; 4096];
        while self.lingered < LINGER_BYTES {
            let mut buffer = ReadBuf::new(&mut unread);
            match ready!(Pin::new(&mut self.socket).poll_read(context, &mut buffer)) {
                Ok(()) if !buffer.filled().is_empty() => self.lingered += buffer.filled().len(),
                _ => break,
            }
        }
        Poll::Ready(())
    }
}

impl AsyncRead for Stream {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.note_progress_of_requests();
        let next = self.is_even();
        if self.intake.is_early() {
            return if self.intake.hand_on(into, next) { Poll::Ready(Ok(())) } else { Poll::Pending };
        }
        let before = into.filled().len();
        let read = Pin::new(&mut self.socket).poll_read(context, into);
        let waits = match read {
            Poll::Ready(Ok(())) if into.filled().len() == before => {
                let (requests, in_request) = (self.requests_seen, self.stage.in_request.load(Ordering::Relaxed));
                self.half_close.holds(requests, in_request, context)
            }
            Poll::Ready(Ok(())) => !self.intake.keep_back(into, before, next),
            Poll::Ready(Err(_)) => false,
            Poll::Pending => match self.poll_header_deadline(context) {
                Poll::Ready(error) => return Poll::Ready(Err(error)),
                Poll::Pending => true,
            },
        };
        if waits { Poll::Pending } else { read }
    }
}

impl AsyncWrite for Stream {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        ready!(self.poll_replacement(context))?;
        if let Some(status) = self.refusal_of_hyper(bytes) {
            self.replacement = self.refusals.answer(self.peer, status);
            return Poll::Ready(Ok(bytes.len()));
        }
        let written = Pin::new(&mut self.socket).poll_write(context, bytes);
        self.watch_write(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        ready!(self.poll_replacement(context))?;
        if let Some(status) = slices.first().and_then(|head| self.refusal_of_hyper(head)) {
            self.replacement = self.refusals.answer(self.peer, status);
            return Poll::Ready(Ok(slices.iter().map(|slice| slice.len()).sum()));
        }
        let written = Pin::new(&mut self.socket).poll_write_vectored(context, slices);
        self.watch_write(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.socket.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_replacement(context))?;
        ready!(Pin::new(&mut self.socket).poll_flush(context))?;
        // hyper flushes when it has written what there is, and would not look by itself whether the client goes on.
        if !self.stage.in_request.load(Ordering::Relaxed) {
            let requests = self.stage.requests.load(Ordering::Relaxed);
            let news = !self.half_close.has_delivered(requests);
            if self.half_close.delivered(requests) || (news && self.intake.is_early()) {
                context.waker().wake_by_ref();
            }
        }
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(self.poll_replacement(context))?;
        if self.linger_deadline.is_none() {
            ready!(Pin::new(&mut self.socket).poll_shutdown(context))?;
        }
        ready!(self.poll_linger(context));
        Poll::Ready(Ok(()))
    }
}
