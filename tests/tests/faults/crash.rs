//! A server that is killed and comes back.

use e2e::search_server::Kind;
use rstest::rstest;

use crate::scene::{Scene, server};

#[rstest]
#[tokio::test]
async fn a_server_that_is_killed_while_lines_flow_has_each_of_them_once(
    #[values(Kind::Elasticsearch, Kind::OpenSearch)] kind: Kind,
) -> anyhow::Result<()> {
    let Some(server) = server(kind).await? else { return Ok(()) };
    let mut server = server.write().await;
    let Some(mut scene) = Scene::set(&server, "killed").await? else { return Ok(()) };
    scene.begin(&server).await?;
    scene.lines.print(2_000)?;
    scene.arrive(&server, 400).await?;
    server.crash()?;
    scene.lines.print(500)?;
    scene.until_in_trouble("does not answer").await?;
    server.go_on().await?;
    scene.lines.print(500)?;
    scene.conclude(&server, &[]).await
}
