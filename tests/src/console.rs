//! The program's commands, as operators type them.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use anyhow::{Context, ensure};
use tokio::io::AsyncWriteExt;
use tokio::process::Command;
use tokio::time::timeout;

const PATIENCE: Duration = Duration::from_secs(30);

/// What a command printed, and how it ended.
#[derive(Debug)]
pub struct Said {
    /// The exit code; None when a signal ended it.
    pub code: Option<i32>,
    /// All of its standard output.
    pub stdout: String,
    /// All of its standard error.
    pub stderr: String,
}

impl Said {
    /// Standard output of a command that ended well and had nothing to complain about.
    pub fn good(self) -> anyhow::Result<String> {
        ensure!(self.code == Some(0) && self.stderr.is_empty(), "the command failed: {self:?}");
        Ok(self.stdout)
    }
}

/// A command of `program` that knows nothing of this process's settings: its environment is empty.
#[must_use]
pub fn command(program: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).env_clear().kill_on_drop(true);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

/// Runs a command to its end, with `input` as its standard input. It has 30 seconds.
pub async fn run(mut command: Command, input: &str) -> anyhow::Result<Said> {
    let mut child = command.spawn().context("cannot start the program")?;
    let mut stdin = child.stdin.take().context("the command has a standard input")?;
    // A command that reads nothing may be gone already.
    drop(stdin.write_all(input.as_bytes()).await);
    drop(stdin);
    let output = timeout(PATIENCE, child.wait_with_output()).await.context("the command does not end")??;
    Ok(Said {
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).context("standard output is not UTF-8")?,
        stderr: String::from_utf8(output.stderr).context("standard error is not UTF-8")?,
    })
}

/// What a command on a database prints when all is well.
pub async fn ask(program: &Path, database_url: &str, arguments: &[&str]) -> anyhow::Result<String> {
    let mut command = command(program, arguments);
    command.env("DATABASE_URL", database_url);
    run(command, "").await?.good()
}
