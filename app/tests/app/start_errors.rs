//! What the command line says when the database cannot be opened.

use std::time::Duration;

use minitwit::store::{Instruments, Options, Store};

async fn complaint(url: &str) -> String {
    let (timeout, instruments) = (Duration::from_secs(2), Instruments::default());
    let options = Options { url: url.into(), connections: 3, timeout, instruments };
    Store::open(&options).await.map(drop).expect_err("there is no such database").to_string()
}

#[tokio::test]
async fn a_file_that_cannot_be_opened_is_said_to_be_one() {
    for url in ["sqlite:/nonexist/hunter2SECRET.db", "sqlite:///proc/hunter2SECRET.db"] {
        let expected = "the database's file cannot be opened: does its folder exist, and may it be written to?";
        assert_eq!(complaint(url).await, expected);
    }
}

#[tokio::test]
async fn a_server_that_refuses_the_connection_did_answer() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let address = listener.local_addr().expect("it has an address");
    drop(listener);
    let said = complaint(&format!("postgres://mt:hunter2SECRET@{address}/mt")).await;
    assert_eq!(said, "cannot reach the database: connection refused");
}
