//! A server that takes no request of more than a mebibyte.

use anyhow::ensure;
use e2e::search_server::Kind;
use rstest::rstest;
use serde_json::json;

use crate::scene::{Scene, server};

#[rstest]
#[tokio::test]
async fn requests_are_made_small_enough_and_a_line_that_is_too_large_alone_is_a_dead_letter(
    #[values(Kind::Elasticsearch, Kind::OpenSearch)] kind: Kind,
) -> anyhow::Result<()> {
    let Some(server) = server(kind).await? else { return Ok(()) };
    let server = server.read().await;
    let Some(mut scene) = Scene::set(&server, "large").await? else { return Ok(()) };
    scene.shipper.set("max-line", "2MiB").set("batch-bytes", "2MiB");
    for _ in 0..30 {
        scene.lines.print_with("filling", &json!("x".repeat(100_000)))?;
    }
    let large = scene.lines.print_with("filling", &json!("x".repeat(1_200_000)))?;
    scene.lines.print(20_000)?;
    scene.shipper.start().await?;
    scene.arrive(&server, scene.lines.printed() - 1).await?;
    let sent = scene.shipper.metric("log_shipper_documents_sent_total").await?;
    let known = scene.shipper.metric("log_shipper_documents_acknowledged_total").await?;
    ensure!(sent > known, "no request was too large: {sent} documents were sent");
    scene.conclude(&server, &[large]).await
}
