//! An index that may not be written to for a while.

use e2e::search_server::Kind;
use rstest::rstest;

use crate::scene::{Scene, server};

#[rstest]
#[tokio::test]
async fn lines_wait_while_the_index_is_blocked_and_arrive_when_it_is_not(
    #[values(Kind::Elasticsearch, Kind::OpenSearch)] kind: Kind,
    #[values("write", "read_only_allow_delete")] block: &str,
) -> anyhow::Result<()> {
    let Some(server) = server(kind).await? else { return Ok(()) };
    let server = server.read().await;
    let Some(mut scene) = Scene::set(&server, &format!("blocked.{block}")).await? else { return Ok(()) };
    scene.begin(&server).await?;
    let setting = format!("index.blocks.{block}");
    scene.change(&server, &setting, true).await?;
    scene.lines.print(500)?;
    scene.until_in_trouble("cannot be written to (cluster_block_exception)").await?;
    scene.lines.print(500)?;
    scene.change(&server, &setting, false).await?;
    scene.conclude(&server, &[]).await
}
