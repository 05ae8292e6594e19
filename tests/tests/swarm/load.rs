//! The simulator goes on while something happens, and all that it was promised is there afterwards.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anyhow::{Context, ensure};
use e2e::docker_engine::said;
use e2e::monitoring::product;
use e2e::platform::{HOST, Swarm};
use e2e::wait::until;

/// Far more than lines take to arrive.
const PATIENCE: Duration = Duration::from_mins(3);

/// No request fails while something happens; each user and each message has its line among the documents, and none twice.
pub async fn during(
    what: &str,
    swarm: &Swarm,
    happens: impl Future<Output = anyhow::Result<()>>,
) -> anyhow::Result<()> {
    let is_over = AtomicBool::new(false);
    let (played, happened) = tokio::join!(plays_until(swarm, &is_over), async {
        let happened = happens.await;
        is_over.store(true, Ordering::Relaxed);
        happened
    });
    happened.with_context(|| format!("{what} did not end well"))?;
    let rounds = played.with_context(|| format!("a request failed during {what}"))?;
    println!("{what}: the scenario was played {rounds} times without an error");
    all_is_accounted_for(swarm).await.with_context(|| format!("after {what}"))
}

/// Plays a scenario again and again for as long as something is not over; how often.
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
