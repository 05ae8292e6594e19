//! Clients that close their side early, or go away: who still reads is answered, and every request leaves its line.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use minitwit::Door;
use rstest::rstest;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use crate::harness::{Sqlite, TestApp, all_of, slow};

const CREDENTIAL: &str = "authorization: Basic c2ltdWxhdG9yOnN1cGVyX3NhZmUh";

/// Sends all at once and closes its side, as `nc -N` does. Little of a large answer fits into what the system keeps for it.
async fn half_closed(address: SocketAddr, requests: &str) -> io::Result<TcpStream> {
    let mut stream = slow(address, 4_096).await?;
    stream.write_all(requests.as_bytes()).await?;
    stream.shutdown().await?;
    Ok(stream)
}

#[rstest]
#[tokio::test]
async fn who_closes_their_side_right_after_a_request_is_answered(#[values(Door::Web, Door::Api)] door: Door) {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let (address, path) = if door == Door::Web { (site.web, "/public") } else { (site.api, "/latest") };
    for rest in ["", "connection: close\r\n"] {
        let request = format!("GET {path} HTTP/1.1\r\nhost: x\r\n{rest}\r\n");
        assert!(all_of(half_closed(address, &request).await.unwrap()).await.starts_with("HTTP/1.1 200 "), "{rest:?}");
        let three =
            all_of(half_closed(address, &format!("GET {path} HTTP/1.1\r\nhost: x\r\n\r\n").repeat(3)).await.unwrap())
                .await;
        assert_eq!(three.matches("HTTP/1.1 200 ").count(), 3, "{three}");
    }
    site.line(|line| line["url"]["path"] == path && line["http"]["response"]["status_code"] == 200).await;
}

#[tokio::test]
async fn who_closes_their_side_and_reads_slowly_gets_the_whole_of_a_large_answer() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    let simulator = site.simulator();
    simulator.register("ada").await;
    for _ in 0..200 {
        assert_eq!(simulator.tweet("ada", &"…".repeat(4_000)).await.status, 204);
    }
    let request = format!("GET /msgs?no=200 HTTP/1.1\r\nhost: x\r\n{CREDENTIAL}\r\n\r\n");
    let stream = half_closed(site.api, &request).await.unwrap();
    tokio::time::sleep(Duration::from_millis(600)).await;
    let answer = all_of(stream).await;
    let (head, body) = answer.split_once("\r\n\r\n").expect("there is an answer");
    assert!(head.contains(&format!("content-length: {}", body.len())), "{head}\n{} bytes", body.len());
}

#[tokio::test]
async fn a_slow_request_of_a_client_that_went_away_is_noted_as_499() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    site.simulator().register("ada").await;
    let mut thief = site.backdoor().await;
    thief.seize().await;
    let request = format!("GET /msgs?latest=7 HTTP/1.1\r\nhost: x\r\n{CREDENTIAL}\r\n\r\n");
    drop(half_closed(site.api, &request).await.unwrap());
    let line = site.line(|line| line["minitwit"]["latest"] == 7).await;
    assert_eq!(line["http"]["response"]["status_code"], 499, "{line}");
    thief.give_back().await;
}

#[tokio::test]
async fn each_request_leaves_one_line_however_abruptly_its_client_leaves() {
    let Some(site) = TestApp::start(Sqlite).await else { return };
    for number in 0..50 {
        let mut stream = TcpStream::connect(site.api).await.unwrap();
        stream.set_zero_linger().unwrap();
        let request = format!("GET /msgs?latest={number} HTTP/1.1\r\nhost: x\r\n{CREDENTIAL}\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        // Closing without waiting resets the connection, mostly before the site has looked at it.
        drop(stream);
    }
    for number in 0..50 {
        site.line(|line| line["minitwit"]["latest"] == number).await;
    }
    assert_eq!(site.lines(|line| line["minitwit"]["latest"].is_number()), 50);
}
