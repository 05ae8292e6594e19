//! A shipper before a server with small limits, which the tests of this program share.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::{Context, ensure};
use e2e::search_server::{Kind, SearchServer};
use e2e::shipper::Shipper;
use e2e::wait::until;
use elasticsearch::http::Method;
use serde_json::{Value, json};
use tokio::sync::{OnceCell, RwLock};

use crate::lines::{Lines, number};

/// Far more than anything here takes.
pub const LIMIT: Duration = Duration::from_mins(3);

/// One thread writes, and one request may wait for it.
const SMALL: [&str; 3] = ["thread_pool.write.size=1", "thread_pool.write.queue_size=1", "http.max_content_length=1mb"];

/// The server. Who stops it has it alone; all others use names of their own on it.
pub async fn server(kind: Kind) -> anyhow::Result<Option<&'static RwLock<SearchServer>>> {
    static SERVERS: [OnceCell<Option<RwLock<SearchServer>>>; 2] = [const { OnceCell::const_new() }; 2];
    let start = async || anyhow::Ok(SearchServer::lasting(kind, &SMALL).await?.map(RwLock::new));
    Ok(SERVERS[kind as usize].get_or_try_init(start).await?.as_ref())
}

/// A target of a test's own, lines for it, and the shipper that brings them there.
pub struct Scene {
    pub target: String,
    pub lines: Lines,
    pub shipper: Shipper,
}

impl Scene {
    /// Everything is in place, and the shipper not started.
    pub async fn set(server: &SearchServer, dataset: &str) -> anyhow::Result<Option<Self>> {
        Self::by(server.address(), server, dataset).await
    }

    /// The same, where the shipper goes by way of another address.
    pub async fn by(address: SocketAddr, server: &SearchServer, dataset: &str) -> anyhow::Result<Option<Self>> {
        let target = format!("logs-{dataset}-default");
        let Some(mut shipper) = Shipper::by(address, server, &target)? else { return Ok(None) };
        shipper.set_up(server).await?;
        let pattern = shipper.folder().join("[0-9].log").display().to_string();
        shipper.set("files", &pattern).set("batch-bytes", "16KiB");
        let lines = Lines::in_folder(shipper.folder())?;
        Ok(Some(Self { target, lines, shipper }))
    }

    /// Starts the shipper and prints lines, until some have arrived.
    pub async fn begin(&mut self, server: &SearchServer) -> anyhow::Result<()> {
        self.shipper.start().await?;
        self.lines.print(200)?;
        self.arrive(server, 200).await
    }

    /// Waits for so many documents.
    pub async fn arrive(&self, server: &SearchServer, count: u64) -> anyhow::Result<()> {
        let all = json!({ "match_all": {} });
        self.until("the documents are there", async || Ok(server.count(&self.target, &all).await? >= count)).await
    }

    /// Waits until the shipper says that something is in its way.
    pub async fn until_in_trouble(&self, words: &str) -> anyhow::Result<()> {
        self.until(words, async || Ok(self.shipper.trouble().await?.contains(words))).await
    }

    /// Waits until something is true; if that does not come, the error has what the shipper has said.
    pub async fn until(&self, what: &str, condition: impl AsyncFnMut() -> anyhow::Result<bool>) -> anyhow::Result<()> {
        let waited = until(what, LIMIT, condition).await;
        waited.map(drop).with_context(|| self.shipper.said().unwrap_or_default())
    }

    /// Sets a setting of the target's indices.
    pub async fn change(&self, server: &SearchServer, name: &str, value: bool) -> anyhow::Result<()> {
        let body = json!({ name: value }).to_string();
        server.tell(Method::Put, &format!("/{}/_settings", self.target), Some(body)).await.map(drop)
    }

    /// Puts an index template of a test's own before the shipper's.
    pub async fn template(&self, server: &SearchServer, mut template: Value) -> anyhow::Result<()> {
        template["index_patterns"] = json!([self.target]);
        template["priority"] = json!(900);
        let path = format!("/_index_template/{}", self.target);
        server.tell(Method::Put, &path, Some(template.to_string())).await.map(drop)
    }

    /// From now on documents go to another index.
    pub async fn roll_over(&self, server: &SearchServer) -> anyhow::Result<()> {
        let answer = server.tell(Method::Post, &format!("/{}/_rollover", self.target), None).await?;
        ensure!(answer["rolled_over"] == true, "{answer}");
        Ok(())
    }

    /// The numbers of the lines that are dead letters.
    pub async fn refused(&self) -> anyhow::Result<Vec<u64>> {
        let list = self.shipper.ask(&["dead-letter", "list", "--json", "--limit=100000"]).await?.good()?;
        let letters: Vec<Value> = list.lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
        if letters.is_empty() {
            return Ok(Vec::new());
        }
        let numbers = letters.iter().filter_map(|letter| letter["number"].as_str());
        let words: Vec<&str> = ["dead-letter", "show"].into_iter().chain(numbers).collect();
        let shown = self.shipper.ask(&words).await?.good()?;
        let lines = shown.lines().filter_map(|row| row.strip_prefix("line "));
        lines.map(|line| number(line).context("a dead letter has the line")).collect()
    }

    /// All that was printed arrives, and nothing is left to do. It is stored once in all indices, but what was `refused`: that
    /// is a dead letter.
    pub async fn conclude(mut self, server: &SearchServer, refused: &[u64]) -> anyhow::Result<()> {
        self.arrive(server, self.lines.printed() - refused.len() as u64).await?;
        self.shipper.stop().await?;
        // What was in hand when it was told to stop.
        self.shipper.ask(&["run", "--once"]).await?;
        self.shipper.rests().await?;
        let mut letters = self.refused().await?;
        letters.sort_unstable();
        ensure!(letters == refused, "dead letters are {letters:?}, and should be {refused:?}");
        self.lines.are_in(&server.documents(&self.target).await?, refused)
    }
}
