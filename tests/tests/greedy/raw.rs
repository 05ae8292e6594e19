//! A connection on which any bytes can be sent, in any pieces.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, ensure};
use http::StatusCode;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(20);

/// What came before the server closed the connection.
#[derive(Debug)]
pub struct Last {
    /// The status of the answer; None if the connection was closed without one.
    pub status: Option<StatusCode>,
    /// The answer's header and body.
    pub text: String,
}

/// A client's side of a connection.
pub struct Raw(pub TcpStream);

impl Raw {
    /// Connects.
    pub async fn open(address: SocketAddr) -> anyhow::Result<Self> {
        Ok(Self(TcpStream::connect(address).await?))
    }

    /// Sends; that the server closes meanwhile is seen in what it says at last.
    pub async fn send(&mut self, bytes: &[u8]) {
        drop(self.0.write_all(bytes).await);
    }

    /// Reads one answer with a `Content-Length`, and leaves the connection open.
    pub async fn answer(&mut self) -> anyhow::Result<StatusCode> {
        let mut text = Vec::new();
        loop {
            ensure!(timeout(PATIENCE, self.0.read_buf(&mut text)).await.context("no answer")?? > 0, "no whole answer");
            let Some(end) = text.windows(4).position(|window| window == b"\r\n\r\n") else { continue };
            let head = String::from_utf8_lossy(&text[..end]).to_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length:"));
            let length: usize = length.context("no Content-Length")?.trim().parse()?;
            if text.len() >= end + 4 + length {
                return status_of(&head).context("no status");
            }
        }
    }

    /// Reads until the server closes the connection, which it must do.
    pub async fn last(self) -> anyhow::Result<Last> {
        last(self.0).await
    }
}

/// Reads until the other side closes the connection, which it must do.
pub async fn last(mut from: impl AsyncRead + Unpin) -> anyhow::Result<Last> {
    let mut bytes = Vec::new();
    let read = timeout(PATIENCE, from.read_to_end(&mut bytes)).await.context("the connection stays open")?;
    // A reset closes it too; what came before it counts.
    drop(read);
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Ok(Last { status: status_of(&text), text })
}

fn status_of(head: &str) -> Option<StatusCode> {
    head.split(' ').nth(1)?.parse().ok()
}

/// Whether an answer is a page of the site.
pub fn is_page(last: &Last) -> bool {
    let head = last.text.to_lowercase();
    head.contains("content-type: text/html") && last.text.contains("| MiniTwit</title>")
}

/// Whether an answer is the API's error object for its status.
pub fn is_error_object(last: &Last) -> bool {
    let body = last.text.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    let object: Option<serde_json::Value> = serde_json::from_str(body).ok();
    let status = last.status.map_or(0, |status| status.as_u16());
    object.is_some_and(|object| object["status"] == status && object["error_msg"].is_string())
}

/// The beginning of a request, up to where its headers go on.
pub fn head(method: &str, path: &str, host: SocketAddr) -> String {
    let credential = e2e::simulator::CREDENTIAL;
    format!("{method} {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nAuthorization: {credential}\r\n")
}
