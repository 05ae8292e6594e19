//! The site as operators run it, with the canary in every secret that they give it, and each output in a file of its own.

use std::path::PathBuf;
use std::process::Command;

use anyhow::ensure;
use e2e::canary::Canary;
use e2e::canary::forms::{base64_digits, percent};
use e2e::cluster::Cluster;
use e2e::need;
use e2e::server::{Server, free_addresses};
use e2e::site::Site;
use http::StatusCode;
use tempfile::TempDir;

const DATABASE: &str = "canary";

/// What PostgreSQL is told to log: each statement with its parameters, who connects, and all of each error.
const POSTGRESQL: &[&str] =
    &["log_statement=all", "log_min_error_statement=error", "log_error_verbosity=verbose", "log_connections=on"];

/// Written to standard error before the program starts, so that an empty one proves nothing.
pub const FIRST_WORDS: &str = "standard error is written down";

/// Where everything happens.
pub struct Stage {
    pub program: PathBuf,
    pub cluster: Option<Cluster>,
    /// What the simulator must send, with the canary as its password.
    pub credential: String,
    /// With the canary as its password, where there is one.
    pub database_url: String,
    folder: TempDir,
}

impl Stage {
    /// `None` where the program is not built.
    pub fn on_sqlite(canary: &Canary) -> anyhow::Result<Option<Self>> {
        let Some(program) = need::program() else { return Ok(None) };
        let folder = tempfile::Builder::new().prefix("minitwit-canary-").tempdir()?;
        let database_url = format!("sqlite://{}", folder.path().join("site.db").display());
        Self::set(program, folder, None, database_url, canary).map(Some)
    }

    /// `None` where the program or PostgreSQL is missing.
    pub async fn on_postgresql(canary: &Canary) -> anyhow::Result<Option<Self>> {
        let Some(program) = need::program() else { return Ok(None) };
        let Some(cluster) = Cluster::start(POSTGRESQL).await? else { return Ok(None) };
        cluster.run("postgres", &format!("CREATE DATABASE {DATABASE}")).await?;
        let folder = tempfile::Builder::new().prefix("minitwit-canary-").tempdir()?;
        let database_url = with_password(&cluster.url(DATABASE), canary)?;
        Self::set(program, folder, Some(cluster), database_url, canary).map(Some)
    }

    fn set(
        program: PathBuf,
        folder: TempDir,
        cluster: Option<Cluster>,
        database_url: String,
        canary: &Canary,
    ) -> anyhow::Result<Self> {
        let credential = basic(&format!("simulator:{}", canary.whole));
        std::fs::write(folder.path().join("credential"), format!("{credential}\n"))?;
        std::fs::write(folder.path().join("database-url"), format!("{database_url}\n"))?;
        Ok(Self { program, cluster, credential, database_url, folder })
    }

    /// Starts the site and waits until it is ready. What it writes is added to the files.
    pub async fn start(&self) -> anyhow::Result<Site> {
        let [web, api, ops] = free_addresses()?;
        // A `Server` has one file for both outputs, so the shell leads standard error to another.
        let mut command = Command::new("/bin/sh");
        let script = format!("exec 2>>\"$1\"; shift; echo '{FIRST_WORDS}' >&2; exec \"$@\"");
        command.args(["-c", &script, "sh"]).arg(self.file("stderr")).arg(&self.program);
        command.args(["serve", "--log-format", "json", "--header-timeout", "2s", "--body-timeout", "2s"]);
        // A busy machine is no reason to refuse what must be answered here.
        command.args(["--request-timeout", "60s", "--database-timeout", "20s"]);
        for (option, address) in [("--web-listen", web), ("--api-listen", api), ("--ops-listen", ops)] {
            command.args([option, &address.to_string()]);
        }
        command.env_clear().envs([("RUST_BACKTRACE", "1"), ("RUST_LOG", "trace")]);
        command.env("MINITWIT_DATABASE_URL_FILE", self.file("database-url"));
        command.env("MINITWIT_SIMULATOR_CREDENTIAL_FILE", self.file("credential"));
        let mut server = Server::start(command, self.file("stdout"))?;
        server.wait_until(ops, "/readyz", StatusCode::OK).await?;
        Ok(Site { web, api, ops, server })
    }

    /// Ends it as operators do.
    pub async fn stop(&self, site: &mut Site) -> anyhow::Result<()> {
        site.server.signal("TERM")?;
        let end = site.server.end().await?;
        ensure!(end.success(), "the site ends with {end}");
        Ok(())
    }

    /// A file by its name.
    pub fn file(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// What the site and the database have written, by name. SQLite writes its files alone.
    pub fn written(&self) -> Vec<(&'static str, PathBuf)> {
        let database = match &self.cluster {
            Some(cluster) => vec![("PostgreSQL's log", cluster.folder().join("log"))],
            None => vec![("the database file", self.file("site.db")), ("the database's WAL", self.file("site.db-wal"))],
        };
        [("standard output", self.file("stdout")), ("standard error", self.file("stderr"))]
            .into_iter()
            .chain(database)
            .collect()
    }
}

/// The value of an `Authorization` header (RFC 7617).
pub fn basic(name_and_password: &str) -> String {
    let digits = base64_digits(name_and_password.as_bytes(), b"+/").into_iter().map(char::from).collect::<String>();
    format!("Basic {digits:=<width$}", width = digits.len().next_multiple_of(4))
}

/// The URL of a database, with the canary as the password, which the server does not ask for.
fn with_password(url: &str, canary: &Canary) -> anyhow::Result<String> {
    let mut url = url::Url::parse(url)?;
    ensure!(url.set_password(Some(&percent(&canary.whole, true))).is_ok(), "{url} can have no password");
    Ok(url.into())
}
