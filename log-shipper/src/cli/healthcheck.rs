//! `log-shipper healthcheck`: for containers' health checks, so that the image needs no other client.

use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use super::Healthcheck;
use crate::config::{Given, Settings};

const PATIENCE: Duration = Duration::from_secs(3);

/// The first line of an answer and some headers; more is not looked at.
const ENOUGH: u64 = 4_096;

impl Healthcheck {
    /// Asks `/healthz`. That Elasticsearch is away is no reason to start the shipper again, and `/readyz` tells of it.
    ///
    /// # Errors
    /// It does not answer, or not well, or the operations listener is off.
    pub fn run(self, given: &Given) -> Result<()> {
        let settings = Settings::load(given)?;
        let address = settings.operations.operations_listen.address();
        let address = at_home(address.context("the operations listener is off (--operations-listen)")?);
        let answer = ask(address).with_context(|| format!("cannot ask {address}"))?;
        ensure!(answer.starts_with(b"HTTP/1.1 200 "), "{address} does not answer as a shipper that is well");
        Ok(())
    }
}

/// What listens everywhere is asked here.
fn at_home(mut address: SocketAddr) -> SocketAddr {
    address.set_ip(match address.ip() {
        IpAddr::V4(Ipv4Addr::UNSPECIFIED) => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(Ipv6Addr::UNSPECIFIED) => Ipv6Addr::LOCALHOST.into(),
        other => other,
    });
    address
}

fn ask(address: SocketAddr) -> io::Result<Vec<u8>> {
    let mut socket = TcpStream::connect_timeout(&address, PATIENCE)?;
    socket.set_read_timeout(Some(PATIENCE))?;
    socket.write_all(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")?;
    let mut answer = Vec::new();
    socket.take(ENOUGH).read_to_end(&mut answer)?;
    Ok(answer)
}
