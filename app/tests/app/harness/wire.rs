//! Requests over a connection of their own, and bytes that are no request.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::handshake;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;

use super::{Answer, Ask};

/// Longer than any answer may take, so that a site that hangs fails its test.
const PATIENCE: Duration = Duration::from_secs(90);

/// Sends a request and reads the whole answer.
pub(super) async fn send(address: SocketAddr, ask: Ask) -> Answer {
    let exchange = async {
        let stream = TcpStream::connect(address).await.expect("the site listens");
        let (mut sender, connection) = handshake(TokioIo::new(stream)).await.expect("HTTP/1.1 needs no handshake");
        let driver = tokio::spawn(connection);
        let answer = sender.send_request(request(address, ask)).await.expect("the site answers");
        let (parts, body) = answer.into_parts();
        let body = body.collect().await.expect("the answer is whole").to_bytes();
        driver.abort();
        Answer::new(Response::from_parts(parts, body))
    };
    timeout(PATIENCE, exchange).await.expect("the site answers in time")
}

fn request(address: SocketAddr, ask: Ask) -> Request<Full<Bytes>> {
    let mut request = Request::builder().method(ask.method).uri(&ask.path);
    if !ask.has("host") {
        request = request.header("host", address.to_string());
    }
    for (name, value) in &ask.headers {
        request = request.header(name, value);
    }
    request.body(Full::from(ask.body)).expect("the test asks something that can be sent")
}

/// Sends bytes as they are and reads until the site closes.
pub async fn raw(address: SocketAddr, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).await.expect("the site listens");
    stream.write_all(bytes).await.expect("the site reads");
    all_of(stream).await
}

/// A client that takes little at a time.
pub async fn slow(address: SocketAddr, window: u32) -> io::Result<TcpStream> {
    let socket = TcpSocket::new_v4()?;
    socket.set_recv_buffer_size(window)?;
    socket.connect(address).await
}

/// Reads until the site closes.
pub async fn all_of(mut stream: TcpStream) -> String {
    let mut answer = String::new();
    let read = timeout(PATIENCE, stream.read_to_string(&mut answer)).await.expect("the site answers in time");
    read.expect("the site closes in an orderly way, and answers are UTF-8");
    answer
}
