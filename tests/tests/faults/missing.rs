//! A data stream that nobody has made, on a server that makes none by itself.

use e2e::search_server::{Kind, SearchServer};
use elasticsearch::http::Method;
use rstest::rstest;
use serde_json::{Value, json};

use crate::scene::{Scene, server};

/// Whether the server makes the data stream by itself. Elasticsearch asks the template alone.
async fn make(server: &SearchServer, scene: &Scene, makes: bool) -> anyhow::Result<()> {
    match server.kind() {
        Kind::Elasticsearch => scene.template(server, json!({ "data_stream": {}, "allow_auto_create": makes })).await,
        Kind::OpenSearch => {
            let patterns = if makes { Value::Null } else { json!("-logs-awaited-*,+*") };
            let body = json!({ "persistent": { "action.auto_create_index": patterns } }).to_string();
            server.tell(Method::Put, "/_cluster/settings", Some(body)).await.map(drop)
        }
    }
}

#[rstest]
#[tokio::test]
async fn lines_wait_for_a_data_stream_that_is_not_made_by_itself(
    #[values(Kind::Elasticsearch, Kind::OpenSearch)] kind: Kind,
) -> anyhow::Result<()> {
    let Some(server) = server(kind).await? else { return Ok(()) };
    let server = server.read().await;
    let Some(mut scene) = Scene::set(&server, "awaited").await? else { return Ok(()) };
    make(&server, &scene, false).await?;
    scene.shipper.start().await?;
    scene.lines.print(500)?;
    scene.until_in_trouble("does not exist and is not created by itself").await?;
    scene.lines.print(500)?;
    make(&server, &scene, true).await?;
    scene.conclude(&server, &[]).await
}
