//! A swarm that is used, and one machine more.

use std::time::Duration;

use anyhow::ensure;
use e2e::platform::Swarm;
use e2e::wait::until;

use crate::load::Town;
use crate::recovery::a_backup_comes_back;

/// Far more than a name takes to become known, and lines to arrive.
const PATIENCE: Duration = Duration::from_mins(3);

#[tokio::test(flavor = "multi_thread")]
async fn a_third_worker_takes_its_share_of_the_load_and_joins_once() -> anyhow::Result<()> {
    let Some(mut swarm) = Swarm::prepare("1").await? else { return Ok(()) };
    swarm.deploy("1").await?;
    let new = swarm.grow("1").await?;
    let before = swarm.kept().await?;
    let said = swarm.join(&[]).await?;
    ensure!(said.starts_with("nothing was to be changed\n"), "{said}");
    ensure!(before == swarm.kept().await?, "{before}");
    let town = Town::of(swarm);
    let happens = async {
        // Those that have fewest replicas get the next ones.
        town.swarm.scale(3).await?;
        let served = async || Ok(town.swarm.served_on(new).await? > 0);
        until("a replica on the new node answers", PATIENCE, served).await.map(drop)
    };
    town.during("a third worker's first minute", 0, happens).await?;
    a_backup_comes_back(&town.swarm).await
}
