//! Listeners: accept connections up to a limit, serve HTTP/1.1 on them, and drain when told to.

mod answering;
mod half_close;
mod intake;
mod refusal;
mod stream;

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use hyper::body::{Body as _, Incoming};
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tower::Service;

use answering::Answering;
pub use refusal::Refusals;
pub(crate) use refusal::response;
use stream::{Stage, Stream};

/// Bytes of a request's line and headers at most; more is answered with 431.
pub const HEADER_LIMIT: usize = 16 * 1024;

/// What a client may take.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Connections at the same time.
    pub connections: NonZeroUsize,
    /// From the first byte of a header to its end.
    pub header: Duration,
    /// Between two requests.
    pub idle: Duration,
}

/// How far the shutdown has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Not at all.
    Serving,
    /// `/readyz` says no; connections are still accepted.
    Draining,
    /// No connection is accepted; requests finish.
    Stopping,
}

/// Where a connection comes from.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub SocketAddr);

/// Serves `router` until `phase` says to stop and every connection has finished its request.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    refusals: Arc<dyn Refusals>,
    mut phase: watch::Receiver<Phase>,
) {
    let permits = Arc::new(Semaphore::new(limits.connections.get()));
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = phase.wait_for(|phase| *phase == Phase::Stopping) => break,
        };
        match accepted {
            Ok((socket, peer)) => {
                let connection = Connection { router: router.clone(), limits, refusals: refusals.clone(), peer };
                connection.spawn(socket, permits.clone().try_acquire_owned().ok(), phase.clone());
            }
            // No file descriptor left, or the client is gone: neither ends the listener; the first needs a moment.
            Err(error) => {
                tracing::warn!(kind = %error.kind(), "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        }
    }
    drop(listener);
    // Each connection holds a permit until it is closed.
    let all = u32::try_from(limits.connections.get()).unwrap_or(u32::MAX);
    let _finished = permits.acquire_many(all).await;
}

struct Connection {
    router: Router,
    limits: Limits,
    refusals: Arc<dyn Refusals>,
    peer: SocketAddr,
}

impl Connection {
    fn spawn(self, socket: TcpStream, permit: Option<OwnedSemaphorePermit>, phase: watch::Receiver<Phase>) {
        // Answers are written at once and whole; waiting for more to send would only delay them.
        let _ = socket.set_nodelay(true);
        match permit {
            Some(permit) => drop(tokio::spawn(async move {
                self.run(socket, phase).await;
                drop(permit);
            })),
            None => drop(tokio::spawn(async move { refusal::shed(socket, self.peer, &*self.refusals).await })),
        }
    }

    async fn run(self, socket: TcpStream, mut phase: watch::Receiver<Phase>) {
        let Self { router, limits, refusals, peer } = self;
        let stage = Arc::new(Stage::default());
        let stream = Stream::new(socket, peer, stage.clone(), limits.header, refusals);
        let service = hyper::service::service_fn(move |request: Request<Incoming>| {
            let body = request.body().size_hint().exact();
            let mut request = request.map(Body::new);
            request.extensions_mut().insert(Peer(peer));
            Answering::new(router.clone().call(request), body, stage.clone())
        });
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(limits.idle)
            .max_header_size(HEADER_LIMIT)
            .max_buf_size(4 * HEADER_LIMIT)
            .half_close(false)
            .serve_connection(TokioIo::new(stream), service);
        tokio::pin!(connection);
        let stopping = async { phase.wait_for(|phase| *phase == Phase::Stopping).await.map(drop) };
        // A connection that breaks has been logged where it matters: in the request's own line, or as a refusal.
        let finished = tokio::select! {
            _ = connection.as_mut() => true,
            _ = stopping => false,
        };
        if !finished {
            connection.as_mut().graceful_shutdown();
            let _ = connection.await;
        }
    }
}
