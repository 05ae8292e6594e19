//! A service of a swarm that is updated and scaled while its tasks print.

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Context, ensure};
use e2e::docker_engine::IMAGE;
use e2e::search_server::Document;
use e2e::wait::until;
use serde_json::json;

use crate::numbers::{Numbers, counters};
use crate::scene::{LIMIT, Scene};

const SERVICE: &str = "talk_many";

impl Scene {
    /// Makes a swarm of this engine, which keeps as little as it can of tasks that have ended; returns the node.
    async fn swarm(&self) -> anyhow::Result<String> {
        self.engine.docker(&["swarm", "init", "--advertise-addr=127.0.0.1", "--task-history-limit=0"]).await?;
        Ok(self.engine.docker(&["info", "--format={{.Swarm.NodeID}}"]).await?.trim().to_owned())
    }

    /// Deploys the stack `talk`: its only service counts by the ids of its tasks.
    async fn deploy(&self) -> anyhow::Result<()> {
        let stack = json!({ "version": "3.8", "services": { "many": {
            "image": IMAGE,
            "command": ["count", "", "1000000", "2000"],
            "environment": { "KEY": "{{.Task.ID}}" },
            "labels": { "mood": "chatty" },
            "volumes": [{ "type": "bind", "source": self.engine.told(), "target": "/told" }],
            "stop_grace_period": "2m",
            "deploy": { "replicas": 3, "update_config": { "parallelism": 1, "monitor": "1ms" } },
        } } });
        let file = self.shipper.folder().join("stack.json");
        fs::write(&file, stack.to_string())?;
        let file = file.display().to_string();
        self.engine
            .docker(&["stack", "deploy", "--resolve-image=never", "--compose-file", &file, "talk"])
            .await
            .map(drop)
    }

    /// Waits until so many tasks run, each of which has counted, and none runs that ran `before`; returns them.
    async fn running(&self, tasks: usize, before: &BTreeSet<String>) -> anyhow::Result<BTreeSet<String>> {
        let mut now = BTreeSet::new();
        until(&format!("{tasks} tasks count"), LIMIT, async || {
            let shown = self.engine.docker(&["ps", "--format={{.Label \"com.docker.swarm.task.id\"}}"]).await?;
            let counted = counters(&self.engine.told())?;
            now = shown.split_whitespace().map(str::to_owned).collect();
            let all_count = now.iter().all(|task| counted.get(task).is_some_and(|number| *number > 20));
            Ok(now.len() == tasks && all_count && now.is_disjoint(before))
        })
        .await?;
        Ok(now)
    }

    async fn service(&self, words: &[&str]) -> anyhow::Result<()> {
        self.engine.docker(&[&["service"], words].concat()).await.map(drop)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn each_line_of_a_service_that_is_updated_and_scaled_arrives_with_service_stack_task_slot_and_node()
-> anyhow::Result<()> {
    let Some(mut scene) = Scene::begin("swarm", &[]).await? else { return Ok(()) };
    let node = scene.swarm().await?;
    scene.deploy().await?;
    let first = scene.running(3, &BTreeSet::new()).await?;
    scene.service(&["update", "--detach", "--env-add=ROUND=2", SERVICE]).await?;
    scene.service(&["scale", "--detach", &format!("{SERVICE}=5")]).await?;
    let second = scene.running(5, &first).await?;
    scene.service(&["update", "--detach", "--container-label-add=round=3", SERVICE]).await?;
    scene.service(&["scale", "--detach", &format!("{SERVICE}=2")]).await?;
    scene.running(2, &second).await?;
    scene.engine.docker(&["stack", "rm", "talk"]).await?;
    scene.running(0, &BTreeSet::new()).await?;
    scene.lets_go().await?;
    let told = Numbers::told(&scene.engine.told())?;
    let documents = scene.conclude(&told).await?;
    documents.iter().try_for_each(|document| is_tagged(document, &node))
}

/// The task's own number tells which it is.
fn is_tagged(Document { source, .. }: &Document, node: &str) -> anyhow::Result<()> {
    let message = source["message"].as_str().unwrap_or_default();
    let task = message[1..].split_once('-').context("a line has a task")?.0;
    let expected = [("service", SERVICE), ("stack", "talk"), ("task", task), ("node", node)];
    for (name, value) in expected {
        ensure!(source[format!("docker.swarm.{name}")] == value, "{name} is not {value}: {source}");
    }
    let slot = source["docker.swarm.slot"].as_u64().context("a replica has a slot")?;
    ensure!(source["container.name"] == format!("{SERVICE}.{slot}.{task}"), "{source}");
    ensure!((1..=5).contains(&slot) && source["container.labels"]["mood"] == "chatty", "{source}");
    Ok(())
}
