//! The stack on a swarm of three machines.

mod containers;
mod documents;
mod growth;
mod nodes;
mod versions;

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::ensure;
use tempfile::TempDir;

pub use self::containers::Container;
use super::images::Images;
use super::{ABSENT, HOST, Secrets};
use crate::docker_engine::{DockerEngine, Lan, said};
use crate::monitoring::product;

/// Two cores carry three engines.
const PATIENCE: Duration = Duration::from_mins(4);

/// The machines' names; the second one has the data.
const NODES: [&str; 4] = ["manager", "worker-1", "worker-2", "worker-3"];

/// How many of them there are at the beginning.
const FIRST: usize = 3;

/// A manager and two workers, and people elsewhere.
pub struct Swarm {
    /// The manager comes first.
    pub nodes: Vec<DockerEngine>,
    /// Where people are who use it.
    pub lan: Lan,
    images: Images,
    /// What it signs in with.
    pub secrets: Secrets,
    stack: TempDir,
}

impl Swarm {
    /// Three engines with all images, ours with this tag, that have joined; `None` where something is missing.
    pub async fn prepare(tag: &str) -> anyhow::Result<Option<Self>> {
        match Images::find() {
            Some(images) => Self::of(images, tag).await,
            None => Ok(None),
        }
    }

    /// The same, with these programs.
    pub(super) async fn of(images: Images, tag: &str) -> anyhow::Result<Option<Self>> {
        let stack = tempfile::tempdir()?;
        let mut nodes = Vec::new();
        for name in &NODES[..FIRST] {
            let Some(engine) = growth::engine(name, &stack).await? else { return Ok(None) };
            images.load(&engine, tag).await?;
            nodes.push(engine);
        }
        let lan = super::lan(&nodes.iter().collect::<Vec<_>>()).await?;
        let swarm = Self { nodes, lan, images, secrets: Secrets::make().await?, stack };
        swarm.join(&["--init", &Lan::address(0), "--database", NODES[1], "--log", NODES[1]]).await?;
        Ok(Some(swarm))
    }

    /// The first of them.
    #[must_use]
    pub fn manager(&self) -> &DockerEngine {
        &self.nodes[0]
    }

    /// The file of who has signed the proxy's certificate.
    #[must_use]
    pub fn certificate(&self) -> PathBuf {
        self.secrets.path().join("proxy_certificate")
    }

    /// Brings a version to it, as people do; what it prints.
    pub async fn deploy(&self, tag: &str) -> anyhow::Result<String> {
        let mut command = Command::new(product("compose/deploy"));
        self.manager().surround(&mut command);
        command
            .env("MINITWIT_SECRETS", self.secrets.path())
            .env("MINITWIT_HOST", HOST)
            .env("MINITWIT_DEPLOY_WAIT", "220");
        command.args(ABSENT.iter().flat_map(|name| ["--without", name])).arg("--file").arg(self.file().await?).arg(tag);
        Ok(said(&mut command).await?.0)
    }

    /// Brings the database back, as operators do; what it prints.
    pub async fn restore(&self, words: &[&str]) -> anyhow::Result<String> {
        let mut command = Command::new(product("compose/restore"));
        self.manager().surround(&mut command);
        Ok(said(command.env("MINITWIT_RESTORE_WAIT", "220").args(words)).await?.0)
    }

    /// The stack's file as it is; where the kernel cannot encrypt, without the line that asks for it.
    async fn file(&self) -> anyhow::Result<PathBuf> {
        if self.can_encrypt().await {
            return Ok(product("stack.yml"));
        }
        let file = self.stack.path().join("stack.yml");
        if !file.exists() {
            let whole = fs::read_to_string(product("stack.yml"))?;
            let asks = "driver_opts: &encrypted {encrypted: ''}";
            ensure!(whole.matches(asks).count() == 1, "stack.yml asks for encryption in one place");
            for folder in ["alerts", "compose", "dashboards"] {
                symlink(fs::canonicalize(product(folder))?, self.stack.path().join(folder))?;
            }
            fs::write(&file, whole.replace(asks, "driver_opts: &encrypted {}"))?;
        }
        Ok(file)
    }

    /// Whether the kernel has what encrypted networks are made of.
    async fn can_encrypt(&self) -> bool {
        let state = "xfrm state add src 192.0.2.8 dst 192.0.2.9 proto esp spi 1 mode transport enc ecb(cipher_null)";
        let mut ask = self.manager().inside("ip");
        said(ask.args(state.split(' ')).arg("")).await.is_ok()
    }
}
