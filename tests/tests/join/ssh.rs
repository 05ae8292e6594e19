//! Three machines as they are rented, and their operator, who has an address of each, a key, and nothing else.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, ensure};
use e2e::docker_engine::{DockerEngine, Lan, said};
use e2e::monitoring::product;
use e2e::platform::{Machine, join_workers, key};
use tempfile::TempDir;

const MACHINES: usize = 3;

/// Where operators sit, outside of all firewalls.
struct Office {
    machines: Vec<Machine>,
    lan: Lan,
    desk: TempDir,
}

impl Office {
    async fn open() -> anyhow::Result<Option<Self>> {
        let desk = tempfile::tempdir()?;
        let Some(key) = key(desk.path()).await? else { return Ok(None) };
        let settings = desk.path().join("daemon.json");
        Machine::settings(&settings)?;
        let mut engines = Vec::new();
        for number in 0..MACHINES {
            let options = ["--config-file", &settings.display().to_string()];
            let Some(engine) = DockerEngine::empty(&format!("machine-{number}"), &options).await? else {
                return Ok(None);
            };
            engines.push(engine);
        }
        let lan = Lan::connect(&engines.iter().collect::<Vec<_>>(), &[]).await?;
        let mut machines = Vec::new();
        for engine in engines {
            let Some(machine) = Machine::make(engine, &key.with_extension("pub")).await? else { return Ok(None) };
            machines.push(machine);
        }
        client(desk.path())?;
        Ok(Some(Self { machines, lan, desk }))
    }

    /// A command of the operator's.
    fn command(&self, program: &Path) -> Command {
        let mut command = self.lan.command(program);
        let path = std::env::var("PATH").unwrap_or_default();
        command.env("PATH", format!("{}:{path}", self.desk.path().display()));
        command.env("DOCKER_CONFIG", self.desk.path()).env("DOCKER_HOST", destination("ops", 0));
        command
    }

    async fn join(&self) -> anyhow::Result<String> {
        let mut join = self.command(&product("compose/join-workers"));
        join.args(["--init", &Lan::address(0), "--database", "machine-1", "--log", "machine-2"]);
        join.args((1..MACHINES).map(|number| destination("ops", number)));
        Ok(said(&mut join).await?.0)
    }

    /// What ssh says to somebody who should not get in.
    async fn refuses(&self, user: &str, options: &[&str]) -> anyhow::Result<()> {
        let mut knock = self.command(&self.desk.path().join("ssh"));
        let knocked = said(knock.args(options).args([&destination(user, 0), "true"])).await;
        let complaint = knocked.err().with_context(|| format!("{user} gets in with {options:?}"))?.to_string();
        ensure!(complaint.contains("Permission denied (publickey)"), "{complaint}");
        Ok(())
    }
}

/// Docker's client and others find ssh by its name; this one knows the operator's key and trusts whom it sees first.
fn client(desk: &Path) -> anyhow::Result<()> {
    let file = desk.join("ssh");
    let known = desk.join("known_hosts").display().to_string();
    let options = format!("-o StrictHostKeyChecking=accept-new -o UserKnownHostsFile={known} -o LogLevel=ERROR");
    let key = desk.join("key").display().to_string();
    fs::write(&file, format!("#!/bin/sh\nexec /usr/bin/ssh -F none -i {key} {options} \"$@\"\n"))?;
    Ok(fs::set_permissions(&file, fs::Permissions::from_mode(0o755))?)
}

fn destination(user: &str, number: usize) -> String {
    format!("ssh://{user}@{}", Lan::address(number))
}

#[tokio::test(flavor = "multi_thread")]
async fn one_command_makes_a_swarm_of_rented_machines_and_lets_them_through_their_firewalls() -> anyhow::Result<()> {
    let Some(office) = Office::open().await? else { return Ok(()) };
    office.refuses("root", &[]).await?;
    office
        .refuses(
            "ops",
            &["-o", "IdentitiesOnly=yes", "-o", "IdentityFile=none", "-o", "PreferredAuthentications=password"],
        )
        .await?;
    let said = office.join().await?;
    ensure!(said.ends_with("2 of 2 workers are ready\n"), "{said}");
    let manager = &office.machines[0];
    let nodes = manager.engine.docker(&["node", "ls", "--format", "{{.Hostname}} {{.Status}}"]).await?;
    ensure!(nodes.lines().filter(|line| line.ends_with(" Ready")).count() == MACHINES, "{nodes}");
    for (number, machine) in office.machines.iter().enumerate() {
        let peers = machine.run("cat", &["/etc/minitwit/peers"]).await?;
        ensure!(peers == "192.0.2.1\n192.0.2.2\n192.0.2.3\n", "machine {number} lets in {peers}");
        let ports = machine.run("cat", &["/etc/minitwit/ports"]).await?;
        ensure!(ports == if number == 0 { "443\n80\n" } else { "" }, "machine {number} has opened {ports}");
    }
    let said = office.join().await?;
    ensure!(said == "nothing was to be changed\n2 of 2 workers are ready\n", "{said}");
    a_closed_firewall_is_named(&office).await
}

/// Without ssh nobody opens it.
async fn a_closed_firewall_is_named(office: &Office) -> anyhow::Result<()> {
    let [manager, _, last] = office.machines.as_slice() else { anyhow::bail!("there are {MACHINES} machines") };
    last.engine.docker(&["swarm", "leave"]).await?;
    manager.engine.docker(&["node", "rm", "--force", "machine-2"]).await?;
    manager.firewall(&["forbid", &Lan::address(2)]).await?;
    let worker = format!("{}={}", last.engine.socket(), Lan::address(2));
    let complaint = join_workers(&manager.engine, &[worker]).await.err().context("it joins")?.to_string();
    let wanted = "it does not reach port 2377 of the manager, 192.0.2.1: there, sudo minitwit-firewall allow 192.0.2.3";
    ensure!(complaint.contains(wanted), "{complaint}");
    let state = last.engine.docker(&["info", "--format", "{{.Swarm.LocalNodeState}}"]).await?;
    ensure!(state.trim() == "inactive", "it has been asked to join, and is {state}");
    Ok(())
}
