use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::*;

/// Operations that are being served.
struct Served {
    address: SocketAddr,
    readiness: Readiness,
    stop: oneshot::Sender<()>,
    task: JoinHandle<io::Result<()>>,
}

impl Served {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let operations = Operations { metrics: Metrics::new("1", "a"), readiness: Readiness::default() };
        let readiness = operations.readiness.clone();
        let (stop, stopped) = oneshot::channel();
        let shutdown = async { stopped.await.unwrap_or_default() };
        Self { address, readiness, stop, task: tokio::spawn(serve(listener, operations, shutdown)) }
    }

    async fn get(&self, path: &str) -> String {
        let mut connection = TcpStream::connect(self.address).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
        connection.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        connection.read_to_string(&mut answer).await.unwrap();
        answer
    }
}

#[tokio::test]
async fn readiness_gives_each_reason_on_a_line_until_it_is_gone() {
    let served = Served::start().await;
    assert!(served.get("/readyz").await.starts_with("HTTP/1.1 200"));
    served.readiness.lacks("elasticsearch", "the privilege create_doc is missing");
    served.readiness.lacks("state", "the disk is full");
    let answer = served.get("/readyz").await;
    assert!(answer.starts_with("HTTP/1.1 503"), "{answer}");
    let reasons = "\r\n\r\nelasticsearch: the privilege create_doc is missing\nstate: the disk is full\n";
    assert!(answer.ends_with(reasons), "{answer}");
    assert!(served.get("/healthz").await.ends_with("\r\n\r\nok\n"));
    served.readiness.recovers("elasticsearch");
    assert!(served.get("/readyz").await.ends_with("\r\n\r\nstate: the disk is full\n"));
    served.readiness.recovers("state");
    assert!(served.get("/readyz").await.ends_with("\r\n\r\nready\n"));
}

#[tokio::test]
async fn metrics_are_prometheus_text() {
    let answer = Served::start().await.get("/metrics").await;
    assert!(answer.contains("content-type: text/plain; version=0.0.4; charset=utf-8\r\n"), "{answer}");
    assert!(answer.contains("\nlog_shipper_lines_read_total 0\n"), "{answer}");
}

#[tokio::test]
async fn it_stops_although_a_client_never_ends_its_request() {
    let served = Served::start().await;
    let mut client = TcpStream::connect(served.address).await.unwrap();
    client.write_all(b"GET /healthz HTTP/1.1\r\nhost: x\r\n\r\nGET /metrics HTTP/1.1\r\nhos").await.unwrap();
    // The one before is being read when this one is answered.
    served.get("/healthz").await;
    served.stop.send(()).unwrap();
    served.task.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_silent_client_is_sent_away() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let operations = Operations { metrics: Metrics::new("1", "a"), readiness: Readiness::default() };
    let bounded = Bounded::new(listener, Duration::from_millis(1));
    let serving = tokio::spawn(async { axum::serve(bounded, routes(operations)).await });
    let mut silent = Vec::new();
    for _ in 0..2 * listener::CONNECTIONS {
        silent.push(TcpStream::connect(address).await.unwrap());
    }
    for mut client in silent {
        assert_eq!(client.read(&mut [0]).await.unwrap(), 0);
    }
    serving.abort();
}
