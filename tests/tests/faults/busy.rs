//! A server that has more to do than it can take.

use e2e::search_server::{Kind, SearchServer, User};
use e2e::wait::until;
use elasticsearch::http::Method;
use elasticsearch::http::headers::HeaderMap;
use elasticsearch::http::transport::Transport;
use rstest::rstest;
use tokio::task::JoinSet;

use crate::scene::{LIMIT, Scene, server};
use crate::tap::Tap;

/// Clients at once.
const CLIENTS: usize = 6;
/// Indices of each request: each of them is work of its own.
const INDICES: usize = 20;

#[rstest]
#[tokio::test]
async fn what_an_overworked_server_turns_away_arrives_later(
    #[values(Kind::Elasticsearch, Kind::OpenSearch)] kind: Kind,
) -> anyhow::Result<()> {
    let Some(server) = server(kind).await? else { return Ok(()) };
    let server = server.read().await;
    let tap = Tap::before(server.address()).await?;
    let Some(mut scene) = Scene::by(tap.address, &server, "overworked").await? else { return Ok(()) };
    scene.begin(&server).await?;
    let crowd = crowd(&server)?;
    until("whole requests or single documents are turned away", LIMIT, async || {
        scene.lines.print(100)?;
        Ok(tap.seen().iter().any(|exchange| exchange.status == 429 || exchange.items.contains_key(&429)))
    })
    .await?;
    drop(crowd);
    scene.conclude(&server, &[]).await
}

/// Other clients of the server, until they are dropped.
fn crowd(server: &SearchServer) -> anyhow::Result<JoinSet<()>> {
    let mut crowd = JoinSet::new();
    for _ in 0..CLIENTS {
        crowd.spawn(keep_busy(server.client(User::Admin)?));
    }
    Ok(crowd)
}

async fn keep_busy(client: Transport) {
    let lines = (0..200)
        .map(|line| format!("{{\"index\":{{\"_index\":\"crowd-{}\"}}}}\n{{\"line\":{line}}}\n", line % INDICES));
    let body: String = lines.collect();
    loop {
        // Whether a request is taken does not matter.
        drop(client.send(Method::Post, "/_bulk", HeaderMap::new(), None::<&()>, Some(body.clone()), None).await);
    }
}
