//! Users, messages and followers: as many in the database as the counters say and as there are documents of.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use anyhow::{Context, ensure};
use e2e::platform::Swarm;
use e2e::wait::until;
use serde_json::{Value, json};

/// Far more than lines take to arrive, and Prometheus takes to see who is gone.
const PATIENCE: Duration = Duration::from_mins(3);

/// What is counted: the table, the route by which the simulator fills it, and the counter with its label in a last line.
const KINDS: [(&str, &str, &str, &str); 2] = [
    ("users", "/register", "minitwit_registrations_total", "registrations"),
    ("messages", "/msgs/{username}", "minitwit_messages_posted_total", "messages_posted"),
];

/// What nobody can know.
#[derive(Debug, Default)]
pub struct Accounts {
    failed: AtomicU64,
}

impl Accounts {
    /// So many requests were not answered: the database may have what they asked for, and then no document says so.
    pub fn failed(&self, requests: u64) {
        self.failed.fetch_add(requests, Ordering::Relaxed);
    }

    pub async fn check(&self, swarm: &Swarm) -> anyhow::Result<()> {
        for (table, route, counter, label) in KINDS {
            let rows = swarm.row(&format!("SELECT count(*) FROM {table}")).await?;
            let total = swarm.row(&format!("SELECT total FROM totals WHERE name = '{table}'")).await?;
            ensure!(rows == total, "{rows} {table} are in the database, and it says {total}");
            self.has(table, rows, async || swarm.documents(&answered(route)).await).await?;
            let (live, ended) = (format!("sum({counter}{{outcome=\"ok\"}})"), [(label, 1)]);
            self.has(&format!("{table}, counted"), rows, async || counted(swarm, &live, &ended).await).await?;
        }
        self.follows(swarm).await?;
        every_client_is_known(swarm).await
    }

    async fn follows(&self, swarm: &Swarm) -> anyhow::Result<()> {
        let rows = swarm.row("SELECT count(*) FROM followers").await?;
        self.has("followers", rows, async || told(swarm).await).await?;
        let live = "sum(minitwit_follows_total{outcome=\"ok\"}) - sum(minitwit_unfollows_total{outcome=\"ok\"})";
        let ended = [("follows", 1), ("unfollows", -1)];
        self.has("followers, counted", rows, async || counted(swarm, live, &ended).await).await
    }

    /// Waits until there are as many as rows; of requests that failed, some may have left a row and nothing else.
    async fn has(&self, what: &str, rows: u64, count: impl AsyncFn() -> anyhow::Result<u64>) -> anyhow::Result<()> {
        let (mut found, failed) = (0, self.failed.load(Ordering::Relaxed));
        // Prometheus goes on counting for a while who has ended.
        let waited = until("all are told of", PATIENCE, async || {
            found = count().await?;
            Ok(found == rows)
        })
        .await;
        if waited.is_err() && (rows.saturating_sub(failed)..rows).contains(&found) {
            println!("there are {rows} {what}, and {found} are told of");
            return Ok(());
        }
        waited.map(drop).with_context(|| format!("there are {rows} {what}, and {found} are told of"))
    }
}

/// Requests of the simulator to a route that were answered as they should be.
fn answered(route: &str) -> Value {
    json!([{ "term": { "minitwit.route": route } }, { "term": { "http.response.status_code": 204 } }])
}

/// What Prometheus says of all who run, and the last lines of all who ended.
async fn counted(swarm: &Swarm, live: &str, ended: &[(&str, i64)]) -> anyhow::Result<u64> {
    let last = json!([{ "term": { "event.dataset": "minitwit.app" } }, { "match_phrase": { "message": "stopped" } }]);
    let mut sum = 0;
    for source in swarm.sources(&last, &["labels"]).await? {
        for (label, sign) in ended {
            let count = source["labels"][label].as_str().with_context(|| format!("{source} has {label}"))?;
            sum += sign * count.parse::<i64>()?;
        }
    }
    #[expect(clippy::cast_possible_truncation, reason = "a count")]
    let live = swarm.number(live).await?.round() as i64;
    Ok(u64::try_from(sum + live).unwrap_or(0))
}

/// How many pairs there are if all that the documents tell was done, one after the other.
async fn told(swarm: &Swarm) -> anyhow::Result<u64> {
    let mut pairs = BTreeSet::new();
    for source in swarm.sources(&answered("/fllws/{username}"), &["url.path", "http.request.body.content"]).await? {
        let text = |name: &str| flat(&source, name).with_context(|| format!("{source} has {name}"));
        let who = text("url.path")?;
        let asked: BTreeMap<String, String> = serde_json::from_str(&text("http.request.body.content")?)?;
        if let Some(whom) = asked.get("follow") {
            pairs.insert((who, whom.clone()));
        } else if let Some(whom) = asked.get("unfollow") {
            pairs.remove(&(who, whom.clone()));
        }
    }
    Ok(pairs.len().try_into()?)
}

/// Not the proxy's address, nor a network's: that of people.
async fn every_client_is_known(swarm: &Swarm) -> anyhow::Result<()> {
    for (_, route, ..) in KINDS {
        let mut filter = answered(route);
        let all = swarm.documents(&filter).await?;
        if let Some(terms) = filter.as_array_mut() {
            terms.push(json!({ "term": { "client.ip": swarm.lan.people() } }));
        }
        let known = swarm.documents(&filter).await?;
        ensure!(all == known && all > 0, "of {all} requests to {route}, {known} are known to be of people");
    }
    Ok(())
}

/// A field, whether its name is one word or leads through objects.
fn flat(source: &Value, name: &str) -> Option<String> {
    let nested = source.pointer(&format!("/{}", name.replace('.', "/")));
    source.get(name).or(nested)?.as_str().map(str::to_owned)
}
