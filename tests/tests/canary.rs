//! A password that gets wherever passwords get by mistake and by malice is afterwards in no log, no metric and no answer.

#[path = "canary/bodies.rs"]
mod bodies;
#[path = "canary/cast.rs"]
mod cast;
#[path = "canary/commands.rs"]
mod commands;
#[path = "canary/headers.rs"]
mod headers;
#[path = "canary/play.rs"]
mod play;
#[path = "canary/sinks.rs"]
mod sinks;
#[path = "canary/stage.rs"]
mod stage;
#[path = "canary/targets.rs"]
mod targets;
#[path = "canary/trouble.rs"]
mod trouble;
#[path = "canary/wire.rs"]
mod wire;
#[path = "canary/wish.rs"]
mod wish;
#[path = "canary/wreckage.rs"]
mod wreckage;

use anyhow::ensure;
use e2e::canary::Canary;
use play::Play;
use sinks::Sinks;
use stage::Stage;

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_nowhere_after_all_that_can_be_done_with_it_on_sqlite() -> anyhow::Result<()> {
    let canary = Canary::fresh();
    match Stage::on_sqlite(&canary)? {
        Some(stage) => the_canary_stays_in_its_cage(&canary, stage).await,
        None => Ok(()),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_password_is_nowhere_after_all_that_can_be_done_with_it_on_postgresql() -> anyhow::Result<()> {
    let canary = Canary::fresh();
    match Stage::on_postgresql(&canary).await? {
        Some(stage) => the_canary_stays_in_its_cage(&canary, stage).await,
        None => Ok(()),
    }
}

async fn the_canary_stays_in_its_cage(canary: &Canary, mut stage: Stage) -> anyhow::Result<()> {
    let mut sinks = Sinks::of(&stage, canary);
    let mut site = stage.start().await?;
    let mut play = Play { site: &mut site, sinks: &mut sinks, kept_forms: 0 };
    let cast = play.opening(canary, &stage).await?;
    play.crowd(canary).await?;
    commands::on_the_database(&stage, play.sinks, &canary.whole).await?;
    let requests = [targets::all(&cast), headers::all(&cast), wreckage::all(canary), bodies::all(&cast)];
    for wish in requests.concat() {
        play.grant(&wish).await?;
    }
    ensure!(play.kept_forms > 0, "no page kept what was typed, so nothing shows that answers are searched");
    trouble::with_the_database(&mut stage, &mut play, canary).await?;
    play.metrics().await?;
    sinks.begin("SIGTERM");
    stage.stop(&mut site).await?;
    commands::that_fail(&stage, &mut sinks, &canary.whole).await?;
    trouble::newer_schema(&stage, &mut sinks).await?;
    sinks.close()?;
    what_is_made_public_is_found(canary, &stage).await
}

/// The same sinks, searched in the same way, have a message that consists of the canary: whoever posts it wants that.
async fn what_is_made_public_is_found(canary: &Canary, stage: &Stage) -> anyhow::Result<()> {
    let mut sinks = Sinks::of(stage, canary);
    let mut site = stage.start().await?;
    play::publish(&mut site, canary, stage, &mut sinks).await?;
    stage.stop(&mut site).await?;
    let found = format!("{:#}", sinks.close().expect_err("the canary is public now"));
    let places = ["what sites answer", "what commands print", "standard output"];
    let of_the_database = if stage.cluster.is_some() { "PostgreSQL's log" } else { "the database file" };
    for place in places.into_iter().chain([of_the_database]) {
        ensure!(found.contains(&format!("in {place}\n")), "the search does not find the canary in {place}:\n{found}");
    }
    Ok(())
}
