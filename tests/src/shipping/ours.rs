//! Our shipper as it is measured.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
use tokio::process::Command;

use super::acknowledging;

/// How often the server is asked, and so how exact a time is.
const POLL: Duration = Duration::from_millis(1);

/// `log-shipper run` with its state in `state`, delivering to `sink`; what it reads is still to be said.
///
/// # Errors
/// If the release build is missing.
pub fn command(state: &Path, sink: SocketAddr) -> Result<Command> {
    let mut command = Command::new(program()?);
    command.args(["run", "--log-level", "error", "--elasticsearch"]).arg(format!("http://{sink}"));
    command.arg("--state").arg(state).kill_on_drop(true);
    Ok(command)
}

/// Waits until the server has `wanted` documents.
///
/// # Errors
/// If they have not come after `patience`.
pub async fn arrived(sink: SocketAddr, wanted: u64, patience: Duration) -> Result<()> {
    let started = Instant::now();
    loop {
        let count = acknowledging::count(sink).await?;
        if count >= wanted {
            return Ok(());
        }
        if started.elapsed() > patience {
            bail!("{count} of {wanted} documents have arrived after {patience:?}");
        }
        tokio::time::sleep(POLL).await;
    }
}

fn program() -> Result<PathBuf> {
    let here = std::env::current_exe()?;
    let program = here.with_file_name("log-shipper");
    if !program.exists() {
        bail!("{} is missing: run `cargo build --release -p log-shipper` first", program.display());
    }
    Ok(program)
}
