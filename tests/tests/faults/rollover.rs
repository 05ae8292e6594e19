//! An index that rolls over while an answer is lost: the server would store the same documents again in the new one.

use std::time::Duration;

use anyhow::ensure;
use e2e::search_server::{Kind, SearchServer};
use e2e::wait::until;
use rstest::rstest;
use tokio::sync::RwLockReadGuard;

use crate::scene::{LIMIT, Scene, server};
use crate::tap::{Held, Tap};

/// A shipper, and the proxy by way of which it goes.
struct Stage {
    server: RwLockReadGuard<'static, SearchServer>,
    tap: Tap,
    scene: Scene,
}

impl Stage {
    async fn set(kind: Kind, dataset: &str) -> anyhow::Result<Option<Self>> {
        let Some(server) = server(kind).await? else { return Ok(None) };
        let server = server.read().await;
        let tap = Tap::before(server.address()).await?;
        let Some(scene) = Scene::by(tap.address, &server, dataset).await? else { return Ok(None) };
        Ok(Some(Self { server, tap, scene }))
    }

    /// Prints lines, until the server has stored some of which the shipper is not told.
    async fn held(&mut self) -> anyhow::Result<Held> {
        let print = async {
            loop {
                self.scene.lines.print(50)?;
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::select! {
            held = tokio::time::timeout(LIMIT, self.tap.hold()) => held?,
            failed = print => failed,
        }
    }
}

#[rstest]
#[tokio::test]
async fn lines_of_a_lost_answer_are_not_stored_again_when_the_index_rolls_over_before_they_are_resent(
    #[values(Kind::Elasticsearch, Kind::OpenSearch)] kind: Kind,
) -> anyhow::Result<()> {
    let Some(mut stage) = Stage::set(kind, "rolled").await? else { return Ok(()) };
    stage.scene.shipper.start().await?;
    // The first of them before there was any index.
    for _ in 0..4 {
        let held = stage.held().await?;
        stage.scene.roll_over(&stage.server).await?;
        held.lose();
    }
    let repeated = async || stage.scene.shipper.metric("log_shipper_documents_repeated_total").await;
    until("the lines are found where they are", LIMIT, async || Ok(repeated().await? > 0.0)).await?;
    stage.scene.conclude(&stage.server, &[]).await
}

#[rstest]
#[tokio::test]
async fn lines_of_a_killed_shipper_are_not_stored_again_when_the_index_rolls_over_before_it_is_back(
    #[values(Kind::Elasticsearch, Kind::OpenSearch)] kind: Kind,
) -> anyhow::Result<()> {
    let Some(mut stage) = Stage::set(kind, "killed.rolled").await? else { return Ok(()) };
    for _ in 0..2 {
        stage.scene.shipper.start().await?;
        let held = stage.held().await?;
        stage.scene.shipper.kill();
        stage.scene.roll_over(&stage.server).await?;
        held.lose();
    }
    ensure!(stage.tap.seen().iter().all(|exchange| exchange.status == 200 || exchange.status == 429));
    stage.scene.shipper.start().await?;
    stage.scene.conclude(&stage.server, &[]).await
}
