//! What a client asked for, whether it was answered, and what must therefore be found afterwards.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Instant;

use anyhow::{Context, ensure};
use e2e::api_client::ApiClient;
use e2e::console;
use e2e::site::Site;
use serde_json::Value;
use sqlx::{Connection, SqliteConnection};

use crate::client::Client;

/// What became of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It was answered well: it is done, for good.
    Answered,
    /// It may be done or not, but never twice.
    Unknown,
}

/// A number that was sent as `latest`.
pub struct Said {
    pub latest: i64,
    pub asked: Instant,
    /// When it was answered, or could not be any more.
    pub ended: Instant,
    pub fate: Fate,
}

/// One client's requests.
#[derive(Default)]
pub struct Diary {
    pub people: BTreeMap<String, Fate>,
    pub texts: BTreeMap<String, Fate>,
    pub followed: BTreeMap<String, Fate>,
    pub left: BTreeMap<String, Fate>,
    pub latests: Vec<Said>,
}

/// Compares what is in the database with what all clients remember.
pub async fn check(program: &Path, url: &str, site: &Site, clients: &[Client]) -> anyhow::Result<()> {
    people(program, url, clients).await?;
    texts(program, url, clients).await?;
    for client in clients.iter().filter(|client| client.diary.people.get(&client.name) == Some(&Fate::Answered)) {
        follows(ApiClient(site.api), client).await?;
    }
    latest(ApiClient(site.api).latest().await?, clients)?;
    if url.starts_with("sqlite:") { integrity(url).await } else { Ok(()) }
}

async fn people(program: &Path, url: &str, clients: &[Client]) -> anyhow::Result<()> {
    let found = listed(program, url, "users", "username").await?;
    compare("person", &found, clients.iter().flat_map(|client| &client.diary.people))
}

async fn texts(program: &Path, url: &str, clients: &[Client]) -> anyhow::Result<()> {
    let found = listed(program, url, "messages", "text").await?;
    compare("message", &found, clients.iter().flat_map(|client| &client.diary.texts))
}

async fn follows(api: ApiClient, client: &Client) -> anyhow::Result<()> {
    let found: BTreeSet<String> = api.follows(&client.name).await?.into_iter().collect();
    let Diary { followed, left, .. } = &client.diary;
    for (other, fate) in followed {
        match (fate, left.get(other)) {
            (Fate::Answered, None) => ensure!(found.contains(other), "a follow is lost: {other}"),
            (_, Some(Fate::Answered)) => ensure!(!found.contains(other), "an unfollow is lost: {other}"),
            _ => {}
        }
    }
    ensure!(
        found.iter().all(|other| followed.contains_key(other)),
        "somebody is followed whom nobody wanted to follow"
    );
    Ok(())
}

/// The number that is stored must be one that no answered request has overwritten: one that was sent after it had ended.
fn latest(found: i64, clients: &[Client]) -> anyhow::Result<()> {
    let all = || clients.iter().flat_map(|client| &client.diary.latests);
    let mut answered = all().filter(|said| said.fate == Fate::Answered);
    let Some(stored) = all().find(|said| said.latest == found) else {
        ensure!(found == -1 && answered.next().is_none(), "latest is {found}, which nobody sent");
        return Ok(());
    };
    let later = answered.find(|said| said.asked > stored.ended);
    ensure!(later.is_none(), "latest is {found}, but {} was answered later", later.map_or(0, |said| said.latest));
    Ok(())
}

fn compare<'a>(
    what: &str,
    found: &BTreeMap<String, usize>,
    asked: impl Iterator<Item = (&'a String, &'a Fate)>,
) -> anyhow::Result<()> {
    let mut wanted = BTreeSet::new();
    for (thing, fate) in asked {
        let times = found.get(thing).copied().unwrap_or(0);
        ensure!(*fate != Fate::Answered || times > 0, "a {what} is lost: {thing}");
        ensure!(times <= 1, "a {what} is there {times} times: {thing}");
        wanted.insert(thing);
    }
    let stranger = found.keys().find(|thing| !wanted.contains(thing));
    ensure!(stranger.is_none(), "a {what} is there that nobody asked for: {stranger:?}");
    Ok(())
}

/// How often each value of `field` is in `minitwit <what> list`.
async fn listed(program: &Path, url: &str, what: &str, field: &str) -> anyhow::Result<BTreeMap<String, usize>> {
    let rows = console::ask(program, url, &[what, "list", "--json", "--limit", "100000"]).await?;
    let mut found = BTreeMap::new();
    for row in rows.lines() {
        let row: Value = serde_json::from_str(row)?;
        *found.entry(row[field].as_str().context("a text")?.to_owned()).or_default() += 1;
    }
    Ok(found)
}

async fn integrity(url: &str) -> anyhow::Result<()> {
    let mut connection = SqliteConnection::connect(url).await?;
    let (verdict,): (String,) = sqlx::query_as("PRAGMA integrity_check").fetch_one(&mut connection).await?;
    ensure!(verdict == "ok", "SQLite's integrity check: {verdict}");
    Ok(connection.close().await?)
}
