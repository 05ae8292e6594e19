//! A client's side of HTTP/1.1: one keep-alive connection, each answer read whole.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, bail};
use bytes::Bytes;
use http::{Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Incoming};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// A request with its whole body.
pub type Ask = Request<Full<Bytes>>;

const PATIENCE: Duration = Duration::from_secs(10);

/// A connection that stays open from one request to the next.
pub struct Connection {
    sender: SendRequest<Full<Bytes>>,
    driver: JoinHandle<()>,
    is_over: bool,
}

impl Connection {
    /// Connects to `address`.
    pub async fn open(address: SocketAddr) -> anyhow::Result<Self> {
        let stream = TcpStream::connect(address).await.with_context(|| format!("cannot connect to {address}"))?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await?;
        // What goes wrong with the connection is told by the request that it spoils.
        let driver = tokio::spawn(async { drop(connection.await) });
        Ok(Self { sender, driver, is_over: false })
    }

    /// Whether the server has said that it takes no more requests on it.
    #[must_use]
    pub const fn is_over(&self) -> bool {
        self.is_over
    }

    /// Sends a request and keeps the whole answer. It has 10 seconds.
    pub async fn fetch(&mut self, ask: Ask) -> anyhow::Result<Response<Bytes>> {
        in_time(async {
            let (parts, body) = self.send(ask).await?.into_parts();
            Ok(Response::from_parts(parts, body.collect().await?.to_bytes()))
        })
        .await
    }

    /// Sends a request, reads the whole answer, and keeps only its status and the bytes of its body. It has 10 seconds.
    pub async fn measure(&mut self, ask: Ask) -> anyhow::Result<(StatusCode, u64)> {
        in_time(async {
            let answer = self.send(ask).await?;
            let status = answer.status();
            Ok((status, length_of(answer.into_body()).await?))
        })
        .await
    }

    async fn send(&mut self, ask: Ask) -> hyper::Result<Response<Incoming>> {
        self.sender.ready().await?;
        let answer = self.sender.send_request(ask).await?;
        self.is_over = answer.headers().get(header::CONNECTION).is_some_and(|said| said.as_bytes() == b"close");
        Ok(answer)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.driver.abort();
    }
}

/// Sends one request on a connection of its own.
pub async fn fetch(address: SocketAddr, ask: Ask) -> anyhow::Result<Response<Bytes>> {
    Connection::open(address).await?.fetch(ask).await
}

/// A GET of `path` from `address`.
pub fn get(address: SocketAddr, path: &str) -> anyhow::Result<Ask> {
    Ok(Request::get(path).header("host", address.to_string()).body(Full::default())?)
}

async fn in_time<T>(exchange: impl Future<Output = hyper::Result<T>>) -> anyhow::Result<T> {
    match timeout(PATIENCE, exchange).await {
        Ok(answer) => answer.context("the connection broke"),
        Err(_) => bail!("no whole answer within {} s", PATIENCE.as_secs()),
    }
}

async fn length_of(mut body: Incoming) -> hyper::Result<u64> {
    let mut length = 0;
    while !body.is_end_stream() {
        let Some(frame) = body.frame().await else { break };
        length += frame?.data_ref().map_or(0, |data| data.len() as u64);
    }
    Ok(length)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::bare::{self, Answer};

    #[tokio::test]
    async fn a_connection_serves_many_requests_and_reads_each_body_whole() {
        let answer = Answer {
            path: "/page".into(),
            status: StatusCode::OK,
            content_type: Some("text/plain".into()),
            bytes: 300_000,
        };
        let (address, _server) = bare::spawn(answer).await;
        let mut connection = Connection::open(address).await.expect("the server listens");
        for _ in 0..3 {
            let measured = connection.measure(get(address, "/page").expect("the path is good")).await;
            assert_eq!(measured.expect("the server answers"), (StatusCode::OK, 300_000));
        }
        let fetched = connection.fetch(get(address, "/page").expect("the path is good")).await;
        let fetched = fetched.expect("the server answers");
        assert_eq!(
            (fetched.body().len(), &fetched.headers()["content-type"]),
            (300_000, &"text/plain".parse().expect("ASCII"))
        );
    }
}
