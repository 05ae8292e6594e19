//! A server that acknowledges each document of a `_bulk` request and keeps nothing but their number.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use anyhow::{Context, Result, bail};
use tokio::io::AsyncBufReadExt;
use tokio::io::{AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

const ITEM: &str = r#"{"create":{"status":201}}"#;

/// Serves until standard input ends.
pub async fn serve(listen: SocketAddr) -> Result<()> {
    let listener = TcpListener::bind(listen).await?;
    let documents = Arc::new(AtomicU64::new(0));
    let accept = async {
        loop {
            let (socket, _) = listener.accept().await?;
            let documents = Arc::clone(&documents);
            tokio::spawn(async move {
                // A client that goes away is no matter.
                let _ = answer_all(socket, &documents).await;
            });
        }
    };
    let mut rest = Vec::new();
    let mut stdin = tokio::io::stdin();
    tokio::select! {
        ended = accept => ended,
        ended = stdin.read_to_end(&mut rest) => Ok(ended.map(drop)?),
    }
}

/// How many documents have come.
pub async fn count(address: SocketAddr) -> Result<u64> {
    let mut socket = TcpStream::connect(address).await?;
    socket.write_all(b"GET /count HTTP/1.1\r\nconnection: close\r\ncontent-length: 0\r\n\r\n").await?;
    let mut answer = String::new();
    socket.read_to_string(&mut answer).await?;
    let (_, body) = answer.split_once("\r\n\r\n").context("the answer has no body")?;
    Ok(body.trim().parse()?)
}

async fn answer_all(socket: TcpStream, documents: &AtomicU64) -> Result<()> {
    socket.set_nodelay(true)?;
    let mut socket = BufReader::with_capacity(256 * 1024, socket);
    let (mut line, mut head) = (String::new(), Head::default());
    loop {
        line.clear();
        if socket.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        if head.take(line.trim_end()) {
            continue;
        }
        let Head { method, path, length, expects } = std::mem::take(&mut head);
        if expects {
            socket.get_mut().write_all(b"HTTP/1.1 100 Continue\r\n\r\n").await?;
        }
        let lines = newlines(&mut socket, length).await?;
        let answer = match (&*method, &*path) {
            ("GET", "/count") => documents.load(Relaxed).to_string(),
            ("POST", path) if path.contains("_bulk") => {
                documents.fetch_add(lines / 2, Relaxed);
                let items = vec![ITEM; usize::try_from(lines / 2)?].join(",");
                format!(r#"{{"errors":false,"items":[{items}]}}"#)
            }
            _ => r#"{"data_streams":[{"name":"x","backing_indices":[".ds-x-000001"]}],"status":"green"}"#.to_owned(),
        };
        let head =
            format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", answer.len());
        socket.get_mut().write_all(&[head.as_bytes(), answer.as_bytes()].concat()).await?;
        // Whoever counts reads to the end.
        if path == "/count" {
            return Ok(());
        }
    }
}

async fn newlines(socket: &mut BufReader<TcpStream>, mut length: usize) -> Result<u64> {
    let mut lines = 0;
    while length > 0 {
        let bytes = socket.fill_buf().await?;
        if bytes.is_empty() {
            bail!("the body ends too early");
        }
        let taken = bytes.len().min(length);
        lines += memchr::memchr_iter(b'\n', &bytes[..taken]).count() as u64;
        socket.consume(taken);
        length -= taken;
    }
    Ok(lines)
}

#[derive(Default)]
struct Head {
    method: String,
    path: String,
    length: usize,
    expects: bool,
}

impl Head {
    /// Whether more lines follow.
    fn take(&mut self, line: &str) -> bool {
        if self.method.is_empty() {
            let mut words = line.split(' ').map(str::to_owned);
            (self.method, self.path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        } else if let Some((name, value)) = line.split_once(':') {
            match name.to_ascii_lowercase().as_str() {
                "content-length" => self.length = value.trim().parse().unwrap_or_default(),
                "expect" => self.expects = true,
                _ => {}
            }
        }
        !line.is_empty()
    }
}
