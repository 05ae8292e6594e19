//! The platform on a real engine: the product's own files as they are, on images that stand in for public ones.

mod backup;
mod compose;
pub mod figures;
mod images;
mod machine;
mod secrets;
mod swarm;

use std::process::Command;

use serde_json::Value;

pub use compose::{ABSENT, Service};
pub use images::{STAND_INS, WHOLE};
pub use machine::{Machine, key};
pub use secrets::Secrets;
pub use swarm::{Container, Swarm};

use crate::docker_engine::{DockerEngine, Lan, said};
use crate::monitoring::product;

/// What the site is called.
pub const HOST: &str = "minitwit.example";

/// The platform on one machine, and another machine that can reach it.
pub struct Platform {
    /// Where it runs.
    pub engine: DockerEngine,
    /// Where people are who use it.
    pub lan: Lan,
    /// What it signs in with.
    pub secrets: Secrets,
    /// Variables of the environment, besides its name and where its secrets are.
    settings: Vec<(&'static str, String)>,
}

impl Platform {
    /// An engine with all images, and secrets, before the first start; `None` where something is missing.
    pub async fn prepare() -> anyhow::Result<Option<Self>> {
        let Some(images) = images::Images::find() else { return Ok(None) };
        let Some(engine) = DockerEngine::empty("platform", &[]).await? else { return Ok(None) };
        images.load(&engine, "local").await?;
        let (lan, secrets) = (lan(&[&engine]).await?, Secrets::make().await?);
        Ok(Some(Self { engine, lan, secrets, settings: Vec::new() }))
    }

    /// Sets it up in another way: a variable that the head of `compose/compose.yml` names.
    pub fn set(&mut self, name: &'static str, value: &str) {
        self.settings.push((name, value.to_owned()));
    }

    /// The answer of a console behind the proxy, to somebody on the engine's own machine.
    pub async fn console(&self, path: &str) -> anyhow::Result<Value> {
        let user = self.secrets.sign_in("oncall", "console_password")?;
        let mut ask = self.engine.inside("curl");
        ask.args(["--silent", "--show-error", "--fail", "--max-time", "10", "--config"]).arg(user);
        ask.arg(format!("http://127.0.0.1:3000{path}"));
        Ok(serde_json::from_str(&said(&mut ask).await?.0)?)
    }

    /// What Elasticsearch answers to a reader of the log, asked from its own network.
    pub async fn log(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        let user = self.secrets.sign_in("grafana", "grafana_elasticsearch_password")?;
        let mut ask = self.engine.inside("curl");
        ask.args(["--silent", "--show-error", "--fail", "--max-time", "10", "--config"]).arg(user);
        ask.args(["--header", "Content-Type: application/json", "--data", &body.to_string()]);
        ask.arg(format!("http://{}:9200{path}", self.address("elasticsearch").await?));
        Ok(serde_json::from_str(&said(&mut ask).await?.0)?)
    }
}

/// Connects engines with people, who find the site on the first of them.
async fn lan(engines: &[&DockerEngine]) -> anyhow::Result<Lan> {
    let names = ["", "api.", "console."].map(|prefix| format!("{prefix}{HOST}"));
    Lan::connect(engines, &names.each_ref().map(|name| (name.as_str(), 0))).await
}

/// Makes machines workers of the swarm of this manager, as people do; what that prints.
pub async fn join_workers(manager: &DockerEngine, words: &[String]) -> anyhow::Result<String> {
    let mut command = Command::new(product("compose/join-workers"));
    manager.surround(&mut command);
    Ok(said(command.args(words)).await?.0)
}
