//! The simulator against servers that are good, silent, gone or babbling.

use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket};
use tokio::task::JoinHandle;

use super::*;
use crate::scenario::parse;

const ROWS: &[u8] = b"0\t0\t0\tregister\tAda B\ta@b\tpw\n1\t0\t0\ttweet\tAda B\ttext\n\
                      2\t0\t0\tfollow\tAda B\tBo\n3\t0\t0\tunfollow\tAda B\tBo\n";

fn simulator(addresses: &[SocketAddr], patience: Duration) -> Simulator {
    let replica = |address| format!("http://{address}").parse().expect("the URL is good");
    Simulator { replicas: addresses.iter().map(replica).collect(), patience, credential: CREDENTIAL.to_owned() }
}

/// Gives every connection the same answer, and gives back what the first `connections` of them sent.
async fn server(answer: &'static str, connections: usize) -> (SocketAddr, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let address = listener.local_addr().expect("the listener is bound");
    let requests = tokio::spawn(async move {
        let mut requests = Vec::new();
        for _ in 0..connections {
            let (mut stream, _) = listener.accept().await.expect("the simulator connects");
            let mut request = Vec::new();
            while !request.ends_with(b"}") {
                assert_ne!(stream.read_buf(&mut request).await.expect("the simulator sends"), 0, "the body never came");
            }
            stream.write_all(answer.as_bytes()).await.expect("the simulator reads");
            requests.push(String::from_utf8(request).expect("the request is ASCII"));
        }
        requests
    });
    (address, requests)
}

/// The faults of the four commands, in the order of [`Command`].
async fn faults(answer: &'static str) -> [Option<Fault>; 4] {
    let (address, _requests) = server(answer, 4).await;
    let simulator = simulator(&[address], Duration::from_secs(20));
    let rows = parse(ROWS).expect("the rows are good");
    let mut faults = [None; 4];
    for (row, fault) in rows.iter().zip(&mut faults) {
        *fault = simulator.play(row, 0).await.fault;
    }
    faults
}

#[tokio::test]
async fn an_answer_of_204_is_good_for_every_command() {
    assert_eq!(faults("HTTP/1.1 204 No Content\r\n\r\n").await, [None; 4]);
}

#[tokio::test]
async fn only_a_registration_may_be_refused_with_400() {
    let refused = Some(Fault::Status(400));
    assert_eq!(faults("HTTP/1.1 400 Bad Request\r\n\r\n").await, [None, refused, refused, refused]);
}

#[tokio::test]
async fn an_answer_of_200_is_an_error() {
    assert_eq!(faults("HTTP/1.1 200 OK\r\n\r\n").await, [Some(Fault::Status(200)); 4]);
}

#[tokio::test]
async fn what_is_not_http_is_an_error() {
    assert_eq!(faults("SSH-2.0-x\r\n\r\n").await, [Some(Fault::NotHttp); 4]);
}

#[tokio::test]
async fn an_answer_that_ends_early_is_an_error() {
    assert_eq!(faults("HTTP/1.1 204").await, [Some(Fault::Broken); 4]);
}

#[tokio::test]
async fn the_body_of_an_answer_is_not_waited_for() {
    assert_eq!(faults("HTTP/1.1 204 x\r\nContent-Length: 9\r\n\r\n").await, [None; 4]);
}

#[tokio::test]
async fn replicas_are_asked_in_turn_with_a_connection_for_each_row() {
    let (first, first_got) = server("HTTP/1.1 204 x\r\n\r\n", 2).await;
    let (second, second_got) = server("HTTP/1.1 204 x\r\n\r\n", 2).await;
    let simulator = simulator(&[first, second], Duration::from_secs(20));
    for (turn, row) in parse(ROWS).expect("the rows are good").iter().enumerate() {
        assert_eq!(simulator.play(row, turn).await.fault, None);
    }
    let latest = |requests: Vec<String>| requests.join("").matches("?latest=").count();
    let (first_got, second_got) = (first_got.await.expect("no panic"), second_got.await.expect("no panic"));
    assert!(first_got[0].contains("?latest=0 ") && first_got[1].contains("?latest=2 "));
    assert!(second_got[0].contains("?latest=1 ") && second_got[1].contains("?latest=3 "));
    assert_eq!((latest(first_got), latest(second_got)), (2, 2));
}

#[tokio::test]
async fn a_server_that_never_answers_is_a_timeout() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let address = listener.local_addr().expect("the listener is bound");
    let row = &parse(ROWS).expect("the rows are good")[0];
    let outcome = simulator(&[address], Duration::from_millis(50)).play(row, 0).await;
    assert_eq!((outcome.status, outcome.fault), (None, Some(Fault::ReadTimeout)));
    assert!(outcome.took >= Duration::from_millis(50));
}

#[tokio::test]
async fn a_port_without_a_listener_refuses() {
    // Bound and not listening: nobody else can get the port meanwhile.
    let socket = TcpSocket::new_v4().expect("there are sockets");
    socket.bind(([127, 0, 0, 1], 0).into()).expect("a port is free");
    let address = socket.local_addr().expect("the socket is bound");
    let row = &parse(ROWS).expect("the rows are good")[0];
    assert_eq!(simulator(&[address], Duration::from_secs(20)).play(row, 0).await.fault, Some(Fault::Refused));
}
