//! A server that answers as a test says.

use std::sync::{Arc, Mutex};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

/// Path and body of a request, and the answer; if that is empty, there is none, for ever.
type Answers = dyn Fn(&str, &str) -> String + Send + Sync;
type Seen = Arc<Mutex<Vec<String>>>;

/// A server that runs as long as the test's runtime does.
pub(crate) struct Server {
    pub(crate) url: Url,
    seen: Seen,
}

impl Server {
    /// The paths of all requests.
    pub(crate) fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }
}

pub(crate) async fn start(answers: impl Fn(&str, &str) -> String + Send + Sync + 'static) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    let (answers, seen): (Arc<Answers>, _) = (Arc::new(answers), Seen::default());
    let all = Arc::clone(&seen);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, Arc::clone(&answers), Arc::clone(&all)));
        }
    });
    Server { url, seen }
}

/// An answer with a body.
pub(crate) fn json(status: u16, body: &str) -> String {
    format!("HTTP/1.1 {status} Told\r\nContent-Length: {}\r\n\r\n{body}", body.len())
}

async fn serve(stream: TcpStream, answers: Arc<Answers>, seen: Seen) {
    let mut stream = BufReader::new(stream);
    while let Some((path, body)) = request(&mut stream).await {
        seen.lock().unwrap().push(path.clone());
        let answer = answers(&path, &body);
        if answer.is_empty() {
            return std::future::pending().await;
        }
        // Whoever asked may be gone.
        let _ = stream.write_all(answer.as_bytes()).await;
    }
}

async fn request(stream: &mut BufReader<TcpStream>) -> Option<(String, String)> {
    let (mut path, mut length) = (String::new(), 0);
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        match line.trim_end().split_once(": ") {
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => length = value.parse().ok()?,
            None if line == "\r\n" => break,
            None => path = line.split(' ').nth(1)?.to_owned(),
            Some(_) => {}
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    Some((path, String::from_utf8(body).ok()?))
}
