//! Programs that tell Prometheus of others.

use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use http::StatusCode;
use serde_json::json;
use tempfile::TempDir;
use tokio::net::TcpStream;

use super::product;
use crate::need;
use crate::server::{Server, free_addresses};
use crate::wait::until;

const PATIENCE: Duration = Duration::from_mins(1);

/// Of what it tells.
#[derive(Clone, Copy, Debug)]
pub enum Watched<'a> {
    /// Of this machine; files in a folder tell of what has no exporter.
    Node(&'a Path),
    /// Of a PostgreSQL, by a URL.
    Postgres(&'a str),
    /// Of an Elasticsearch, by a URL, as somebody with a password.
    Elasticsearch(&'a str, (&'a str, &'a str)),
    /// Of what it is told to ask for.
    BlackBox,
}

/// One that runs; killed when it is dropped.
pub struct Exporter {
    /// Where it answers.
    pub address: SocketAddr,
    /// The process.
    pub server: Server,
    _folder: TempDir,
}

impl Exporter {
    /// Starts it and waits until it answers; `None` where it is not installed.
    pub async fn start(watched: Watched<'_>) -> anyhow::Result<Option<Self>> {
        let Some((command, address, folder)) = Self::command(watched)? else { return Ok(None) };
        let mut server = Server::start(command, folder.path().join("log"))?;
        server.wait_until(address, "/metrics", StatusCode::OK).await?;
        Ok(Some(Self { address, server, _folder: folder }))
    }

    /// Some page behind TLS, with a certificate that nobody has signed; `None` where it is not installed.
    pub async fn behind_tls() -> anyhow::Result<Option<Self>> {
        let Some((mut command, address, folder)) = Self::command(Watched::BlackBox)? else { return Ok(None) };
        let made = rcgen::generate_simple_self_signed(["localhost".to_owned()])?;
        fs::write(folder.path().join("certificate.pem"), made.cert.pem())?;
        fs::write(folder.path().join("key.pem"), made.signing_key.serialize_pem())?;
        let tls = json!({ "tls_server_config": { "cert_file": "certificate.pem", "key_file": "key.pem" } });
        let config = folder.path().join("web.json");
        fs::write(&config, tls.to_string())?;
        command.arg(format!("--web.config.file={}", config.display()));
        let mut server = Server::start(command, folder.path().join("log"))?;
        until("the page behind TLS listens", PATIENCE, async || {
            server.check()?;
            Ok(TcpStream::connect(address).await.is_ok())
        })
        .await?;
        Ok(Some(Self { address, server, _folder: folder }))
    }

    fn command(watched: Watched<'_>) -> anyhow::Result<Option<(Command, SocketAddr, TempDir)>> {
        let [address] = free_addresses()?;
        let (what, program) = match watched {
            Watched::Node(_) => ("the node exporter", "prometheus-node-exporter"),
            Watched::Postgres(_) => ("the PostgreSQL exporter", "prometheus-postgres-exporter"),
            Watched::Elasticsearch(..) => ("the Elasticsearch exporter", "prometheus-elasticsearch-exporter"),
            Watched::BlackBox => ("the black box exporter", "prometheus-blackbox-exporter"),
        };
        let Some(program) = need::installed(what, &[program]) else { return Ok(None) };
        let folder = tempfile::tempdir()?;
        let mut command = Command::new(program);
        command.arg(format!("--web.listen-address={address}"));
        match watched {
            Watched::Node(texts) => _ = command.arg(format!("--collector.textfile.directory={}", texts.display())),
            Watched::Postgres(url) => _ = command.env("DATA_SOURCE_NAME", url),
            Watched::Elasticsearch(url, (user, password)) => {
                command.arg(format!("--es.uri={url}")).args(["--es.indices", "--es.all"]);
                command.env("ES_USERNAME", user).env("ES_PASSWORD", password);
            }
            Watched::BlackBox => {
                command.arg(format!("--config.file={}", product("alerts/blackbox.yml").display()));
            }
        }
        Ok(Some((command, address, folder)))
    }
}
