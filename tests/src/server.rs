//! A server as a child process: started, waited for, and surely stopped.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::hash::{BuildHasher, Hasher, RandomState};
use std::io::{Read, Seek, SeekFrom, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, bail, ensure};
use http::StatusCode;
use tokio::time::sleep;

use crate::http_client;
use crate::usage::Usage;

const PATIENCE: Duration = Duration::from_mins(1);
const LOG_END: u64 = 2000;
const LOG_KEPT: u64 = 64 * 1024 * 1024;

/// A running child process, whose stdout and stderr go to one file. Dropping it kills it and waits for its end.
pub struct Server {
    child: Child,
    log: PathBuf,
}

impl Server {
    /// Starts `command`. Its stdin is a pipe that ends with this process.
    pub fn start(command: Command, log: PathBuf) -> anyhow::Result<Self> {
        let file = appending(&log)?;
        Self::start_printing(command, file.into(), log)
    }

    /// The same, with its stdout elsewhere.
    pub fn start_printing(mut command: Command, stdout: Stdio, log: PathBuf) -> anyhow::Result<Self> {
        command.stdin(Stdio::piped()).stdout(stdout).stderr(appending(&log)?);
        let program = command.get_program().display().to_string();
        let child = command.spawn().with_context(|| format!("cannot start {program}"))?;
        Ok(Self { child, log })
    }

    /// Waits until a GET of `path` is answered with `status`. It has a minute.
    pub async fn wait_until(&mut self, address: SocketAddr, path: &str, status: StatusCode) -> anyhow::Result<()> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            self.check()?;
            let state = match http_client::fetch(address, http_client::get(address, path)?).await {
                Ok(answer) if answer.status() == status => return Ok(()),
                Ok(answer) => format!("answers {}", answer.status()),
                Err(error) => format!("{error:#}"),
            };
            if Instant::now() > deadline {
                bail!("not ready after {} s: http://{address}{path}: {state}{}", PATIENCE.as_secs(), self.last_words());
            }
            sleep(Duration::from_millis(50)).await;
        }
    }

    /// An error when the process has ended; it shows the end of what the process wrote.
    pub fn check(&mut self) -> anyhow::Result<()> {
        match self.child.try_wait()? {
            None => Ok(()),
            Some(end) => bail!("the server ended by itself ({end}){}", self.last_words()),
        }
    }

    /// The number of the process.
    #[must_use]
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Sends the process a signal, by its name without `SIG`.
    pub fn signal(&self, name: &str) -> anyhow::Result<()> {
        signal(name, &[self.id()])
    }

    /// Waits for the end of the process. It has a minute.
    pub async fn end(&mut self) -> anyhow::Result<ExitStatus> {
        let deadline = Instant::now() + PATIENCE;
        while Instant::now() < deadline {
            if let Some(end) = self.child.try_wait()? {
                return Ok(end);
            }
            sleep(Duration::from_millis(5)).await;
        }
        bail!("the process did not end within {} s{}", PATIENCE.as_secs(), self.last_words())
    }

    /// Writes to the process's stdin.
    pub fn tell(&mut self, text: &str) -> anyhow::Result<()> {
        let stdin = self.child.stdin.as_mut().context("its stdin is open")?;
        Ok(stdin.write_all(text.as_bytes())?)
    }

    /// Ends the process's stdin and waits for its own end, which has to follow from that.
    pub fn hang_up(mut self) -> anyhow::Result<ExitStatus> {
        Ok(self.child.wait()?)
    }

    /// All that the process has written to stdout and stderr.
    pub fn written(&self) -> anyhow::Result<String> {
        Ok(String::from_utf8_lossy(&fs::read(&self.log)?).into_owned())
    }

    /// What the process has used so far.
    pub fn usage(&mut self) -> anyhow::Result<Usage> {
        self.check()?;
        Usage::of(self.child.id())
    }

    /// Empties the file of the output when it has grown beyond 64 MiB, so that a long run does not fill the disk.
    pub fn cut_log(&self) -> anyhow::Result<()> {
        if fs::metadata(&self.log)?.len() > LOG_KEPT {
            OpenOptions::new().write(true).open(&self.log)?.set_len(0)?;
        }
        Ok(())
    }

    fn last_words(&self) -> String {
        let read = || -> std::io::Result<Vec<u8>> {
            let mut file = File::open(&self.log)?;
            let length = file.metadata()?.len();
            file.seek(SeekFrom::Start(length.saturating_sub(LOG_END)))?;
            let mut end = Vec::new();
            file.read_to_end(&mut end)?;
            Ok(end)
        };
        match read() {
            Ok(end) if end.is_empty() => "; it wrote nothing".to_owned(),
            Ok(end) => format!("; the end of what it wrote:\n{}", String::from_utf8_lossy(&end).trim_end()),
            Err(error) => format!("; what it wrote cannot be read: {error}"),
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Both fail only when the process is gone already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// Appending, so that a child goes on at the new end after the file was cut.
fn appending(log: &Path) -> std::io::Result<File> {
    OpenOptions::new().create(true).append(true).open(log)
}

/// Sends processes a signal, by its name without `SIG`.
pub fn signal(name: &str, processes: &[u32]) -> anyhow::Result<()> {
    // The shell's own `kill`, since not every machine has one as a program.
    let mut shell = Command::new("sh");
    shell.args(["-c", "kill -s \"$@\"", "sh", name]).args(processes.iter().map(u32::to_string));
    let done = shell.output().context("there is no shell")?;
    ensure!(done.status.success(), "cannot send SIG{name}: {}", String::from_utf8_lossy(&done.stderr).trim_end());
    Ok(())
}

/// Loopback addresses with ports that nobody uses at this moment, and that this process has not given away before: a server
/// may take a minute until it takes its port. The system itself gives away only higher ones.
pub fn free_addresses<const N: usize>() -> anyhow::Result<[SocketAddr; N]> {
    static GIVEN: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());
    let mut addresses = [SocketAddr::from((Ipv4Addr::LOCALHOST, 0)); N];
    for address in &mut addresses {
        let is_free = |port: &u16| {
            let is_new = GIVEN.lock().unwrap_or_else(PoisonError::into_inner).insert(*port);
            is_new && TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).is_ok()
        };
        let port = std::iter::repeat_with(random_port).take(1_000).find(is_free);
        address.set_port(port.context("no port is free")?);
    }
    Ok(addresses)
}

fn random_port() -> u16 {
    let random = RandomState::new().build_hasher().finish() % 10_000;
    20_000 + u16::try_from(random).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use tokio::net::TcpSocket;

    use super::*;

    fn shell(script: &str, log: PathBuf) -> Server {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        Server::start(command, log).expect("there is a shell")
    }

    #[tokio::test]
    async fn a_server_that_ends_too_early_shows_its_last_words() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        // Bound and not listening: nobody else can get the port meanwhile.
        let socket = TcpSocket::new_v4().expect("there are sockets");
        socket.bind((Ipv4Addr::LOCALHOST, 0).into()).expect("a port is free");
        let address = socket.local_addr().expect("the socket is bound");
        let mut server = shell("echo cannot open the database >&2; exit 3", folder.path().join("log"));
        let error = server.wait_until(address, "/", StatusCode::OK).await.expect_err("nothing listens").to_string();
        assert!(error.contains("exit status: 3") && error.ends_with("cannot open the database"), "{error}");
    }

    #[test]
    fn a_dropped_server_is_gone() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let server = shell("exec sleep 1000", folder.path().join("log"));
        let process = PathBuf::from(format!("/proc/{}", server.child.id()));
        assert!(process.exists());
        drop(server);
        assert!(!process.exists());
    }
}
