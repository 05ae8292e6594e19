//! `minitwit healthcheck`: for container health checks, so that the image needs no other client.

use std::time::Duration;

use anyhow::{Context, Result, bail};
use clap::Args;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::config::{Listen, listen};

#[derive(Args, Debug)]
pub(super) struct Healthcheck {
    /// Address of the operations listener
    #[arg(long, env = "MINITWIT_OPS_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:9000", value_parser = listen)]
    ops_listen: Listen,
}

const PATIENCE: Duration = Duration::from_secs(3);
/// The first line of an answer and some headers; more is not looked at.
const ENOUGH: u64 = 4_096;

impl Healthcheck {
    pub(super) async fn run(self) -> Result<()> {
        let mut address = self.ops_listen.address().context("the operations listener is off (--ops-listen)")?;
        // What listens everywhere is asked at home.
        if address.ip().is_unspecified() {
            address.set_ip(if address.is_ipv6() { [0_u16, 0, 0, 0, 0, 0, 0, 1].into() } else { [127, 0, 0, 1].into() });
        }
        let answer = tokio::time::timeout(PATIENCE, ask(address));
        let answer = answer.await.with_context(|| format!("{address} did not answer in time"))?;
        let answer = answer.with_context(|| format!("cannot ask {address}"))?;
        if answer.starts_with("HTTP/1.1 200 ") {
            return Ok(());
        }
        bail!("not ready: {}", answer.lines().last().unwrap_or("no answer"))
    }
}

async fn ask(address: std::net::SocketAddr) -> std::io::Result<String> {
    let mut socket = TcpStream::connect(address).await?;
    socket.write_all(b"GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").await?;
    let mut answer = Vec::new();
    socket.take(ENOUGH).read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
