//! A PostgreSQL server of a test's own, which may be stopped, killed and frozen; or the one that all tests share.

use std::env;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tempfile::TempDir;

use crate::database::{Postgres, System};
use crate::need;
use crate::owner::Owner;
use crate::server::{Server, free_addresses, signal};
use crate::wait::until;

const PATIENCE: Duration = Duration::from_mins(1);

/// The server that `MINITWIT_TEST_POSTGRES` names, as a URL of a superuser.
pub fn shared() -> anyhow::Result<Option<System>> {
    let url = env::var("MINITWIT_TEST_POSTGRES").ok();
    let found = need::found("PostgreSQL, as MINITWIT_TEST_POSTGRES=postgres://superuser@host:port/", url);
    found.map(|url| Ok(System::Postgres(url.parse().context("MINITWIT_TEST_POSTGRES is not a URL")?))).transpose()
}

/// A server with its data in a temporary folder. It runs until it is dropped.
pub struct Cluster {
    programs: PathBuf,
    settings: Vec<String>,
    port: u16,
    owner: Owner,
    server: Option<Server>,
    folder: TempDir,
}

impl Cluster {
    /// Starts a new server with `settings` such as `jit=off`; `None` where PostgreSQL is not installed.
    pub async fn start(settings: &[&str]) -> anyhow::Result<Option<Self>> {
        let what = "PostgreSQL's programs under /usr/lib/postgresql, and its user when run as root";
        let Some((programs, owner)) = need::found(what, programs().zip(Owner::or("postgres")?)) else {
            return Ok(None);
        };
        let folder = tempfile::Builder::new().prefix("minitwit-cluster-").tempdir()?;
        let [address] = free_addresses()?;
        let settings = settings.iter().map(|setting| (*setting).to_owned()).collect();
        let mut cluster = Self { programs, settings, port: address.port(), owner, server: None, folder };
        cluster.give(cluster.folder())?;
        cluster.initialize()?;
        cluster.go_on().await?;
        Ok(Some(cluster))
    }

    /// It, for [`Databases`](crate::database::Databases).
    pub fn system(&self) -> anyhow::Result<System> {
        Ok(System::Postgres(self.url("postgres").parse::<Postgres>()?))
    }

    /// The URL of a database on it, for a superuser.
    #[must_use]
    pub fn url(&self, database: &str) -> String {
        Self::url_at(self.address(), database)
    }

    /// The same through another address, such as a [`Cable`](crate::cable::Cable)'s.
    #[must_use]
    pub fn url_at(address: SocketAddr, database: &str) -> String {
        format!("postgres://postgres@{address}/{database}")
    }

