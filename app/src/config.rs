//! Every setting of the program: a flag, an environment variable, and for secrets a file as well.

mod parse;

use std::net::SocketAddr;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::{Args, ValueEnum};
use ipnet::IpNet;
use secrecy::SecretString;

pub use parse::{Listen, listen};
use parse::{connections, count, duration, network};
pub(crate) use parse::{id, rows};

use crate::store;

/// The credential that the course's simulator sends, which everybody knows; set another one where that matters.
const SIMULATOR_CREDENTIAL: &str = "Basic c2ltdWxhdG9yOnN1cGVyX3NhZmUh";

/// How to reach the database.
#[derive(Args, Clone, Debug)]
pub struct Database {
    /// Database: `sqlite:PATH` or `postgres://USER:PASSWORD@HOST/NAME` [default: sqlite:minitwit.db]
    ///
    /// A URL with a password belongs into the environment or a file, not on the command line. `DATABASE_URL` is read too.
    #[arg(
        long = "database-url",
        env = "MINITWIT_DATABASE_URL",
        value_name = "URL",
        hide_env_values = true,
        global = true
    )]
    url: Option<SecretString>,

    #[arg(long = "platform-database-url", env = "DATABASE_URL", hide = true, hide_env_values = true, global = true)]
    url_of_platform: Option<SecretString>,

    /// File that holds the database's URL
    #[arg(long = "database-url-file", env = "MINITWIT_DATABASE_URL_FILE", value_name = "FILE", global = true)]
    url_file: Option<PathBuf>,

    /// Connections to the database at most
    #[arg(long = "database-connections", env = "MINITWIT_DATABASE_CONNECTIONS", value_name = "N", default_value = "8", global = true,
          value_parser = connections)]
    connections: u32,

    /// How long the database may take for one statement
    #[arg(long = "database-timeout", env = "MINITWIT_DATABASE_TIMEOUT", value_name = "TIME", default_value = "2s", value_parser = duration,
          global = true)]
    timeout: Duration,
}

impl Database {
    /// What the store needs to open the database.
    ///
    /// # Errors
    /// The file with the URL cannot be read.
    pub fn options(&self) -> Result<store::Options> {
        let given = self.url.as_ref().or(self.url_of_platform.as_ref());
        let url = secret("--database-url", given, self.url_file.as_ref())?;
        Ok(store::Options {
            url: url.unwrap_or_else(|| "sqlite:minitwit.db".into()),
            connections: self.connections,
            timeout: self.timeout,
            instruments: store::Instruments::default(),
        })
    }
}

/// What `serve` can be told.
#[derive(Args, Clone, Debug)]
pub struct Serve {
    /// Address of the pages, or `off`
    #[arg(long, env = "MINITWIT_WEB_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:8000", value_parser = listen)]
    pub web_listen: Listen,

    /// Address of the simulator's API, or `off`
    #[arg(long, env = "MINITWIT_API_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:8001", value_parser = listen)]
    pub api_listen: Listen,

    /// Address of /metrics, /healthz and /readyz, or `off`
    #[arg(long, env = "MINITWIT_OPS_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:9000", value_parser = listen)]
    pub ops_listen: Listen,

    /// Apply missing migrations at the start
    #[arg(long, env = "MINITWIT_AUTO_MIGRATE", value_name = "BOOL", default_value_t = true, action = clap::ArgAction::Set)]
    pub auto_migrate: bool,

    /// Host names that are served, separated by commas; others get 421. Empty: any
    #[arg(long, env = "MINITWIT_ALLOWED_HOSTS", value_name = "HOSTS", value_delimiter = ',')]
    pub allowed_hosts: Vec<String>,

    /// Networks of proxies whose X-Forwarded-For, X-Forwarded-Proto and X-Request-Id are believed, separated by commas
    #[arg(long, env = "MINITWIT_TRUSTED_PROXIES", value_name = "NETWORKS", value_delimiter = ',', value_parser = network)]
    pub trusted_proxies: Vec<IpNet>,

    /// The Authorization header that the simulator must send
    #[arg(long, env = "MINITWIT_SIMULATOR_CREDENTIAL", value_name = "HEADER", hide_env_values = true)]
    simulator_credential: Option<SecretString>,

    /// File that holds the simulator's Authorization header
    #[arg(long, env = "MINITWIT_SIMULATOR_CREDENTIAL_FILE", value_name = "FILE")]
    simulator_credential_file: Option<PathBuf>,

    /// Where avatars come from
    #[arg(long, env = "MINITWIT_AVATARS", value_name = "SOURCE", default_value = "gravatar")]
    pub avatars: Avatars,

    /// How a session ends by itself: so long after it was last used
    #[arg(long, env = "MINITWIT_SESSION_LIFETIME", value_name = "TIME", default_value = "30d", value_parser = duration)]
    pub session_lifetime: Duration,

    /// Form of the log: JSON lines, readable lines, or whichever suits standard output
    #[arg(long, env = "MINITWIT_LOG_FORMAT", value_name = "FORMAT", default_value = "auto")]
    pub log_format: LogFormat,

