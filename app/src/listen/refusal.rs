//! What a client is told that never becomes a request: a malformed or oversized header, or one connection too many.

use std::net::SocketAddr;
use std::time::Duration;

use axum::http::StatusCode;
use bytes::Bytes;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Answers in the look of the door and writes the line of the log.
pub trait Refusals: Send + Sync {
    /// The whole answer, header and body, to a client at `peer` that gets `status`.
    fn answer(&self, peer: SocketAddr, status: StatusCode) -> Bytes;

    /// Notes that a client at `peer` did not send its header in time; it gets no answer.
    fn gave_up(&self, peer: SocketAddr);
}

/// A complete answer after which the connection is closed.
pub(crate) fn response(status: StatusCode, content_type: &str, body: &[u8]) -> Bytes {
    let reason = status.canonical_reason().unwrap_or_default();
    let length = body.len();
    let mut answer = format!(
        "HTTP/1.1 {} {reason}\r\ncontent-type: {content_type}\r\ncontent-length: {length}\r\ncache-control: no-store\r\n\
         x-content-type-options: nosniff\r\nconnection: close\r\n\r\n",
        status.as_u16()
    )
    .into_bytes();
    answer.extend_from_slice(body);
    answer.into()
}

/// Tells one client too many to come back later, within a second, whatever it does.
pub(super) async fn shed(mut socket: TcpStream, peer: SocketAddr, refusals: &dyn Refusals) {
    let answer = refusals.answer(peer, StatusCode::SERVICE_UNAVAILABLE);
    let talk = async {
        // Closing with unread bytes would reset the connection before the client has read the answer.
        let mut unread = [0; 4096];
        let _ = socket.read(&mut unread).await?;
        socket.write_all(&answer).await?;
        socket.shutdown().await
    };
    // Either way there is nothing more to do for this client.
    let _ = tokio::time::timeout(Duration::from_secs(1), talk).await;
}
