//! A start with the positions of very many files.

use std::fmt::{self, Write};
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use tokio::net::TcpStream;

use super::{acknowledging, ours};

/// Nobody takes longer to read the files for the first time.
const PATIENCE: Duration = Duration::from_mins(20);

/// What was seen.
pub struct Start {
    files: u64,
    first: Duration,
    runs: Vec<Again>,
}

/// One start with a state that knows all files.
#[derive(Clone, Copy)]
struct Again {
    listens: Duration,
    line: Duration,
}

impl fmt::Display for Start {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = format!("{} files, first read in {:.1} s\n", self.files, self.first.as_secs_f64());
        for Again { listens, line } in &self.runs {
            let [listens, line] = [listens, line].map(Duration::as_secs_f64);
            writeln!(text, "started again: answers after {listens:.2} s, a new line has arrived after {line:.2} s")?;
        }
        f.write_str(&text)
    }
}

/// Lets the shipper read `count` files of one line each, and starts it again `rounds` times.
///
/// # Errors
/// If the shipper does not start, or lines do not arrive.
pub async fn measure(sink: SocketAddr, count: u64, rounds: u32) -> Result<Start> {
    let folder = tempfile::tempdir()?;
    let (files, state) = (folder.path().join("files"), folder.path().join("state"));
    fs::create_dir(&files)?;
    for number in 0..count {
        fs::write(path(&files, number), format!("the first line of file {number}\n"))?;
    }
    let started = Instant::now();
    let mut once = ours::command(&state, sink)?;
    let status = once.args(["--once", "--files"]).arg(files.join("*.log")).status().await?;
    ensure!(status.success(), "the first look failed: {status}");
    let first = started.elapsed();
    let mut runs = Vec::new();
    for round in 0..rounds {
        runs.push(again(sink, &files, &state, u64::from(round) * 7919 % count).await?);
    }
    Ok(Start { files: count, first, runs })
}

fn path(files: &Path, number: u64) -> PathBuf {
    files.join(format!("{number:06}.log"))
}

async fn again(sink: SocketAddr, files: &Path, state: &Path, number: u64) -> Result<Again> {
    let before = acknowledging::count(sink).await?;
    let operations = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
    let mut command = ours::command(state, sink)?;
    command.args(["--operations-listen", &operations.to_string(), "--files"]).arg(files.join("*.log"));
    writeln!(OpenOptions::new().append(true).open(path(files, number))?, "a new line")?;
    let started = Instant::now();
    let mut child = command.spawn().context("it cannot be started")?;
    while TcpStream::connect(operations).await.is_err() {
        ensure!(child.try_wait()?.is_none() && started.elapsed() < PATIENCE, "it does not listen");
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let listens = started.elapsed();
    ours::arrived(sink, before + 1, PATIENCE).await?;
    let line = started.elapsed();
    child.kill().await?;
    Ok(Again { listens, line })
}
