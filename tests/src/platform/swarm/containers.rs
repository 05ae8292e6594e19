//! What runs on the machines of a swarm, and what can be asked inside of it.

use anyhow::{Context, bail};

use super::Swarm;
use crate::docker_engine::said;

/// What names the service of a container.
const SERVICE: &str = "com.docker.swarm.service.name";

/// A container of a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Container {
    /// The service, without the stack's name.
    pub service: String,
    /// Which machine it is on.
    pub node: usize,
    /// The engine's name for it, whole.
    pub id: String,
}

impl Swarm {
    /// All that run.
    pub async fn containers(&self) -> anyhow::Result<Vec<Container>> {
        let form = format!("--format={{{{.Label \"{SERVICE}\"}}}} {{{{.ID}}}}");
        let mut all = Vec::new();
        for (node, engine) in self.nodes.iter().enumerate() {
            for line in engine.docker(&["ps", "--no-trunc", &form]).await?.lines() {
                let (name, id) = line.split_once(' ').context("a name and a number")?;
                let service = name.strip_prefix("minitwit_").with_context(|| format!("{name} is not of the stack"))?;
                all.push(Container { service: service.to_owned(), node, id: id.to_owned() });
            }
        }
        Ok(all)
    }

    /// What a program prints in the container of a service of one replica.
    pub async fn inside(&self, service: &str, words: &[&str]) -> anyhow::Result<String> {
        let Some(container) = self.containers().await?.into_iter().find(|container| container.service == service)
        else {
            bail!("{service} does not run");
        };
        self.nodes[container.node].docker(&[&["exec", &container.id], words].concat()).await
    }

    /// What a shell of the machine prints that is in a container's network, and nowhere else in the container; `None` if
    /// that has ended.
    pub async fn beside(&self, container: &Container, script: &str) -> anyhow::Result<Option<String>> {
        let engine = &self.nodes[container.node];
        let process = engine.docker(&["inspect", "--format={{.State.Pid}}", &container.id]).await?;
        if process.trim() == "0" {
            return Ok(None);
        }
        let mut shell = engine.inside("nsenter");
        shell.args(["--target", process.trim(), "--net", "bash", "-c", script]);
        Ok(Some(said(&mut shell).await?.0))
    }

    /// The addresses of a container, one for each network that it is in.
    pub async fn addresses(&self, container: &Container) -> anyhow::Result<Vec<String>> {
        let form = "--format={{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}";
        let shown = self.nodes[container.node].docker(&["inspect", form, &container.id]).await?;
        Ok(shown.split_whitespace().map(str::to_owned).collect())
    }

    /// The address under which a container reaches another one, in the network that both are in.
    pub async fn shared_address(&self, from: &Container, to: &Container) -> anyhow::Result<String> {
        let network = |address: &str| address.rsplit_once('.').map(|(network, _)| network.to_owned());
        let own: Vec<_> = self.addresses(from).await?.iter().map(|address| network(address)).collect();
        let others = self.addresses(to).await?;
        let shared = others.into_iter().find(|address| own.contains(&network(address)));
        shared.with_context(|| format!("{} and {} share no network", from.service, to.service))
    }

    /// What a query of a superuser finds in the site's database.
    pub async fn query(&self, query: &str) -> anyhow::Result<String> {
        let words = ["psql", "--username=postgres", "--tuples-only", "--no-align", "--command", query, "minitwit"];
        Ok(self.inside("postgres", &words).await?.trim().to_owned())
    }

    /// The one number that a query to the site's database gives.
    pub async fn row(&self, query: &str) -> anyhow::Result<u64> {
        Ok(self.query(query).await?.parse()?)
    }

    /// The one number that an expression has in Prometheus now; 0 if it has none.
    pub async fn number(&self, expression: &str) -> anyhow::Result<f64> {
        let words = ["promtool", "query", "instant", "--format=json", "http://127.0.0.1:9090", expression];
        let answer: serde_json::Value = serde_json::from_str(&self.inside("prometheus", &words).await?)?;
        let Some(number) = answer[0]["value"][1].as_str() else { return Ok(0.0) };
        Ok(number.parse()?)
    }
}
