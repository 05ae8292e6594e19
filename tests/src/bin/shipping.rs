//! `shipping`: measures the log shipper beside another one.

use std::net::SocketAddr;
use std::path::Path;
use std::process::{ExitCode, Stdio};
use std::time::Duration;

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use e2e::progress::Progress;
use e2e::shipping::report::Report;
use e2e::shipping::rival::{Rival, measure};
use e2e::shipping::{acknowledging, idle, lines, start};
use tokio::process::{Child, Command};

/// Measures the log shipper beside rsyslog: lines per second, processor time and memory, over loopback to a server that
/// acknowledges and does nothing else. The shippers take turns; the table has medians. `idle` and `start` measure ours
/// alone.
#[derive(Parser)]
#[command(version, after_help = "The shipper is the release build: run `cargo build --release -p log-shipper` first.")]
struct Options {
    /// Lines that each of them ships
    #[arg(long, value_name = "N", default_value_t = 1_000_000)]
    lines: u64,
    /// Turns of each
    #[arg(long, value_name = "N", default_value_t = 3)]
    rounds: u32,
    /// Measure our shipper alone
    #[arg(long)]
    alone: bool,
    #[command(subcommand)]
    role: Option<Role>,
}

#[derive(Subcommand)]
enum Role {
    /// How long a single line takes on a system where nothing else happens
    Idle {
        /// Lines, each after two seconds of silence
        #[arg(long, value_name = "N", default_value_t = 30)]
        lines: u64,
    },
    /// How long a start takes with the positions of very many files
    Start {
        /// Files, all in one folder
        #[arg(long, value_name = "N", default_value_t = 100_000)]
        files: u64,
        /// Starts
        #[arg(long, value_name = "N", default_value_t = 3)]
        rounds: u32,
    },
    /// Be the server, until stdin ends
    #[command(hide = true)]
    Acknowledging { listen: SocketAddr },
}

#[tokio::main]
async fn main() -> ExitCode {
    let options = Options::parse();
    let done = match options.role {
        Some(Role::Acknowledging { listen }) => acknowledging::serve(listen).await,
        Some(Role::Idle { lines }) => alone(async |sink| Ok(idle::measure(sink, lines).await?.to_string())).await,
        Some(Role::Start { files, rounds }) => {
            alone(async |sink| Ok(start::measure(sink, files, rounds).await?.to_string())).await
        }
        None => compare(&options).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("shipping: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn compare(options: &Options) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let (sink, _server) = server().await?;
    let root = folder.path().join("containers");
    let log = lines::write(&root, options.lines)?;
    let rivals = if options.alone { &Rival::ALL[..1] } else { &Rival::ALL[..] };
    let progress = Progress::new(u64::from(options.rounds) * rivals.len() as u64);
    let mut report = Report { lines: options.lines, runs: Vec::new() };
    for _ in 0..options.rounds {
        for rival in rivals {
            progress.say(rival.name().to_owned());
            report.runs.push((*rival, one(*rival, &root, &log, sink, options.lines).await?));
            progress.step(1);
        }
    }
    print!("{report}");
    Ok(())
}

async fn alone(measure: impl AsyncFnOnce(SocketAddr) -> Result<String>) -> Result<()> {
    let (sink, _server) = server().await?;
    print!("{}", measure(sink).await?);
    Ok(())
}

async fn one(rival: Rival, root: &Path, log: &Path, sink: SocketAddr, lines: u64) -> Result<e2e::shipping::rival::Run> {
    measure(rival, root, log, sink, lines).await.with_context(|| rival.name())
}

/// Starts the server in a process of its own, so that its time is not ours.
async fn server() -> Result<(SocketAddr, Child)> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    drop(listener);
    let mut command = Command::new(std::env::current_exe()?);
    command.arg("acknowledging").arg(address.to_string()).stdin(Stdio::piped()).kill_on_drop(true);
    let child = command.spawn()?;
    while acknowledging::count(address).await.is_err() {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    Ok((address, child))
}
