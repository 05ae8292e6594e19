//! A new version comes while the simulator goes on.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, ensure};
use e2e::docker_engine::{Lan, said};
use e2e::monitoring::product;
use e2e::platform::{HOST, Swarm};
use e2e::wait::until;

/// Far more than lines take to arrive.
const PATIENCE: Duration = Duration::from_mins(2);

/// What engines of a swarm tell each other by; a firewall lets only them in.
const OF_THE_SWARM: [u16; 2] = [2377, 7946];

#[tokio::test(flavor = "multi_thread")]
async fn nobody_notices_that_all_replicas_are_replaced() -> anyhow::Result<()> {
    let Some(swarm) = Swarm::prepare("1").await? else { return Ok(()) };
    swarm.deploy("1").await?;
    only_the_proxy_answers(&swarm).await?;
    swarm.name("1", "2").await?;
    let is_over = AtomicBool::new(false);
    let (played, deployed) = tokio::join!(plays_until(&swarm, &is_over), async {
        let deployed = swarm.deploy("2").await;
        is_over.store(true, Ordering::Relaxed);
        deployed
    });
    deployed?;
    ensure!(played? > 1, "the scenario was not played while replicas were replaced");
    ensure!(swarm.image("web").await? == "minitwit:2", "the old version still serves");
    all_is_accounted_for(&swarm).await
}

/// Plays a scenario again and again, without an error, for as long as something is not over; how often.
async fn plays_until(swarm: &Swarm, is_over: &AtomicBool) -> anyhow::Result<usize> {
    let mut rounds = 0;
    while rounds == 0 || !is_over.load(Ordering::Relaxed) {
        let mut simulate = swarm.lan.command(env!("CARGO_BIN_EXE_simulate"));
        simulate.arg(product("tests/data/scenario.tsv")).args(["--url", &format!("http://api.{HOST}")]);
        // Three engines share this machine, and only that each request is answered well matters here.
        simulate.args(["--timeout", "10"]);
        said(&mut simulate).await.with_context(|| format!("in round {rounds}"))?;
        rounds += 1;
    }
    Ok(rounds)
}

/// Of all ports of all machines, two of the manager's answer, and those that are the swarm's own.
async fn only_the_proxy_answers(swarm: &Swarm) -> anyhow::Result<()> {
    let ports = "for port in $(seq 1 10000); do (exec 3<>/dev/tcp/$0/$port) 2>/dev/null && echo $port; done; true";
    for number in 0..swarm.nodes.len() {
        let mut scan = swarm.lan.command("bash");
        let answering = said(scan.args(["-c", ports, &Lan::address(number)])).await?.0;
        let answering: BTreeSet<u16> = answering.lines().map(str::parse).collect::<Result<_, _>>()?;
        let of_us: Vec<u16> = answering.into_iter().filter(|port| !OF_THE_SWARM.contains(port)).collect();
        let wanted: &[u16] = if number == 0 { &[80, 443] } else { &[] };
        ensure!(of_us == wanted, "machine {number} answers at {of_us:?}");
    }
    Ok(())
}

/// Each user and each message has its line among the documents, and no line is there twice.
async fn all_is_accounted_for(swarm: &Swarm) -> anyhow::Result<()> {
    for (name, route) in [("users", "/register"), ("messages", "/msgs/{username}")] {
        let rows = swarm.total(name).await?;
        let mut found = 0;
        let there = async || {
            found = swarm.documents(route).await?;
            Ok(found >= rows)
        };
        let waited = until("the lines are documents", PATIENCE, there).await;
        ensure!(found == rows, "there are {rows} {name} and {found} documents of them");
        waited?;
    }
    Ok(())
}
