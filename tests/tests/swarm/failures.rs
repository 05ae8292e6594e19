//! Machines that are taken away, die, and come back, while the site is used.

use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use e2e::platform::{Container, Swarm};
use e2e::wait::until;

use crate::load::{CLIENTS, Town, silence};
use crate::placement::replicas_are_apart;
use crate::reach::services_reach_what_they_need;

const PATIENCE: Duration = Duration::from_mins(2);

/// A worker without data.
const WORKER: usize = 2;

#[tokio::test(flavor = "multi_thread")]
async fn machines_come_and_go_and_nothing_is_lost() -> anyhow::Result<()> {
    let Some(swarm) = Swarm::prepare("1").await? else { return Ok(()) };
    swarm.deploy("1").await?;
    services_reach_what_they_need(&swarm).await?;
    let town = Town::of(swarm);
    town.during("a worker is drained", 0, a_worker_is_drained(&town.swarm)).await?;
    town.during("a worker's engine is killed", CLIENTS, an_engine_is_killed(&town.swarm)).await?;
    town.during("the manager's engine starts again", u64::MAX, the_manager_starts_again(&town.swarm)).await?;
    town.during("the database is killed", u64::MAX, the_database_is_killed(&town.swarm)).await?;
    town.during("a quiet time", 0, async { Ok(()) }).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_machine_loses_its_cable_and_a_new_version_comes_as_soon_as_it_is_back() -> anyhow::Result<()> {
    let Some(swarm) = Swarm::prepare("1").await? else { return Ok(()) };
    swarm.deploy("1").await?;
    let town = Town::of(swarm);
    town.during("a worker loses its cable", 2 * CLIENTS, a_cable_is_lost(&town.swarm)).await
}

async fn a_worker_is_drained(swarm: &Swarm) -> anyhow::Result<()> {
    swarm.avail(WORKER, "drain").await?;
    swarm.runs_without(WORKER).await?;
    swarm.avail(WORKER, "active").await?;
    is_not_spread(swarm).await?;
    is_spread(swarm).await
}

/// All replicas were on one machine; they are spread, and then no more is to be done.
async fn is_spread(swarm: &Swarm) -> anyhow::Result<()> {
    let said = swarm.spread("220").await?;
    ensure!(said.ends_with("api: replicas that move: 1 of 2\n"), "{said}");
    replicas_are_apart(swarm).await?;
    let said = swarm.spread("220").await?;
    ensure!(said.is_empty(), "{said}");
    Ok(())
}

/// Without the time for it, what was begun is taken back.
async fn is_not_spread(swarm: &Swarm) -> anyhow::Result<()> {
    let complaint = swarm.spread("0").await.err().context("it has no time")?.to_string();
    ensure!(complaint.contains("web has no 3 replicas that serve after 0 s"), "{complaint}");
    let replicas = swarm.replicas("web").await?;
    ensure!(replicas == "2", "web shall have {replicas} replicas");
    Ok(())
}

/// Its containers go on without it until it comes back, and the swarm has long replaced them.
async fn an_engine_is_killed(swarm: &Swarm) -> anyhow::Result<()> {
    let killed = Instant::now();
    swarm.nodes[WORKER].end("KILL").await?;
    swarm.runs_without(WORKER).await?;
    println!("the site runs elsewhere {:.1} s after an engine was killed", killed.elapsed().as_secs_f64());
    swarm.nodes[WORKER].go_on().await?;
    swarm.sees(WORKER, "ready").await?;
    is_spread(swarm).await
}

/// Nothing tells anybody that it is away: a request over a connection that was kept waits in vain. A new version is brought as
/// soon as it is back.
async fn a_cable_is_lost(swarm: &Swarm) -> anyhow::Result<()> {
    let lost = Instant::now();
    swarm.lan.plug(WORKER, false).await?;
    swarm.runs_without(WORKER).await?;
    println!("the site runs elsewhere {:.1} s after a machine lost its cable", lost.elapsed().as_secs_f64());
    swarm.lan.plug(WORKER, true).await?;
    swarm.sees(WORKER, "ready").await?;
    swarm.name("1", "2").await?;
    swarm.deploy("2").await?;
    replicas_are_apart(swarm).await
}

/// The proxy is there.
async fn the_manager_starts_again(swarm: &Swarm) -> anyhow::Result<()> {
    let longest = silence(swarm, async {
        swarm.manager().end("TERM").await?;
        swarm.manager().go_on().await?;
        swarm.serves().await
    });
    println!("nothing was answered for {:.1} s while the manager's engine started again", longest.await?);
    Ok(())
}

/// People are told so; it comes back, and no replica of the site is replaced for it.
async fn the_database_is_killed(swarm: &Swarm) -> anyhow::Result<()> {
    let before = swarm.containers().await?;
    let old = before.iter().find(|container| container.service == "postgres").context("a database runs")?;
    swarm.nodes[old.node].docker(&["kill", &old.id]).await?;
    let another =
        async || Ok(swarm.containers().await?.iter().any(|new| new.service == "postgres" && new.id != old.id));
    until("the database starts again", PATIENCE, another).await?;
    swarm.serves().await?;
    let after = swarm.containers().await?;
    let is_gone = |old: &&Container| ["web", "api"].contains(&old.service.as_str()) && !after.contains(old);
    let gone: Vec<_> = before.iter().filter(is_gone).collect();
    ensure!(gone.is_empty(), "these replicas were replaced: {gone:?}");
    Ok(())
}