    /// The folder that only the server and root may enter.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The server's address.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        ([127, 0, 0, 1], self.port).into()
    }

    /// Runs statements as a superuser.
    pub async fn run(&self, database: &str, statements: &str) -> anyhow::Result<()> {
        let mut connection = PgConnection::connect(&self.url(database)).await?;
        sqlx::raw_sql(AssertSqlSafe(statements.to_owned())).execute(&mut connection).await?;
        Ok(connection.close().await?)
    }

    /// Starts the server again, or for the first time, and waits until it answers.
    pub async fn go_on(&mut self) -> anyhow::Result<()> {
        let mut command = self.command("postgres");
        command.arg("-D").arg(self.data()).args(["-c", "listen_addresses=127.0.0.1", "-c"]);
        command.arg(format!("unix_socket_directories={}", self.folder().display()));
        command.arg("-p").arg(self.port.to_string());
        command.args(self.settings.iter().flat_map(|setting| ["-c", setting]));
        let mut server = Server::start(command, self.log_file())?;
        until("PostgreSQL answers", PATIENCE, async || {
            server.check()?;
            Ok(PgConnection::connect(&self.url("postgres")).await.is_ok())
        })
        .await?;
        self.server = Some(server);
        Ok(())
    }

    /// What a standby does: reads along what is written, into a folder of the server's, by a slot of its own.
    pub fn read_along(&self, slot: &str) -> anyhow::Result<Server> {
        let folder = self.folder().join(slot);
        fs::create_dir(&folder)?;
        self.give(&folder)?;
        let mut command = self.command("pg_receivewal");
        command.arg("--directory").arg(&folder).args(["--slot", slot, "--username=postgres", "--host=127.0.0.1"]);
        command.arg(format!("--port={}", self.port)).arg("--no-password");
        Server::start(command, self.folder().join("standby.log"))
    }

    /// Ends all its processes at once and without a checkpoint, as `pg_ctl stop -m immediate` does.
    pub async fn crash(&mut self) -> anyhow::Result<()> {
        let mut server = self.server.take().context("the server runs")?;
        server.signal("QUIT")?;
        server.end().await.map(drop)
    }

    /// Stops all its processes where they stand: connections stay, and nobody answers.
    pub fn freeze(&self) -> anyhow::Result<()> {
        let postmaster = self.postmaster()?;
        // The postmaster first, or it would start more.
        signal("STOP", &[postmaster])?;
        for child in children_of(postmaster)? {
            // A process may end between being found and being stopped.
            drop(signal("STOP", &[child]));
        }
        Ok(())
    }

    /// Lets them go on.
    pub fn thaw(&self) -> anyhow::Result<()> {
        let postmaster = self.postmaster()?;
        for process in children_of(postmaster)?.into_iter().chain([postmaster]) {
            drop(signal("CONT", &[process]));
        }
        Ok(())
    }

    /// Makes a folder the property of the server's user.
    pub fn give(&self, folder: &Path) -> anyhow::Result<()> {
        self.owner.give(folder)
    }

    /// All that it has logged so far.
    pub fn log(&self) -> anyhow::Result<String> {
        Ok(fs::read_to_string(self.log_file())?)
    }

    fn postmaster(&self) -> anyhow::Result<u32> {
        Ok(self.server.as_ref().context("the server runs")?.id())
    }

    fn data(&self) -> PathBuf {
        self.folder().join("data")
    }

    fn log_file(&self) -> PathBuf {
        self.folder().join("log")
    }

    fn initialize(&self) -> anyhow::Result<()> {
        let mut command = self.command("initdb");
        command
            .args(["-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync", "-D"])
            .arg(self.data());
        let done = command.output().context("cannot start initdb")?;
        ensure!(done.status.success(), "initdb failed: {}", String::from_utf8_lossy(&done.stderr));
        Ok(())
    }

    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(self.programs.join(program));
        command.current_dir(self.folder());
        self.owner.take(&mut command);
        command
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let Ok(postmaster) = self.postmaster() else { return };
        // A frozen server would not hear the signal, and its other processes would stay for ever without the postmaster.
        drop(self.thaw());
        drop(signal("QUIT", &[postmaster]));
        let deadline = Instant::now() + Duration::from_secs(10);
        while self.server.as_mut().is_some_and(|server| server.check().is_ok()) && Instant::now() < deadline {
            std::thread::sleep(Duration::from_millis(5));
        }
    }
}

/// The folder of the newest version's programs.
fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?.filter_map(|entry| Some(entry.ok()?.path()));
    let complete = versions.filter(|version| version.join("bin/initdb").is_file());
    let number = |version: &PathBuf| version.file_name().and_then(|name| name.to_str()?.parse::<u32>().ok());
    complete.max_by_key(number).map(|version| version.join("bin"))
}

/// The numbers of a process's children.
fn children_of(parent: u32) -> anyhow::Result<Vec<u32>> {
    let processes = fs::read_dir("/proc")?.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse::<u32>().ok());
    Ok(processes.filter(|process| parent_of(*process) == Some(parent)).collect())
}

/// The fourth field of proc(5)'s `stat`; the second is a name in parentheses, which may hold anything.
fn parent_of(process: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()
}