    /// What happens when the reader of the log stops: requests wait, or lines are dropped and counted
    #[arg(long, env = "MINITWIT_LOG_FULL", value_name = "POLICY", default_value = "wait")]
    pub log_full: LogFull,

    /// Write a line for each request
    #[arg(long, env = "MINITWIT_TRANSACTION_LOG", value_name = "SWITCH", default_value = "on")]
    pub transaction_log: Switch,

    /// Measure requests
    #[arg(long, env = "MINITWIT_METRICS", value_name = "SWITCH", default_value = "on")]
    pub metrics: Switch,

    /// Name of this replica in the log [default: the host's name]
    #[arg(long, env = "MINITWIT_NODE_NAME", value_name = "NAME")]
    pub node_name: Option<String>,

    /// How long new connections are still accepted after SIGTERM, while /readyz says no
    #[arg(long, env = "MINITWIT_SHUTDOWN_GRACE", value_name = "TIME", default_value = "0s", value_parser = duration)]
    pub shutdown_grace: Duration,

    /// How long running requests may take to finish after that
    #[arg(long, env = "MINITWIT_SHUTDOWN_TIMEOUT", value_name = "TIME", default_value = "30s", value_parser = duration)]
    pub shutdown_timeout: Duration,

    /// How long a request may take from its header to its answer
    #[arg(long, env = "MINITWIT_REQUEST_TIMEOUT", value_name = "TIME", default_value = "15s", value_parser = duration)]
    pub request_timeout: Duration,

    /// How long a client may take to send a header, once it began
    #[arg(long, env = "MINITWIT_HEADER_TIMEOUT", value_name = "TIME", default_value = "10s", value_parser = duration)]
    pub header_timeout: Duration,

    /// How long a client may take to send a body
    #[arg(long, env = "MINITWIT_BODY_TIMEOUT", value_name = "TIME", default_value = "10s", value_parser = duration)]
    pub body_timeout: Duration,

    /// How long a connection may be idle
    #[arg(long, env = "MINITWIT_IDLE_TIMEOUT", value_name = "TIME", default_value = "75s", value_parser = duration)]
    pub idle_timeout: Duration,

    /// Connections on each listener at most; more are told 503
    #[arg(long, env = "MINITWIT_MAX_CONNECTIONS", value_name = "N", default_value = "4096", value_parser = count)]
    pub max_connections: NonZeroUsize,

    /// Passwords hashed at the same time, 19 MiB of memory each [default: one per core]
    #[arg(long, env = "MINITWIT_PASSWORD_HASHES", value_name = "N", value_parser = count)]
    pub password_hashes: Option<NonZeroUsize>,
}

impl Serve {
    /// The header that the simulator must send, byte by byte.
    ///
    /// # Errors
    /// The file with it cannot be read.
    pub fn credential(&self) -> Result<SecretString> {
        let (given, file) = (self.simulator_credential.as_ref(), self.simulator_credential_file.as_ref());
        Ok(secret("--simulator-credential", given, file)?.unwrap_or_else(|| SIMULATOR_CREDENTIAL.into()))
    }
}

/// A secret that is given directly or in a file; a line end at the end of the file is not part of it. The file's name is not
/// repeated: it may be the secret itself, in the wrong setting.
fn secret(name: &str, given: Option<&SecretString>, file: Option<&PathBuf>) -> Result<Option<SecretString>> {
    match (given, file) {
        (Some(_), Some(_)) => anyhow::bail!("both {name} and {name}-file are set: give one of them"),
        (Some(given), None) => Ok(Some(given.clone())),
        (None, Some(path)) => {
            let text = std::fs::read_to_string(path)
                .with_context(|| format!("cannot read the file that {name}-file names"))?;
            Ok(Some(text.trim_end_matches(['\r', '\n']).into()))
        }
        (None, None) => Ok(None),
    }
}

/// Where avatars come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Avatars {
    /// From gravatar.com, the only outside request of a page.
    Gravatar,
    /// Drawn here.
    Local,
}

/// The form of log lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// Readable on a terminal, JSON elsewhere.
    Auto,
    /// One JSON object a line.
    Json,
    /// One readable line.
    Pretty,
}

/// What a full log means for requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum LogFull {
    /// Requests wait until there is room: no line is lost.
    Wait,
    /// Lines are dropped and counted.
    Drop,
}

/// On or off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Switch {
    /// On.
    On,
    /// Off.
    Off,
}

/// The addresses of the three listeners, as far as they are on.
impl Serve {
    /// The address of the operations listener, for a health check.
    #[must_use]
    pub fn operations(&self) -> Option<SocketAddr> {
        self.ops_listen.address()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_in_the_place_of_its_file_is_not_repeated() {
        let file = PathBuf::from("postgres://u:hunter2SECRET@db/mt");
        for name in ["--database-url", "--simulator-credential"] {
            let said = format!("{:#}", secret(name, None, Some(&file)).unwrap_err());
            let expected =
                format!("cannot read the file that {name}-file names: No such file or directory (os error 2)");
            assert_eq!(said, expected);
        }
    }
}
