//! Connections: slow readers, requests that come before their turn, and bytes that are no request.

use std::time::{Duration, Instant};

use minitwit::Door;
use rstest::rstest;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::harness::{Ask, Sqlite, TestApp, all_of, raw, slow};

const CREDENTIAL: &str = "authorization: Basic c2ltdWxhdG9yOnN1cGVyX3NhZmUh";
/// What hyper's own answer to a malformed request begins with.
const FORGED: &str = "HTTP/1.1 400";
const MALFORMED: &str = "GET / nonsense HTTP/1.1\r\nhost: x\r\n\r\n";

fn body(answer: &str) -> &str {
    answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("no answer but {answer:?}")).1
}

/// Messages that look like answers where they are cut; more of them than the system keeps for a client that does not read.
async fn forge(site: &TestApp, messages: usize) {
    let simulator = site.simulator();
    simulator.register("ada").await;
    for _ in 0..messages {
        assert_eq!(simulator.tweet("ada", &FORGED.repeat(333)).await.status, 204);
    }
}

async fn refused_lines(site: &TestApp, wanted: usize) {
    let deadline = Instant::now() + Duration::from_secs(10);
    let refused = || site.lines(|line| line["error"]["type"] == "malformed_request");
    while refused() < wanted && Instant::now() < deadline {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(refused(), wanted);
}

/// What the server itself refuses counts as a request, or the count would not be that of the log's lines.
async fn assert_counted(site: &TestApp, door: Door, status: u16) {
    let via = door.via().name();
    let series =
        format!(r#"http_server_requests_total{{via="{via}",method="OTHER",route="unmatched",status="{status}"}} 1"#);
    let metrics = raw(site.ops, b"GET /metrics HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
    assert!(metrics.lines().any(|line| line == series), "{series} in {metrics}");
}

#[tokio::test]
async fn what_a_message_says_never_passes_for_an_answer() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    forge(&site, 400).await;
    let request = format!("GET /msgs?no=1000 HTTP/1.1\r\nhost: x\r\nconnection: close\r\n{CREDENTIAL}\r\n\r\n");
    for length in 1..=FORGED.len() {
        // Each message moves the places at which the answer is cut.
        site.simulator().tweet("ada", &"x".repeat(length)).await;
        let fast = site.simulator().get("/msgs?no=1000").await.body;
        let mut stream = slow(site.api, 1_000).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        tokio::time::sleep(Duration::from_millis(5)).await;
        let answer = all_of(stream).await;
        assert!(body(&answer) == fast, "{length}: {} bytes instead of {}", body(&answer).len(), fast.len());
    }
    refused_lines(&site, 0).await;
}

#[rstest]
#[tokio::test]
async fn a_malformed_request_is_refused_in_our_words_after_the_answers_before_it(
    #[values(Door::Web, Door::Api)] door: Door,
    #[values("", "x")] body_of_the_good_one: &str,
) {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    forge(&site, if door == Door::Web { 40 } else { 400 }).await;
    let (address, path) = if door == Door::Web { (site.web, "/public") } else { (site.api, "/msgs?no=1000") };
    let fast = site.ask(door, Ask::get(path).with("authorization", &CREDENTIAL[15..])).await.body;
    let length = body_of_the_good_one.len();
    let good = format!(
        "GET {path} HTTP/1.1\r\nhost: x\r\n{CREDENTIAL}\r\ncontent-length: {length}\r\n\r\n{body_of_the_good_one}"
    );
    let mut refused = 0;
    for before in [0, 1, 3] {
        for window in [1_000, 100_000, 4_000_000] {
            let mut stream = slow(address, window).await.unwrap();
            stream.write_all((good.repeat(before) + MALFORMED).as_bytes()).await.unwrap();
            tokio::time::sleep(Duration::from_millis(20)).await;
            let answer = all_of(stream).await;
            let mut rest = answer.as_str();
            for _ in 0..before {
                let whole = body(rest);
                assert!(whole.starts_with(&fast), "{before} before, {window} bytes");
                rest = &whole[fast.len()..];
            }
            assert!(rest.starts_with("HTTP/1.1 400 Bad Request\r\ncontent-type: "), "{before}, {window}: {rest:.99}");
            let ours = if door == Door::Web { "That request makes no sense" } else { r#"{"status":400,"# };
            assert!(body(rest).contains(ours), "{rest}");
            refused += 1;
            refused_lines(&site, refused).await;
        }
    }
}

#[tokio::test]
async fn requests_that_come_before_their_turn_are_answered_in_order() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    site.simulator().register("ada").await;
    let post = |text: &str| {
        let body = format!(r#"{{"content":"{text}\n\n"}}"#);
        format!("POST /msgs/ada HTTP/1.1\r\nhost: x\r\n{CREDENTIAL}\r\ncontent-length: {}\r\n\r\n{body}", body.len())
    };
    let chunked = format!("POST /msgs/ada HTTP/1.1\r\nhost: x\r\n{CREDENTIAL}\r\ntransfer-encoding: chunked\r\n\r\n");
    let last = format!("{chunked}f\r\n{{\"content\":\"c\"}}\r\n0\r\n\r\n");
    let all = post("a") + &post("b") + "\r\n" + "GET /latest HTTP/1.1\nhost: x\n\n" + &last;
    for piece in [1, 7, 64, all.len()] {
        let mut stream = TcpStream::connect(site.api).await.unwrap();
        stream.set_nodelay(true).unwrap();
        for bytes in all.as_bytes().chunks(piece) {
            stream.write_all(bytes).await.unwrap();
            tokio::task::yield_now().await;
        }
        stream.shutdown().await.unwrap();
        let answer = all_of(stream).await;
        let statuses: Vec<_> = answer.split("HTTP/1.1 ").skip(1).map(|answer| &answer[..3]).collect();
        assert_eq!(statuses, ["204", "204", "200", "204"], "in pieces of {piece}: {answer}");
    }
    let simulator = site.simulator();
    assert_eq!(simulator.contents("/msgs/ada").await, ["c", "b\n\n", "a\n\n"].repeat(4));
}

#[rstest]
#[tokio::test]
async fn another_version_of_http_is_400_and_noted(#[values(Door::Web, Door::Api)] door: Door) {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let address = site.at(door);
    let answer = raw(address, b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").await;
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    let ours = if door == Door::Web { "That request makes no sense" } else { r#"{"status":400,"# };
    assert!(answer.contains(ours), "{answer}");
    refused_lines(&site, 1).await;
    assert_counted(&site, door, 400).await;
}

/// RFC 9112, section 2.2: a server should ignore an empty line before a request.
#[tokio::test]
async fn empty_lines_between_requests_are_no_header_that_trickles_in() {
    let Some(site) = TestApp::with(Sqlite, &["--header-timeout=200ms"]).await else { return };
    let request = "GET /robots.txt HTTP/1.1\r\nhost: x\r\n\r\n";
    let mut stream = TcpStream::connect(site.web).await.unwrap();
    for empty in ["\r\n", "\n\r\n"] {
        stream.write_all(empty.as_bytes()).await.unwrap();
        tokio::time::sleep(Duration::from_millis(500)).await;
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = [0; 12];
        stream.read_exact(&mut answer).await.expect("the connection is still there");
        assert_eq!(&answer, b"HTTP/1.1 200");
        let mut rest = [0; 4096];
        while !rest.windows(9).any(|bytes| bytes == b"Disallow:") {
            assert_ne!(stream.read(&mut rest).await.unwrap(), 0);
        }
    }
    stream.write_all(b"GET").await.unwrap();
    assert_eq!(stream.read(&mut [0]).await.unwrap_or(0), 0, "what did begin has to go on");
    site.line(|line| line["error"]["type"] == "header_timeout").await;
    assert_eq!(site.lines(|line| line["error"]["type"] == "header_timeout"), 1);
    assert_counted(&site, Door::Web, 408).await;
}
