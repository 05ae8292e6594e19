//! Who gets an answer from whom, through a firewall.

use std::process::Command;

use anyhow::ensure;
use e2e::docker_engine::{DockerEngine, Lan, said};
use e2e::monitoring::product;
use e2e::platform::Machine;
use e2e::server::Server;
use e2e::wait::until;
use tempfile::TempDir;

use crate::stage::LIMIT;

/// Addresses of the first machine.
pub const FIRST: [&str; 2] = ["192.0.2.1", "2001:db8::1"];

/// Those of people.
pub const PEOPLE: [&str; 2] = ["192.0.2.254", "2001:db8::fe"];

/// A machine, and people who ask it.
pub struct Answers {
    pub machine: Machine,
    pub lan: Lan,
    // Before their log.
    _servers: [Server; 2],
    _folder: TempDir,
}

impl Answers {
    /// The first machine answers at these ports, and people do at 9000.
    pub async fn begin(machine: Machine, lan: Lan, ports: &[&str]) -> anyhow::Result<Self> {
        let six = |address: &str, device: &str| ["address", "add", address, "dev", device, "nodad"].map(str::to_owned);
        machine.engine.inside("ip").args(six("2001:db8::1/64", "cable")).status()?;
        lan.command("ip").args(six("2001:db8::fe/64", "switch")).status()?;
        let folder = tempfile::tempdir()?;
        let serve = |mut command: Command, ports: &[&str], log: &str| {
            command.arg(script()).args(ports);
            Server::start(command, folder.path().join(log))
        };
        let servers = [
            serve(machine.engine.inside("python3"), ports, "machine")?,
            serve(lan.command("python3"), &["9000"], "people")?,
        ];
        until("both answer", LIMIT, async || {
            let is_ready =
                |log| std::fs::read_to_string(folder.path().join(log)).is_ok_and(|said| said.contains("ready"));
            Ok(is_ready("machine") && is_ready("people"))
        })
        .await?;
        Ok(Self { machine, lan, _servers: servers, _folder: folder })
    }

    /// Sooner or later people get an answer.
    pub async fn are_given(&self, kind: &str, address: &str, port: &str) -> anyhow::Result<()> {
        let asked = async || Ok(self.ask(kind, address, port).await);
        until(&format!("{kind} {address} {port} answers"), LIMIT, asked).await.map(drop)
    }

    /// What people send is dropped by the firewall.
    pub async fn are_denied(&self, kind: &str, address: &str, port: &str) -> anyhow::Result<()> {
        let before = self.machine.dropped().await?;
        ensure!(!self.ask(kind, address, port).await, "{kind} {address} {port} answers");
        ensure!(self.machine.dropped().await? > before, "{kind} {address} {port}: it was not the firewall");
        Ok(())
    }

    async fn ask(&self, kind: &str, address: &str, port: &str) -> bool {
        let mut ask = self.lan.command("python3");
        said(ask.arg(script()).args([kind, address, port])).await.is_ok()
    }
}

/// An engine with the settings that a rented machine has, and with the image of the tests.
pub async fn settled(folder: &TempDir) -> anyhow::Result<Option<DockerEngine>> {
    let settings = folder.path().join("daemon.json");
    Machine::settings(&settings)?;
    DockerEngine::start(&["--config-file", &settings.display().to_string()]).await
}

fn script() -> std::path::PathBuf {
    product("tests/tests/join/answers.py")
}
