//! `platform`: measures the site on a swarm, through its proxy and beside it, by the number of its replicas.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, ensure};
use bytes::Bytes;
use clap::{Args, Parser, Subcommand};
use e2e::load::round::{Until, drive};
use e2e::load::visit::Visit;
use e2e::platform::figures::{self, Figure};
use e2e::simulator::CREDENTIAL;
use http::{Request, header};

/// Measures the site on a swarm of three machines, which are made on this one: requests per second and their latency through
/// the proxy with 1, 2 and 4 replicas, and what the proxy costs against a replica that is asked directly.
///
/// It needs root and what `tests/run install` installs, and takes some minutes.
#[derive(Parser)]
#[command(version, args_conflicts_with_subcommands = true)]
#[command(
    after_help = "The programs are the release builds beside this one: run `cargo build --release --workspace` first.\n\n\
    Exit code: 0 when every request had the right answer; 1 when one had not; 2 when something could not be measured."
)]
struct Options {
    #[command(flatten)]
    settings: figures::Settings,
    #[command(subcommand)]
    role: Option<Role>,
}

#[derive(Subcommand)]
enum Role {
    /// Be a number of clients, and print what they saw as JSON
    #[command(hide = true)]
    Clients(Clients),
}

#[derive(Args)]
struct Clients {
    address: SocketAddr,
    host: String,
    #[arg(long)]
    connections: u16,
    #[arg(long)]
    seconds: u64,
}

#[tokio::main]
async fn main() -> ExitCode {
    let options = Options::parse();
    let ended = match options.role {
        Some(Role::Clients(clients)) => clients.ask().await.map(|figure| {
            println!("{}", figure.json());
            ExitCode::SUCCESS
        }),
        None => measure(&options.settings).await,
    };
    ended.unwrap_or_else(|error| {
        eprintln!("error: {error:#}");
        ExitCode::from(2)
    })
}

async fn measure(settings: &figures::Settings) -> anyhow::Result<ExitCode> {
    let report = figures::measure(settings).await?.context("something is missing: run `tests/run install` as root")?;
    print!("{report}");
    Ok(ExitCode::from(u8::from(report.errors() > 0)))
}

impl Clients {
    async fn ask(&self) -> anyhow::Result<Figure> {
        let ask = Request::get(figures::WORK)
            .header(header::HOST, &self.host)
            .header(header::AUTHORIZATION, CREDENTIAL)
            .body(Bytes::new().into())?;
        let visit = Visit::probe(self.address, ask).await?;
        let round = drive(&[visit], self.connections, Until::Elapsed(Duration::from_secs(self.seconds))).await;
        ensure!(round.requests > 0, "no request was answered: {}", round.errors);
        Ok(Figure::of(&round))
    }
}
