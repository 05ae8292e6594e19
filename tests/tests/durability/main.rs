//! What was answered is there after a crash, of the program or of the database, at any moment under load.

mod client;
mod diary;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use anyhow::ensure;
use client::Client;
use e2e::cluster::{self, Cluster};
use e2e::database::System;
use e2e::site::Site;
use e2e::testbed::Testbed;
use e2e::wait::until;
use tokio::task::JoinSet;

const CLIENTS: usize = 6;
const ROUNDS: usize = 4;
/// Answers in a round before the crash comes.
const ANSWERS: usize = 200;

/// Clients that are at work on a site.
struct Crowd {
    answers: Arc<AtomicUsize>,
    enough: Arc<AtomicBool>,
    clients: JoinSet<anyhow::Result<Client>>,
}

impl Crowd {
    fn set_to_work(clients: Vec<Client>, site: &Site) -> Self {
        let mut crowd = Self { answers: Arc::default(), enough: Arc::default(), clients: JoinSet::new() };
        for client in clients {
            crowd.clients.spawn(client.work(site.web, site.api, crowd.answers.clone(), crowd.enough.clone()));
        }
        crowd
    }

    /// Waits until so many more requests were answered.
    async fn progress(&self, answers: usize) -> anyhow::Result<()> {
        let goal = self.answers.load(Ordering::Relaxed) + answers;
        let reached = async || Ok(self.answers.load(Ordering::Relaxed) >= goal || self.clients.is_empty());
        until("the clients get answers", Duration::from_mins(1), reached).await.map(drop)
    }

    async fn go_home(mut self) -> anyhow::Result<Vec<Client>> {
        self.enough.store(true, Ordering::Relaxed);
        let mut clients = Vec::new();
        while let Some(client) = self.clients.join_next().await {
            clients.push(client??);
        }
        Ok(clients)
    }
}

async fn the_program_is_killed_again_and_again(system: &System) -> anyhow::Result<()> {
    let Some(mut bed) = Testbed::new()? else { return Ok(()) };
    let url = bed.databases.create(system, "killed").await?;
    let mut clients = Client::several(CLIENTS);
    for round in 0..ROUNDS {
        let mut site = bed.site(&url, &[]).await?;
        diary::check(&bed.program, &url, &site, &clients).await?;
        let crowd = Crowd::set_to_work(clients, &site);
        crowd.progress(ANSWERS).await?;
        site.server.signal("KILL")?;
        site.server.end().await?;
        clients = crowd.go_home().await?;
        ensure!(clients.iter().any(Client::was_interrupted), "round {round}: no request was under way");
    }
    let site = bed.site(&url, &[]).await?;
    diary::check(&bed.program, &url, &site, &clients).await?;
    drop(site);
    bed.clear().await
}

#[tokio::test(flavor = "multi_thread")]
async fn sqlite_has_what_was_answered_after_the_program_was_killed() -> anyhow::Result<()> {
    the_program_is_killed_again_and_again(&System::Sqlite).await
}

#[tokio::test(flavor = "multi_thread")]
async fn postgresql_has_what_was_answered_after_the_program_was_killed() -> anyhow::Result<()> {
    let Some(system) = cluster::shared()? else { return Ok(()) };
    the_program_is_killed_again_and_again(&system).await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_answered_survives_a_crash_of_postgresql_and_the_program_goes_on() -> anyhow::Result<()> {
    let Some(mut bed) = Testbed::new()? else { return Ok(()) };
    let Some(mut cluster) = Cluster::start(&[]).await? else { return Ok(()) };
    let url = bed.databases.create(&cluster.system()?, "crashed").await?;
    let mut site = bed.site(&url, &["--database-timeout", "1s"]).await?;
    let crowd = Crowd::set_to_work(Client::several(CLIENTS), &site);
    for _ in 0..ROUNDS {
        crowd.progress(ANSWERS).await?;
        cluster.crash().await?;
        cluster.go_on().await?;
    }
    crowd.progress(ANSWERS).await?;
    let clients = crowd.go_home().await?;
    site.server.check()?;
    diary::check(&bed.program, &url, &site, &clients).await?;
    ensure!(clients.iter().any(Client::was_interrupted), "no request met the crash");
    drop(site);
    bed.clear().await
}
