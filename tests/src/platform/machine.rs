//! A machine as `compose/machine.yml` makes rented ones: its files, its user, its door for ssh.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context;
use serde_json::Value;

use crate::docker_engine::{DockerEngine, said};
use crate::monitoring::product;
use crate::need;

/// Folders of the room that its files go to, as layers above this machine's own; then Docker's socket, where all look for it.
const LAYERS: &str = r#"
for folder in etc home root usr/local; do
    mkdir -p "/run/layers/$folder" "/run/layers/work/$folder"
    layers="lowerdir=/$folder,upperdir=/run/layers/$folder,workdir=/run/layers/work/$folder"
    mount -t overlay -o "$layers" overlay "/$folder"
done
touch /run/docker.sock
mount --bind "$1" /run/docker.sock
"#;

/// The user of the file, and a server for ssh. Whoever rents machines out gives root the key too.
const DOOR: &str = r#"
useradd --create-home --shell "$1" --groups "$2" ops
printf 'ops %s\n' "$3" >/etc/sudoers.d/ops
install -D --owner=ops --mode=600 "$4" ~ops/.ssh/authorized_keys
chown ops ~ops/.ssh
install -D --mode=600 "$4" /root/.ssh/authorized_keys
mkdir -p /run/sshd
/usr/sbin/sshd
"#;

/// A machine with an engine.
pub struct Machine {
    /// It has the settings of the file.
    pub engine: DockerEngine,
}

impl Machine {
    /// Makes an engine's machine one of these, for whoever has that public key; `None` where something is missing.
    pub async fn make(engine: DockerEngine, key: &Path) -> anyhow::Result<Option<Self>> {
        for (program, package) in [("nft", "nftables"), ("sshd", "openssh-server"), ("sudo", "sudo")] {
            let Some(_) = installed(program, package) else { return Ok(None) };
        }
        let (machine, data) = (Self { engine }, user_data()?);
        let socket = machine.engine.socket();
        machine.run("sh", &["-ec", LAYERS, "sh", socket.trim_start_matches("unix://")]).await?;
        for file in list(&data["write_files"])? {
            machine.write(file).await?;
        }
        machine.open(&data["users"][0], key).await?;
        machine.firewall(&["load"]).await?;
        Ok(Some(machine))
    }

    /// The settings of the engine, for `--config-file`.
    pub fn settings(file: &Path) -> anyhow::Result<()> {
        let data = user_data()?;
        let is_it = |file: &&Value| file["path"] == "/etc/docker/daemon.json";
        let found = list(&data["write_files"])?.iter().find(is_it).context("the engine has settings")?;
        Ok(fs::write(file, text(&found["content"])?)?)
    }

    /// What a program on it prints; it has to end well.
    pub async fn run(&self, program: &str, words: &[&str]) -> anyhow::Result<String> {
        Ok(said(self.engine.inside(program).args(words)).await?.0)
    }

    /// A command of the firewall.
    pub async fn firewall(&self, words: &[&str]) -> anyhow::Result<String> {
        self.run("/usr/local/sbin/minitwit-firewall", words).await
    }

    /// How many packets the firewall has dropped.
    pub async fn dropped(&self) -> anyhow::Result<u64> {
        let chain = self.run("nft", &["--json", "list", "chain", "inet", "minitwit", "arriving"]).await?;
        let chain: Value = serde_json::from_str(&chain)?;
        let mut rules = list(&chain["nftables"])?.iter();
        let count = rules.find_map(|part| part["rule"]["expr"][0]["counter"]["packets"].as_u64());
        count.with_context(|| format!("a rule that counts: {chain}"))
    }

    async fn write(&self, file: &Value) -> anyhow::Result<()> {
        let folder = tempfile::tempdir()?;
        let content = folder.path().join("content");
        fs::write(&content, text(&file["content"])?)?;
        let mode = file["permissions"].as_str().unwrap_or("0644");
        let content = content.display().to_string();
        self.run("install", &["-D", "--mode", mode, &content, text(&file["path"])?]).await.map(drop)
    }

    async fn open(&self, user: &Value, key: &Path) -> anyhow::Result<()> {
        let groups: Vec<&str> = list(&user["groups"])?.iter().map(text).collect::<Result<_, _>>()?;
        let (shell, sudo, key) = (text(&user["shell"])?, text(&user["sudo"])?, key.display().to_string());
        self.run("sh", &["-ec", DOOR, "sh", shell, &groups.join(","), sudo, &key]).await.map(drop)
    }
}

fn user_data() -> anyhow::Result<Value> {
    Ok(serde_saphyr::from_str(&fs::read_to_string(product("compose/machine.yml"))?)?)
}

fn list(value: &Value) -> anyhow::Result<&Vec<Value>> {
    value.as_array().with_context(|| format!("a list: {value}"))
}

fn text(value: &Value) -> anyhow::Result<&str> {
    value.as_str().with_context(|| format!("a text: {value}"))
}

/// Makes a pair of keys for ssh in a folder, and says where the private one is; the other one has `.pub` at its end. `None`
/// where something is missing.
pub async fn key(folder: &Path) -> anyhow::Result<Option<PathBuf>> {
    let Some(program) = installed("ssh-keygen", "openssh-server") else { return Ok(None) };
    let file = folder.join("key");
    said(Command::new(program).args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(&file)).await?;
    Ok(Some(file))
}

fn installed(program: &str, package: &str) -> Option<PathBuf> {
    need::installed(&format!("{package}, which `tests/run install` installs"), &[program])
}
