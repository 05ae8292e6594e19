//! The log shipper as its users start it: the program `log-shipper`, with a folder of its own for positions.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, ensure};
use http::{Response, StatusCode};
use tempfile::TempDir;
use tokio::time::timeout;

use crate::console::Said;
use crate::http_client::{fetch, get};
use crate::need;
use crate::search_server::{SearchServer, User};
use crate::server::{Server, free_addresses};

/// A command that has to wait for an overworked server.
const PATIENCE: Duration = Duration::from_mins(2);

/// Nothing waits for long here.
const QUICK: [(&str, &str); 3] = [("retry-min", "20ms"), ("retry-max", "200ms"), ("batch-age", "50ms")];

/// One shipper in all its lives; killed when it is dropped.
pub struct Shipper {
    program: PathBuf,
    settings: BTreeMap<String, String>,
    user: Option<String>,
    operations: SocketAddr,
    folder: TempDir,
    running: Option<Server>,
}

impl Shipper {
    /// One that brings lines to a target of `server`, in the shipper's role; `None` where the program is not built.
    pub fn to(server: &SearchServer, target: &str) -> anyhow::Result<Option<Self>> {
        Self::by(server.address(), server, target)
    }

    /// The same by way of another address.
    pub fn by(address: SocketAddr, server: &SearchServer, target: &str) -> anyhow::Result<Option<Self>> {
        let Some(program) = need::shipper() else { return Ok(None) };
        let folder = tempfile::Builder::new().prefix("minitwit-shipper-").tempdir()?;
        let [operations] = free_addresses()?;
        let mut shipper = Self { program, settings: BTreeMap::new(), user: None, operations, folder, running: None };
        shipper.set("elasticsearch", &format!("http://{address}")).set("target", target);
        shipper.log_in(server.credentials(User::Shipper))?;
        Ok(Some(shipper))
    }

    /// With a setting, which takes the place of an earlier one of its name.
    pub fn set(&mut self, name: &str, value: &str) -> &mut Self {
        self.settings.insert(name.to_owned(), value.to_owned());
        self
    }

    /// Says who it is from the next start on.
    pub fn log_in(&mut self, credentials: Option<(&str, &str)>) -> anyhow::Result<()> {
        self.user = credentials.map(|(user, _)| user.to_owned());
        Ok(fs::write(self.password_file(), credentials.map_or("", |(_, password)| password))?)
    }

    /// Puts in place what the server has to know beforehand.
    pub async fn set_up(&self, server: &SearchServer) -> anyhow::Result<()> {
        self.administer(server, &["setup"]).await?.good().map(drop)
    }

    /// Runs one of its commands as the administrator of `server`, without a detour.
    pub async fn administer(&self, server: &SearchServer, words: &[&str]) -> anyhow::Result<Said> {
        let mut command = self.command(words);
        command.env("LOG_SHIPPER_ELASTICSEARCH", server.url());
        if let Some((admin, password)) = server.credentials(User::Admin) {
            command.env("LOG_SHIPPER_USER", admin).env("LOG_SHIPPER_PASSWORD", password);
            command.env_remove("LOG_SHIPPER_PASSWORD_FILE");
        }
        ended(command).await
    }

    /// Starts it, or starts it again.
    pub async fn start(&mut self) -> anyhow::Result<()> {
        let mut server = Server::start(mortal(&self.command(&["run"])), self.own_log())?;
        server.wait_until(self.operations, "/healthz", StatusCode::OK).await?;
        self.running = Some(server);
        Ok(())
    }

    /// `kill -9`
    pub fn kill(&mut self) {
        self.running = None;
    }

    /// Sends a signal, by its name without `SIG`.
    pub fn signal(&self, name: &str) -> anyhow::Result<()> {
        self.running.as_ref().context("the shipper runs")?.signal(name)
    }

    /// Ends it as operators do.
    pub async fn stop(&mut self) -> anyhow::Result<()> {
        self.signal("TERM")?;
        let mut server = self.running.take().context("the shipper runs")?;
        let end = server.end().await?;
        ensure!(end.success(), "the shipper ends with {end}: {}", server.written()?);
        Ok(())
    }

    /// Runs one of its commands to the end, with the same settings.
    pub async fn ask(&self, words: &[&str]) -> anyhow::Result<Said> {
        ended(self.command(words)).await
    }

