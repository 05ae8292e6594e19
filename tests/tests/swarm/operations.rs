//! What operators do to a platform that is used.

use anyhow::{Context, ensure};
use e2e::platform::Swarm;

use crate::load::during;
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
    swarm.name("1", "2").await?;
    during("an update", &swarm, async {
        swarm.deploy("2").await?;
        runs(&swarm, "2").await
    })
    .await?;
    for (tag, instruction) in [("sick", SICK), ("crashes", CRASHES)] {
        swarm.spoil("2", tag, instruction).await?;
        during(&format!("an update to what {tag}"), &swarm, is_refused(&swarm, tag, "2")).await?;
    }
    during("other numbers of replicas", &swarm, async {
        swarm.scale(4).await?;
        swarm.scale(1).await?;
        swarm.scale(2).await
    })
    .await
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
