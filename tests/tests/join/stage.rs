//! Engines on machines that are connected, and what becomes of them.

use std::time::Duration;

use anyhow::{Context, ensure};
use e2e::docker_engine::{DockerEngine, Lan};
use e2e::platform::join_workers;

/// Far more than anything here takes.
pub const LIMIT: Duration = Duration::from_mins(4);

/// Machines whose names are `machine-0` and so on; the first one will be the manager.
pub struct Stage {
    pub engines: Vec<DockerEngine>,
    // It has the cables.
    _lan: Lan,
}

impl Stage {
    pub async fn begin(machines: usize) -> anyhow::Result<Option<Self>> {
        let mut engines = Vec::new();
        for number in 0..machines {
            let Some(engine) = DockerEngine::empty(&format!("machine-{number}"), &[]).await? else { return Ok(None) };
            engines.push(engine);
        }
        let lan = Lan::connect(&engines.iter().collect::<Vec<_>>(), &[]).await?;
        Ok(Some(Self { engines, _lan: lan }))
    }

    pub fn manager(&self) -> &DockerEngine {
        &self.engines[0]
    }

    /// How a machine is named to `join-workers`.
    pub fn worker(&self, number: usize) -> String {
        format!("{}={}", self.engines[number].socket(), Lan::address(number))
    }

    /// Joins these machines; what that prints.
    pub async fn join(&self, options: &[&str], machines: &[usize]) -> anyhow::Result<String> {
        let mut words: Vec<String> = options.iter().map(|option| (*option).to_owned()).collect();
        words.extend(machines.iter().map(|number| self.worker(*number)));
        join_workers(self.manager(), &words).await
    }

    /// Joins a machine that is named by one of Docker's contexts.
    pub async fn join_by_context(&self, machine: usize) -> anyhow::Result<String> {
        let host = format!("host={}", self.engines[machine].socket());
        self.manager().docker(&["context", "create", "one-more", "--docker", &host]).await?;
        join_workers(self.manager(), &[format!("one-more={}", Lan::address(machine))]).await
    }

    /// Joins them, which must not end well; what it complains of and prints.
    pub async fn refuses(&self, options: &[&str], machines: &[usize]) -> anyhow::Result<String> {
        let refused = self.join(options, machines).await;
        let complaint = refused.err().with_context(|| format!("{options:?} {machines:?} are joined"))?.to_string();
        ensure!(complaint.contains("failed: join-workers: "), "{complaint}");
        Ok(complaint)
    }

    /// Each node as the swarm keeps it, with the version of the entry, and how the swarm itself is.
    pub async fn kept(&self) -> anyhow::Result<String> {
        let nodes = self.nodes("{{.ID}}").await?;
        let words: Vec<&str> = ["node", "inspect"].into_iter().chain(nodes.iter().map(String::as_str)).collect();
        let cluster = self.manager().docker(&["info", "--format", "{{json .Swarm.Cluster}}"]).await?;
        Ok(self.manager().docker(&words).await? + &cluster)
    }

    /// A line for each node.
    pub async fn nodes(&self, form: &str) -> anyhow::Result<Vec<String>> {
        let nodes = self.manager().docker(&["node", "ls", "--format", form]).await?;
        let mut nodes: Vec<String> = nodes.lines().map(str::to_owned).collect();
        nodes.sort();
        Ok(nodes)
    }

    /// The value of a label of a node.
    pub async fn label(&self, node: &str, label: &str) -> anyhow::Result<String> {
        let form = format!("{{{{index .Spec.Labels \"{label}\"}}}}");
        Ok(self.manager().docker(&["node", "inspect", "--format", &form, node]).await?.trim().to_owned())
    }
}