    /// Another run, up to the end of what there is, finds nothing to send.
    pub async fn rests(&self) -> anyhow::Result<()> {
        let said = self.ask(&["run", "--once"]).await?;
        let nothing = "0 documents, 0 repeated, 0 dead letters, 0 bytes missed";
        ensure!(said.code == Some(0) && said.stderr.contains(nothing), "another run is not idle: {said:?}");
        Ok(())
    }

    /// Where it tells of itself.
    #[must_use]
    pub const fn operations(&self) -> SocketAddr {
        self.operations
    }

    /// A number that it tells; of one with labels, the sum.
    pub async fn metric(&self, name: &str) -> anyhow::Result<f64> {
        let text = String::from_utf8(self.operation("/metrics").await?.into_body().into())?;
        let named = |line: &&str| line.strip_prefix(name).is_some_and(|rest| rest.starts_with([' ', '{']));
        let values: Result<Vec<f64>, _> =
            text.lines().filter(named).filter_map(|line| line.rsplit(' ').next()).map(str::parse).collect();
        Ok(values?.into_iter().sum())
    }

    /// Why it cannot do its work; empty if it can.
    pub async fn trouble(&self) -> anyhow::Result<String> {
        let answer = self.operation("/readyz").await?;
        let ready = answer.status() == StatusCode::OK;
        Ok(if ready { String::new() } else { String::from_utf8(answer.into_body().into())? })
    }

    /// All that it has said in all its lives.
    pub fn said(&self) -> anyhow::Result<String> {
        Ok(String::from_utf8_lossy(&fs::read(self.own_log())?).into_owned())
    }

    /// The folder of positions and dead letters.
    #[must_use]
    pub fn state(&self) -> PathBuf {
        self.folder.path().join("state")
    }

    /// A folder that goes with it.
    #[must_use]
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    async fn operation(&self, path: &str) -> anyhow::Result<Response<bytes::Bytes>> {
        fetch(self.operations, get(self.operations, path)?).await
    }

    fn own_log(&self) -> PathBuf {
        self.folder.path().join("own.log")
    }

    fn password_file(&self) -> PathBuf {
        self.folder.path().join("password")
    }

    fn command(&self, words: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        // By variables, since no command takes all settings as its flags.
        command
            .env_clear()
            .args(words)
            .envs(QUICK.into_iter().chain(self.settings.iter().map(|(name, value)| (&**name, &**value))).map(variable));
        command
            .env("LOG_SHIPPER_STATE", self.state())
            .env("LOG_SHIPPER_OPERATIONS_LISTEN", self.operations.to_string());
        if let Some(user) = &self.user {
            command.env("LOG_SHIPPER_USER", user).env("LOG_SHIPPER_PASSWORD_FILE", self.password_file());
        }
        command
    }
}

/// The same command, killed when whoever starts it is gone, as a test is that was killed itself; as it is where the machine
/// has no `setpriv`. The number of its process is its own: `setpriv` becomes it.
fn mortal(command: &Command) -> Command {
    let path = env::var_os("PATH").unwrap_or_default();
    let setpriv = env::split_paths(&path).map(|folder| folder.join("setpriv")).find(|path| path.is_file());
    let mut mortal = Command::new(setpriv.as_deref().unwrap_or(Path::new(command.get_program())));
    if setpriv.is_some() {
        mortal.args(["--pdeathsig", "KILL", "--"]).arg(command.get_program());
    }
    mortal.args(command.get_args()).env_clear();
    mortal.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    mortal
}

/// A setting as it stands in the environment.
fn variable<'a>((name, value): (&str, &'a str)) -> (String, &'a str) {
    (format!("LOG_SHIPPER_{}", name.replace('-', "_").to_uppercase()), value)
}

async fn ended(command: Command) -> anyhow::Result<Said> {
    let mut command = tokio::process::Command::from(command);
    let output = timeout(PATIENCE, command.kill_on_drop(true).output()).await.context("the shipper does not end")??;
    let text = |bytes| String::from_utf8(bytes).context("what the shipper says is not UTF-8");
    Ok(Said { code: output.status.code(), stdout: text(output.stdout)?, stderr: text(output.stderr)? })
}
