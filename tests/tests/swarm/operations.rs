//! What operators do to a platform that is used.

use anyhow::{Context, ensure};
use e2e::docker_engine::said;
use e2e::platform::{HOST, Swarm};

use crate::balance::a_slow_replica_gets_less;
use crate::doors::consoles_want_to_know_who_asks;
use crate::load::Town;
use crate::placement::{replicas_are_apart, services_are_where_they_belong};
use crate::reach::only_the_proxy_answers;

/// It serves, and never says so.
const SICK: &str =
    r#"HEALTHCHECK --interval=1s --retries=2 CMD ["/usr/bin/minitwit", "healthcheck", "--ops-listen=127.0.0.1:1"]"#;

/// It ends at once.
const CRASHES: &str = r#"CMD ["no-such-command"]"#;

#[tokio::test(flavor = "multi_thread")]
async fn nobody_notices_updates_rollbacks_and_other_numbers_of_replicas() -> anyhow::Result<()> {
    let Some(swarm) = Swarm::prepare("1").await? else { return Ok(()) };
    swarm.deploy("1").await?;
    only_the_proxy_answers(&swarm).await?;
    services_are_where_they_belong(&swarm).await?;
    consoles_want_to_know_who_asks(&swarm).await?;
    swarm.name("1", "2").await?;
    for (tag, instruction) in [("sick", SICK), ("crashes", CRASHES)] {
        swarm.spoil("2", tag, instruction).await?;
    }
    let town = Town::of(swarm);
    let swarm = &town.swarm;
    town.during("an update", 0, async {
        swarm.deploy("2").await?;
        replicas_are_apart(swarm).await?;
        runs(swarm, "2").await
    })
    .await?;
    for tag in ["sick", "crashes"] {
        town.during(&format!("an update to what {tag}"), 0, is_refused(swarm, tag, "2")).await?;
    }
    town.during("other numbers of replicas", 0, async {
        swarm.scale(4).await?;
        swarm.scale(1).await?;
        swarm.scale(2).await
    })
    .await?;
    a_slow_replica_gets_less(swarm).await?;
    without_replicas_people_are_told_to_wait(swarm).await
}

async fn without_replicas_people_are_told_to_wait(swarm: &Swarm) -> anyhow::Result<()> {
    swarm.scale(0).await?;
    let pages = [(format!("http://api.{HOST}/latest"), "json"), (format!("https://{HOST}/public"), "html")];
    for (url, kind) in pages {
        let mut ask = swarm.lan.command("curl");
        ask.args(["--silent", "--show-error", "--include", "--http1.1", "--max-time", "10", "--cacert"]);
        let answer = said(ask.arg(swarm.certificate()).arg(&url)).await?.0.to_lowercase();
        ensure!(answer.starts_with("http/1.1 503 ") && answer.contains("retry-after: 2"), "{url}: {answer}");
        ensure!(answer.contains(&format!("/{kind}")), "{url} is no {kind}: {answer}");
    }
    Ok(())
}

async fn runs(swarm: &Swarm, tag: &str) -> anyhow::Result<()> {
    for service in ["web", "api"] {
        let image = swarm.image(service).await?;
        ensure!(image == format!("minitwit:{tag}"), "{service} runs {image}");
    }
    Ok(())
}

/// The deployment says that it failed, and the old version is back.
async fn is_refused(swarm: &Swarm, tag: &str, old: &str) -> anyhow::Result<()> {
    let complaint = swarm.deploy(tag).await.err().context("it is not refused")?;
    ensure!(complaint.to_string().contains("the old version is brought back"), "{complaint:#}");
    swarm.settle().await?;
    runs(swarm, old).await
}
