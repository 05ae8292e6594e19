//! As much of HTTP/1.1 as a bulk client speaks, by hand: so a connection can be cut at any byte.

use std::io::{self, Read};
use std::sync::Arc;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};

use super::Shared;

pub(super) struct Request {
    pub(super) path: String,
    pub(super) authorization: Option<String>,
    /// Not compressed any more.
    pub(super) body: Vec<u8>,
    pub(super) gzip: bool,
}

#[derive(Default)]
struct Head {
    path: String,
    authorization: Option<String>,
    length: usize,
    gzip: bool,
    expects: bool,
}

pub(super) async fn serve(stream: impl AsyncRead + AsyncWrite + Unpin, shared: Arc<Shared>) {
    // Whoever is at the other end may go at any time.
    let _ = exchange(BufReader::new(stream), &shared).await;
}

async fn exchange(mut stream: BufReader<impl AsyncRead + AsyncWrite + Unpin>, shared: &Shared) -> io::Result<()> {
    while let Some(head) = head(&mut stream).await? {
        if shared.cuts(head.length) {
            return Ok(());
        }
        let request = body(&mut stream, head).await?;
        let answer = shared.answer(&request);
        if answer.stalls {
            return std::future::pending().await;
        }
        stream.write_all(&answer.bytes()).await?;
        if answer.closes {
            return stream.shutdown().await;
        }
    }
    Ok(())
}

async fn head(stream: &mut (impl AsyncBufReadExt + Unpin)) -> io::Result<Option<Head>> {
    let (mut head, mut line) = (Head::default(), String::new());
    if stream.read_line(&mut line).await? == 0 {
        return Ok(None);
    }
    head.path = line.split(' ').nth(1).unwrap_or_default().to_owned();
    loop {
        line.clear();
        stream.read_line(&mut line).await?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { return Ok(Some(head)) };
        match name.to_ascii_lowercase().as_str() {
            "content-length" => head.length = value.parse().map_err(io::Error::other)?,
            "content-encoding" => head.gzip = value == "gzip",
            "expect" => head.expects = true,
            "authorization" => head.authorization = Some(value.to_owned()),
            _ => {}
        }
    }
}

async fn body(stream: &mut (impl AsyncRead + AsyncWrite + Unpin), head: Head) -> io::Result<Request> {
    if head.expects {
        stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").await?;
    }
    let mut body = vec![0; head.length];
    stream.read_exact(&mut body).await?;
    if head.gzip {
        let mut plain = Vec::new();
        flate2::read::GzDecoder::new(&*body).read_to_end(&mut plain)?;
        body = plain;
    }
    Ok(Request { path: head.path, authorization: head.authorization, body, gzip: head.gzip })
}
