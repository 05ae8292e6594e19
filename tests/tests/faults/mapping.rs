//! Documents that do not fit the mapping.

use anyhow::ensure;
use e2e::search_server::Kind;
use rstest::rstest;
use serde_json::{Value, json};

use crate::scene::{Scene, server};

fn template(code: &str) -> Value {
    json!({ "data_stream": {}, "template": { "mappings": { "properties": { "code": { "type": code } } } } })
}

#[rstest]
#[tokio::test]
async fn what_does_not_fit_is_a_dead_letter_until_the_mapping_is_put_right_and_it_is_replayed(
    #[values(Kind::Elasticsearch, Kind::OpenSearch)] kind: Kind,
) -> anyhow::Result<()> {
    let Some(server) = server(kind).await? else { return Ok(()) };
    let server = server.read().await;
    let Some(mut scene) = Scene::set(&server, "mapped").await? else { return Ok(()) };
    scene.template(&server, template("long")).await?;
    scene.begin(&server).await?;
    let mut misfits = Vec::new();
    for _ in 0..30 {
        scene.lines.print(9)?;
        scene.lines.print_with("code", &json!(200))?;
        misfits.push(scene.lines.print_with("code", &json!("none"))?);
    }
    scene.arrive(&server, scene.lines.printed() - 30).await?;
    let refused = scene.refused().await?;
    ensure!(refused == misfits, "dead letters are {refused:?}, and should be {misfits:?}");
    scene.template(&server, template("keyword")).await?;
    scene.roll_over(&server).await?;
    // Where the shipper goes on, a replay of a person gives up: the server may be too busy for it.
    let replay = async || Ok(scene.shipper.ask(&["dead-letter", "replay"]).await?.code == Some(0));
    scene.until("all dead letters are stored", replay).await?;
    scene.conclude(&server, &[]).await
}
