//! An engine, a shipper that follows its containers, and a real Elasticsearch.

use std::time::Duration;

use anyhow::{Context, ensure};
use e2e::docker_engine::{DockerEngine, IMAGE};
use e2e::search_server::{Document, Kind, SearchServer};
use e2e::shipper::Shipper;
use e2e::wait::until;
use serde_json::json;

use crate::numbers::Numbers;

/// Far more than anything here takes.
pub const LIMIT: Duration = Duration::from_mins(4);

/// What a test has to itself, but for the server.
pub struct Scene {
    pub engine: DockerEngine,
    pub shipper: Shipper,
    pub server: &'static SearchServer,
    pub target: String,
}

impl Scene {
    /// An engine with these options, and a shipper at work; `None` where something is missing.
    pub async fn begin(dataset: &str, options: &[&str]) -> anyhow::Result<Option<Self>> {
        let Some(server) = SearchServer::shared(Kind::Elasticsearch).await? else { return Ok(None) };
        let Some(engine) = DockerEngine::start(options).await? else { return Ok(None) };
        let target = format!("logs-{dataset}-default");
        let Some(mut shipper) = Shipper::to(server, &target)? else { return Ok(None) };
        shipper.set("docker-root", &engine.containers().display().to_string());
        shipper.set_up(server).await?;
        shipper.start().await?;
        Ok(Some(Self { engine, shipper, server, target }))
    }

    /// Starts a container of this name with further options; it has no network.
    pub async fn run(&self, name: &str, options: &[&str], command: &[&str]) -> anyhow::Result<()> {
        let words = [&["run", "--detach", "--network=none", "--name", name], options, &[IMAGE], command];
        self.engine.docker(&words.concat()).await.map(drop)
    }

    /// Waits for the end of a container.
    pub async fn ended(&self, name: &str) -> anyhow::Result<()> {
        self.engine.docker(&["wait", name]).await.map(drop)
    }

    /// Waits for so many documents, in all indices whose names match.
    pub async fn arrive(&self, indices: &str, count: u64) -> anyhow::Result<()> {
        let all = json!({ "match_all": {} });
        // A new index cannot be searched at once.
        let there = async || Ok(self.server.count(indices, &all).await.is_ok_and(|found| found >= count));
        let waited = until("the documents are there", LIMIT, there).await;
        waited.with_context(|| self.shipper.said().unwrap_or_default()).map(drop)
    }

    /// Waits until the shipper holds no file of a container that is gone, and all of those have been removed.
    pub async fn lets_go(&self) -> anyhow::Result<()> {
        let none = async || {
            let folders = std::fs::read_dir(self.engine.containers())?.count();
            Ok(folders == 0 && self.shipper.metric("log_shipper_files_followed").await? == 0.0)
        };
        until("the files are let go", LIMIT, none).await.map(drop)
    }

    /// Waits until the last lines of `key`, which were written to a file that is still there, have arrived: then all others
    /// that can arrive have.
    pub async fn reads_to(&self, key: &str, last: u64) -> anyhow::Result<()> {
        for number in [last - 1, last] {
            let line = json!({ "match_phrase": { "message": format!("#{key}-{number}#") } });
            let there = async || Ok(self.server.count(&self.target, &line).await.is_ok_and(|found| found == 1));
            let waited = until("the last lines are there", LIMIT, there).await;
            waited.with_context(|| self.shipper.said().unwrap_or_default())?;
        }
        Ok(())
    }

    /// Ends the shipper; there is nothing left for it to do. Gives back all documents.
    pub async fn finish(&mut self) -> anyhow::Result<Vec<Document>> {
        self.shipper.stop().await?;
        // What was in hand when it was told to stop.
        self.shipper.ask(&["run", "--once"]).await?;
        self.shipper.rests().await?;
        self.server.documents(&self.target).await
    }

    /// There is one document for each number, and nothing is left to do.
    pub async fn conclude(&mut self, numbers: &Numbers) -> anyhow::Result<Vec<Document>> {
        let waited = self.arrive(&self.target, numbers.len()).await;
        let documents = self.finish().await?;
        // That says more than the wait does.
        let lost = numbers.missing(&documents)?;
        ensure!(lost.is_empty(), "{} of {} are lost: {:?}", lost.len(), numbers.len(), &lost[..lost.len().min(9)]);
        waited.map(|()| documents)
    }
}
