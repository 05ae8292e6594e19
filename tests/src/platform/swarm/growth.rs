//! Machines that become members of a swarm.

use anyhow::Context;
use serde_json::json;
use tempfile::TempDir;

use super::{NODES, Swarm};
use crate::docker_engine::{DockerEngine, Lan};
use crate::platform::{Machine, join_workers};

impl Swarm {
    /// Makes all of them workers of the first one, as people do, with further options; what that prints.
    pub async fn join(&self, options: &[&str]) -> anyhow::Result<String> {
        let workers = self.nodes.iter().enumerate().skip(1);
        let workers = workers.map(|(number, worker)| format!("{}={}", worker.socket(), Lan::address(number)));
        let words: Vec<String> = options.iter().map(|option| (*option).to_owned()).chain(workers).collect();
        join_workers(self.manager(), &words).await
    }

    /// One worker more, with the images of this tag; its name.
    pub async fn grow(&mut self, tag: &str) -> anyhow::Result<&'static str> {
        let number = self.nodes.len();
        let name = *NODES.get(number).context("there is a name for it")?;
        let engine = engine(name, &self.stack).await?.context("there are engines")?;
        self.images.load(&engine, tag).await?;
        self.lan.add(number, &engine).await?;
        self.nodes.push(engine);
        self.join(&[]).await?;
        Ok(name)
    }

    /// Each node as it shall be. How it is, the manager writes down by itself any time.
    pub async fn kept(&self) -> anyhow::Result<String> {
        let words = ["node", "inspect", "--format={{.ID}} {{json .Spec}} {{.Status.Addr}}"].into_iter();
        let words: Vec<&str> = words.chain(NODES[..self.nodes.len()].iter().copied()).collect();
        self.manager().docker(&words).await
    }

    /// How many requests were answered by replicas on a node, among the documents.
    pub async fn served_on(&self, node: &str) -> anyhow::Result<u64> {
        self.documents(&json!([{ "wildcard": { "service.node.name": format!("minitwit_*@{node}") } }])).await
    }
}

/// One with the settings that rented machines have, which lie in a folder.
pub(super) async fn engine(name: &str, folder: &TempDir) -> anyhow::Result<Option<DockerEngine>> {
    let settings = folder.path().join("daemon.json");
    Machine::settings(&settings)?;
    DockerEngine::empty(name, &["--config-file", &settings.display().to_string()]).await
}
