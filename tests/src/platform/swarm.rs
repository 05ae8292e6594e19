//! The stack on a swarm of three machines.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, ensure};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::images::Images;
use super::{ABSENT, HOST};
use crate::docker_engine::{DockerEngine, Lan, said};
use crate::monitoring::product;
use crate::wait::until;

/// Two cores carry three engines.
const PATIENCE: Duration = Duration::from_mins(4);

/// Their names; the second one has the data.
const NODES: [&str; 3] = ["manager", "worker-1", "worker-2"];

/// A manager and two workers, and people elsewhere.
pub struct Swarm {
    /// The manager comes first.
    pub nodes: Vec<DockerEngine>,
    /// Where people are who use it.
    pub lan: Lan,
    secrets: TempDir,
    stack: TempDir,
}

impl Swarm {
    /// Three engines with all images, ours with this tag, that have joined; `None` where something is missing.
    pub async fn prepare(tag: &str) -> anyhow::Result<Option<Self>> {
        let Some(images) = Images::find() else { return Ok(None) };
        let mut nodes = Vec::new();
        for name in NODES {
            let Some(engine) = DockerEngine::empty(name, &[]).await? else { return Ok(None) };
            images.load(&engine, tag).await?;
            nodes.push(engine);
        }
        let lan = super::lan(&nodes.iter().collect::<Vec<_>>()).await?;
        let swarm = Self { nodes, lan, secrets: super::secrets().await?, stack: tempfile::tempdir()? };
        swarm.join().await?;
        Ok(Some(swarm))
    }

    /// Makes one swarm of them, and says where data lies.
    async fn join(&self) -> anyhow::Result<()> {
        let [manager, workers @ ..] = self.nodes.as_slice() else { anyhow::bail!("there are nodes") };
        let address = Lan::address(0);
        manager.docker(&["swarm", "init", "--advertise-addr", &address]).await?;
        let token = manager.docker(&["swarm", "join-token", "--quiet", "worker"]).await?;
        for (number, worker) in (1..).zip(workers) {
            let own = Lan::address(number);
            let to = format!("{address}:2377");
            worker.docker(&["swarm", "join", "--advertise-addr", &own, "--token", token.trim(), &to]).await?;
        }
        let labels = ["--label-add", "minitwit.database=true", "--label-add", "minitwit.log=true"];
        manager.docker(&[&["node", "update"], &labels[..], &[NODES[1]]].concat()).await.map(drop)
    }

    /// The first of them.
    #[must_use]
    pub fn manager(&self) -> &DockerEngine {
        &self.nodes[0]
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

    /// Gives our images another tag, as if a new version had been built.
    pub async fn name(&self, tag: &str, new: &str) -> anyhow::Result<()> {
        for node in &self.nodes {
            for name in ["minitwit", "log-shipper", "minitwit-backup"] {
                node.docker(&["tag", &format!("{name}:{tag}"), &format!("{name}:{new}")]).await?;
            }
        }
        Ok(())
    }

    /// Makes a version of the site of another one, with one more line in its Dockerfile.
    pub async fn spoil(&self, tag: &str, new: &str, instruction: &str) -> anyhow::Result<()> {
        let context = tempfile::tempdir()?;
        fs::write(context.path().join("Dockerfile"), format!("FROM minitwit:{tag}\n{instruction}\n"))?;
        self.name(tag, new).await?;
        for node in &self.nodes {
            let name = format!("minitwit:{new}");
            node.docker(&["build", "--quiet", "--tag", &name, &context.path().display().to_string()]).await?;
        }
        Ok(())
    }

    /// Gives both services of the site so many replicas, and waits for them.
    pub async fn scale(&self, replicas: usize) -> anyhow::Result<()> {
        let wanted = ["web", "api"].map(|service| format!("minitwit_{service}={replicas}"));
        self.manager().docker(&["service", "scale", "--detach=false", &wanted[0], &wanted[1]]).await.map(drop)
    }

    /// Waits until no service of the site is being updated any more, nor brought back to what it was.
    pub async fn settle(&self) -> anyhow::Result<()> {
        let form = "{{if .UpdateStatus}}{{.UpdateStatus.State}}{{end}}";
        let rests = async || {
            let words = ["service", "inspect", "--format", form, "minitwit_web", "minitwit_api"];
            let states = self.manager().docker(&words).await?;
            Ok(states.lines().all(|state| state.ends_with("completed")))
        };
        until("the site's services rest", PATIENCE, rests).await.map(drop)
    }

    /// The image that a service shall run.
    pub async fn image(&self, service: &str) -> anyhow::Result<String> {
        let form = "{{.Spec.TaskTemplate.ContainerSpec.Image}}";
        let words = ["service", "inspect", "--format", form, &format!("minitwit_{service}")];
        Ok(self.manager().docker(&words).await?.trim().to_owned())
    }

    /// A total that the database keeps: users, messages.
    pub async fn total(&self, name: &str) -> anyhow::Result<u64> {
        let query = format!("SELECT total FROM totals WHERE name = '{name}'");
        let words = ["psql", "--username=postgres", "--tuples-only", "--no-align", "--command", &query, "minitwit"];
        Ok(self.inside("postgres", &words).await?.trim().parse()?)
    }

    /// How many requests to a route were answered 204, among the documents.
    pub async fn documents(&self, route: &str) -> anyhow::Result<u64> {
        let filter = json!([{ "term": { "minitwit.route": route } }, { "term": { "http.response.status_code": 204 } }]);
        let query = json!({ "query": { "bool": { "filter": filter } } }).to_string();
        let ask = "exec curl --silent --fail --header 'Content-Type: application/json' --data \"$0\" \
            --user \"grafana:$(cat /run/secrets/grafana_elasticsearch_password)\" \
            http://127.0.0.1:9200/logs-minitwit-default/_count";
        let answer: Value = serde_json::from_str(&self.inside("elasticsearch", &["sh", "-c", ask, &query]).await?)?;
        answer["count"].as_u64().with_context(|| answer.to_string())
    }

    /// A program in the container of a service that has data.
    async fn inside(&self, service: &str, words: &[&str]) -> anyhow::Result<String> {
        let label = format!("label=com.docker.swarm.service.name=minitwit_{service}");
        let data = &self.nodes[1];
        let container = data.docker(&["ps", "--quiet", "--filter", &label]).await?;
        data.docker(&[&["exec", container.trim()], words].concat()).await
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
