//! An engine that stops, is killed and comes back while its containers print.

use anyhow::ensure;
use e2e::wait::until;
use rstest::rstest;

use crate::numbers::{Numbers, counters};
use crate::scene::{LIMIT, Scene};

const NAMES: [&str; 3] = ["ada", "bob", "cyd"];

impl Scene {
    /// Waits until each container has counted on by `steps`.
    async fn count_on(&self, steps: u64) -> anyhow::Result<()> {
        let told = self.engine.told();
        let before = counters(&told)?;
        let on = |name: &&str, now: &u64| *now >= before.get(*name).copied().unwrap_or_default() + steps;
        until("the containers count", LIMIT, async || {
            let now = counters(&told)?;
            Ok(NAMES.iter().all(|name| now.get(*name).is_some_and(|number| on(name, number))))
        })
        .await
        .map(drop)
    }
}

#[rstest]
#[tokio::test(flavor = "multi_thread")]
async fn an_engine_that_ends_and_comes_back_while_containers_print_costs_no_line(
    #[values("TERM", "KILL")] signal: &str,
    #[values(false, true)] live: bool,
) -> anyhow::Result<()> {
    let dataset = format!("restarted.{}.{live}", signal.to_lowercase());
    let options = if live { &["--live-restore"][..] } else { &[] };
    let Some(mut scene) = Scene::begin(&dataset, options).await? else { return Ok(()) };
    let told = format!("--volume={}:/told", scene.engine.told().display());
    for name in NAMES {
        let options = ["--restart=always", "--log-opt=max-size=50k", "--log-opt=max-file=1000", &told];
        scene.run(name, &options, &["count", name, "1000000", "1000"]).await?;
    }
    for _ in 0..3 {
        scene.count_on(150).await?;
        scene.engine.end(signal).await?;
        scene.engine.go_on().await?;
    }
    scene.count_on(150).await?;
    for name in NAMES {
        scene.engine.docker(&["stop", "--time=120", name]).await?;
    }
    let logged = Numbers::logged(&scene.engine.containers())?;
    ensure!(logged.len() >= 3 * 4 * 150, "Docker has written down only {} lines", logged.len());
    scene.conclude(&logged).await.map(drop)
}
