//! `docker compose` with the platform's own file.

use std::process::Command;
use std::time::Duration;

use anyhow::{Context, ensure};
use serde_json::Value;

use super::{HOST, Platform};
use crate::docker_engine::said;
use crate::monitoring::product;
use crate::wait::until;

/// Elasticsearch takes half a minute to start where nothing else happens.
const PATIENCE: Duration = Duration::from_mins(5);

/// Services whose images no machine without a registry can have.
pub const ABSENT: [&str; 3] = ["grafana", "kibana", "searches"];

/// How a service is.
#[derive(Debug)]
pub struct Service {
    /// Its name in the file.
    pub name: String,
    state: String,
    health: String,
    code: i64,
}

impl Service {
    /// It runs and is healthy, or has done its work.
    #[must_use]
    pub fn is_well(&self) -> bool {
        match self.state.as_str() {
            "running" => self.health == "healthy",
            "exited" => self.code == 0,
            _ => false,
        }
    }

    fn of(line: &str) -> anyhow::Result<Self> {
        let value: Value = serde_json::from_str(line)?;
        let text = |name: &str| value[name].as_str().map(str::to_owned).with_context(|| format!("{line}: {name}"));
        let code = value["ExitCode"].as_i64().context("an exit code")?;
        Ok(Self { name: text("Service")?, state: text("State")?, health: text("Health")?, code })
    }
}

impl Platform {
    /// Brings everything up, but for what is [`ABSENT`], and waits until it is well.
    pub async fn up(&self) -> anyhow::Result<()> {
        let names = self.names().await?;
        self.bring(&names.iter().map(String::as_str).collect::<Vec<_>>()).await
    }

    /// Brings some services up, with those that they need, and waits until all that is there is well.
    pub async fn bring(&self, names: &[&str]) -> anyhow::Result<()> {
        let words = [&["up", "--detach", "--no-build", "--pull=never"], names].concat();
        let well = async || Ok(self.services().await?.iter().all(Service::is_well));
        let up = async {
            self.compose(&words).await?;
            until("all services are well", PATIENCE, well).await
        };
        match up.await {
            Ok(_) => Ok(()),
            Err(error) => Err(error.context(self.troubles().await?)),
        }
    }

    /// The last words of services that are not well.
    async fn troubles(&self) -> anyhow::Result<String> {
        let services = self.services().await?;
        let mut words = vec!["logs", "--no-color", "--tail=20"];
        words.extend(
            services
                .iter()
                .filter(|service| !service.is_well() && service.health != "starting")
                .map(|service| service.name.as_str()),
        );
        self.compose(&words).await
    }

    /// Takes everything down; data stays.
    pub async fn down(&self) -> anyhow::Result<()> {
        self.compose(&["down"]).await.map(drop)
    }

    /// The names of all services that can be had here.
    pub async fn names(&self) -> anyhow::Result<Vec<String>> {
        let all = self.compose(&["config", "--services"]).await?;
        Ok(all.lines().filter(|name| !ABSENT.contains(name)).map(str::to_owned).collect())
    }

    /// How each service is.
    pub async fn services(&self) -> anyhow::Result<Vec<Service>> {
        self.compose(&["ps", "--all", "--format=json"]).await?.lines().map(Service::of).collect()
    }

    /// The address of a service in the network of it that has the first name.
    pub async fn address(&self, service: &str) -> anyhow::Result<String> {
        let container = self.compose(&["ps", "--quiet", service]).await?;
        let form = "{{range .NetworkSettings.Networks}}{{.IPAddress}} {{end}}";
        let addresses = self.engine.docker(&["inspect", "--format", form, container.trim()]).await?;
        let first = addresses.split_whitespace().next();
        first.map(str::to_owned).with_context(|| format!("{service} has an address"))
    }

    /// What `docker compose` prints on stdout; it has to end well.
    pub async fn compose(&self, words: &[&str]) -> anyhow::Result<String> {
        let (out, complaint) = said(&mut self.composing(words)).await?;
        ensure!(!complaint.contains("variable is not set"), "{complaint}");
        Ok(out)
    }

    /// `docker compose` with the platform's file and these words.
    #[must_use]
    pub fn composing(&self, words: &[&str]) -> Command {
        let mut command = self.engine.client();
        command.args(["compose", "--progress=quiet", "--file"]).arg(product("compose/compose.yml")).args(words);
        self.know(&mut command);
        command
    }

    /// Tells a program where this platform is and what it is called.
    pub(super) fn know(&self, command: &mut Command) {
        self.engine.surround(command);
        command.env("MINITWIT_SECRETS", self.secrets.path()).env("MINITWIT_HOST", HOST);
        command.envs(self.settings.iter().map(|(name, value)| (name, value)));
    }
}
