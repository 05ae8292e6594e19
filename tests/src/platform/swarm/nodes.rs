//! Machines that are taken out of a swarm, fail, and come back.

use std::process::Command;

use super::{NODES, PATIENCE, Swarm};
use crate::docker_engine::said;
use crate::monitoring::product;
use crate::platform::HOST;
use crate::wait::until;

impl Swarm {
    /// Says whether a machine shall have work: `active` or `drain`.
    pub async fn avail(&self, node: usize, availability: &str) -> anyhow::Result<()> {
        let words = ["node", "update", "--availability", availability, NODES[node]];
        self.manager().docker(&words).await.map(drop)
    }

    /// Waits until the manager sees a machine like this: `ready` or `down`.
    pub async fn sees(&self, node: usize, state: &str) -> anyhow::Result<()> {
        let form = "--format={{.Status.State}}";
        let seen = async || Ok(self.manager().docker(&["node", "inspect", form, NODES[node]]).await?.trim() == state);
        until(&format!("{} is {state}", NODES[node]), PATIENCE, seen).await.map(drop)
    }

    /// Waits until people are answered.
    pub async fn serves(&self) -> anyhow::Result<()> {
        let answers = async || {
            let mut ask = self.lan.command("curl");
            ask.args(["--silent", "--fail", "--max-time", "5", "--output", "/dev/null"]);
            Ok(said(ask.arg(format!("http://api.{HOST}/latest"))).await.is_ok())
        };
        until("the site answers", PATIENCE, answers).await.map(drop)
    }

    /// Spreads the site's replicas over all workers again, as people do, within so many seconds; what that prints.
    pub async fn spread(&self, seconds: &str) -> anyhow::Result<String> {
        let mut command = Command::new(product("compose/spread"));
        self.manager().surround(&mut command);
        Ok(said(command.args(["--wait", seconds])).await?.0)
    }

    /// Waits until as many replicas of the site run as shall, none of them on this machine.
    pub async fn runs_without(&self, node: usize) -> anyhow::Result<()> {
        let elsewhere = async || {
            for service in ["minitwit_web", "minitwit_api"] {
                let form = "--format={{.Node}} {{.CurrentState}}";
                let words = ["service", "ps", "--filter=desired-state=running", form, service];
                let tasks = self.manager().docker(&words).await?;
                let is_well = |task: &str| !task.starts_with(NODES[node]) && task.contains(" Running ");
                if tasks.lines().count() < 2 || !tasks.lines().all(is_well) {
                    return Ok(false);
                }
            }
            Ok(true)
        };
        until(&format!("the site runs without {}", NODES[node]), PATIENCE, elsewhere).await.map(drop)
    }
}
