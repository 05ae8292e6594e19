//! A real Docker engine with data, network, processes and mounts of its own, which may be stopped, killed and started again.

mod image;
mod lan;
mod programs;
mod room;

use std::ffi::OsStr;
use std::fs;
use std::mem;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use anyhow::{Context, ensure};
use tokio::time::timeout;

pub use self::image::IMAGE;
pub use self::lan::Lan;
use self::programs::Programs;
use self::room::Room;
use crate::server::{Server, signal};
use crate::wait::until;

/// Two cores that also build may take minutes.
const PATIENCE: Duration = Duration::from_mins(4);

/// What a swarm says of a change to a service that it has itself written about since the client looked: nothing was changed.
const OVERTAKEN: &str = "update out of sequence";

/// How often a change may be overtaken before it counts as refused.
const ATTEMPTS: usize = 5;

/// How an engine keeps images.
#[derive(Clone, Copy, Debug)]
enum Storage {
    /// Each container has a copy, which works on every file system.
    Copies,
    /// Containers share layers.
    Layers,
}

impl Storage {
    const fn driver(self) -> &'static str {
        match self {
            Self::Copies => "vfs",
            Self::Layers => "overlay2",
        }
    }
}

/// An engine. It and all of its containers are gone when it is dropped, or this process ends.
pub struct DockerEngine {
    programs: Programs,
    storage: Storage,
    options: Vec<String>,
    // Before its room.
    daemon: Mutex<Option<Server>>,
    room: Room,
}

impl DockerEngine {
    /// Starts an engine that has [`IMAGE`], with further options such as `--live-restore`; `None` where it is not installed.
    pub async fn start(options: &[&str]) -> anyhow::Result<Option<Self>> {
        let Some(engine) = Self::begin("engine", Storage::Copies, options).await? else { return Ok(None) };
        let image = image::pack(&engine.programs.busybox, engine.room.folder())?;
        engine.docker(&["import", &image.display().to_string(), IMAGE]).await?;
        Ok(Some(engine))
    }

    /// Starts an engine on a machine of this name that has no image yet, for large ones.
    pub async fn empty(host: &str, options: &[&str]) -> anyhow::Result<Option<Self>> {
        Self::begin(host, Storage::Layers, options).await
    }

    async fn begin(host: &str, storage: Storage, options: &[&str]) -> anyhow::Result<Option<Self>> {
        let Some(programs) = Programs::find() else { return Ok(None) };
        let room = Room::open(host).await?;
        fs::create_dir(room.folder().join("told"))?;
        // Those of the machine are no matter of these tests.
        fs::write(room.folder().join("settings"), "{}")?;
        let options = options.iter().map(|option| (*option).to_owned()).collect();
        let engine = Self { programs, storage, options, daemon: Mutex::default(), room };
        engine.go_on().await?;
        Ok(Some(engine))
    }

    /// Where it keeps its containers, with their logs.
    #[must_use]
    pub fn containers(&self) -> PathBuf {
        self.room.folder().join("data/containers")
    }

    /// A folder for containers to write to.
    #[must_use]
    pub fn told(&self) -> PathBuf {
        self.room.folder().join("told")
    }

    /// What a command of the client prints on stdout; it has to end well.
    pub async fn docker(&self, words: &[&str]) -> anyhow::Result<String> {
        Ok(self.both(words).await?.0)
    }

    /// The same, with what it prints on stderr.
    pub async fn both(&self, words: &[&str]) -> anyhow::Result<(String, String)> {
        for _ in 1..ATTEMPTS {
            match said(self.client().args(words)).await {
                Err(error) if error.to_string().contains(OVERTAKEN) => {}
                ended => return ended,
            }
        }
        said(self.client().args(words)).await
    }

    /// The client, to be given words and variables.
    #[must_use]
    pub fn client(&self) -> Command {
        let mut command = Command::new(&self.programs.client);
        self.surround(&mut command);
        command
    }

    /// What a program needs in its environment whose own clients shall talk to this engine.
    pub fn surround(&self, command: &mut Command) {
        // The machine's own settings are no matter of these tests.
        command.env("DOCKER_CONFIG", self.room.folder().join("client")).env("DOCKER_BUILDKIT", "1");
        command.env("DOCKER_HOST", self.socket());
    }

    /// A program on the engine's machine.
    #[must_use]
    pub fn inside(&self, program: impl AsRef<OsStr>) -> Command {
        self.room.command(program)
    }

    /// Starts the daemon again, or for the first time, and waits until it answers.
    pub async fn go_on(&self) -> anyhow::Result<()> {
        let mut daemon = Server::start(self.command(), self.room.folder().join("log"))?;
        until("the engine answers", PATIENCE, async || {
            daemon.check()?;
            Ok(self.docker(&["version"]).await.is_ok())
        })
        .await?;
        *self.running() = Some(daemon);
        Ok(())
    }

    /// Ends the daemon as operators do, or by another signal; with `KILL` its containers know nothing of it.
    pub async fn end(&self, name: &str) -> anyhow::Result<()> {
        let mut daemon = self.running().take().context("the engine runs")?;
        // The one that entered the room waits for the daemon, its only child.
        let own = daemon.id();
        let child = fs::read_to_string(format!("/proc/{own}/task/{own}/children"))?;
        signal(name, &[child.trim().parse().context("the daemon has a number")?])?;
        daemon.end().await.map(drop)
    }

    fn running(&self) -> MutexGuard<'_, Option<Server>> {
        self.daemon.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Where clients on this machine find it.
    #[must_use]
    pub fn socket(&self) -> String {
        format!("unix://{}", self.room.folder().join("socket").display())
    }

    fn command(&self) -> Command {
        let (mut command, folder) = (self.inside(&self.programs.daemon), self.room.folder());
        for (option, name) in [("--exec-root", "exec"), ("--pidfile", "pid"), ("--config-file", "settings")] {
            command.arg(option).arg(folder.join(name));
        }
        command.args(["--host", &self.socket(), "--storage-driver", self.storage.driver()]);
        command.args(["--cgroup-parent", &format!("/{}", self.room.name())]).args(&self.options);
        command
    }
}

/// What a command, which is used up, prints on stdout and stderr; it has to end well.
pub async fn said(command: &mut Command) -> anyhow::Result<(String, String)> {
    let shown = format!("{} {:?}", command.get_program().display(), command.get_args().collect::<Vec<_>>());
    let owned = mem::replace(command, Command::new(command.get_program()));
    let mut owned = tokio::process::Command::from(owned);
    let said = timeout(PATIENCE, owned.stdin(Stdio::null()).kill_on_drop(true).output()).await;
    let said = said.with_context(|| format!("{shown} does not end"))?;
    let said = said.with_context(|| format!("cannot start {shown}"))?;
    let (out, complaint) = (String::from_utf8(said.stdout)?, String::from_utf8(said.stderr)?);
    ensure!(said.status.success(), "{shown} failed: {complaint}\n{out}");
    Ok((out, complaint))
}
