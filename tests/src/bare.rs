//! A bare axum server: the same answer to everything on one path, and nothing else in its way.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;

use axum::Router;
use axum::response::IntoResponse;
use axum::routing::any;
use axum::serve::ListenerExt;
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, StatusCode};
use tokio::io;
use tokio::net::TcpListener;

use crate::server::{Server, free_addresses};

/// What the server answers.
#[derive(Clone, Debug, PartialEq, Eq, clap::Args)]
pub struct Answer {
    /// The one path that it has
    #[arg(long, default_value = "/")]
    pub path: String,
    /// The status of the answer
    #[arg(long, default_value = "200")]
    pub status: StatusCode,
    /// The Content-Type of the answer
    #[arg(long)]
    pub content_type: Option<String>,
    /// The bytes of its body
    #[arg(long)]
    pub bytes: usize,
}

impl Answer {
    fn router(&self) -> anyhow::Result<Router> {
        let status = self.status;
        let mut headers = HeaderMap::new();
        if let Some(content_type) = &self.content_type {
            headers.insert(CONTENT_TYPE, content_type.parse::<HeaderValue>()?);
        }
        let body = Bytes::from(vec![b'x'; self.bytes]);
        let answer = move || async move { (status, headers, body).into_response() };
        Ok(Router::new().route(&self.path, any(answer)))
    }
}

/// Answers on `listener` until it is dropped.
pub async fn serve(listener: TcpListener, answer: &Answer) -> anyhow::Result<()> {
    // Nagle's algorithm would hold back the end of a long body.
    let listener = listener.tap_io(|stream| drop(stream.set_nodelay(true)));
    Ok(axum::serve(listener, answer.router()?).await?)
}

/// Answers on `address` until stdin ends: the process must not outlive the one that measures it.
pub async fn serve_until_stdin_ends(address: SocketAddr, answer: &Answer) -> anyhow::Result<()> {
    let listener = TcpListener::bind(address).await?;
    let (mut stdin, mut nowhere) = (io::stdin(), io::sink());
    tokio::select! {
        served = serve(listener, answer) => served,
        read = io::copy(&mut stdin, &mut nowhere) => Ok(read.map(|_| ())?),
    }
}

/// Starts the server as a process of its own: this program again, with other arguments.
pub async fn start(answer: &Answer, log: PathBuf) -> anyhow::Result<(SocketAddr, Server)> {
    let [address] = free_addresses()?;
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["bare", "--listen", &address.to_string(), "--path", &answer.path]);
    command.args(["--status", answer.status.as_str(), "--bytes", &answer.bytes.to_string()]);
    command.args(answer.content_type.iter().flat_map(|content_type| ["--content-type", content_type]));
    let mut server = Server::start(command, log)?;
    server.wait_until(address, &answer.path, answer.status).await?;
    Ok((address, server))
}

#[cfg(test)]
pub(crate) async fn spawn(answer: Answer) -> (SocketAddr, tokio::task::JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let address = listener.local_addr().expect("the listener is bound");
    (address, tokio::spawn(async move { serve(listener, &answer).await.expect("the answer is good") }))
}
