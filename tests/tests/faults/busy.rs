//! A server that has more to do than it can take.

use e2e::search_server::{Kind, SearchServer, User};
use e2e::wait::until;
use elasticsearch::http::Method;
use elasticsearch::http::headers::HeaderMap;
use elasticsearch::http::transport::Transport;
use rstest::rstest;
use tokio::task::JoinSet;

use crate::scene::{LIMIT, Scene, server};
use crate::tap::{Exchange, Tap};

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
    until("requests and documents are turned away", LIMIT, async || {
        scene.lines.print(100)?;
        let seen = tap.seen();
        let (whole, partly) = (seen.iter().any(is_turned_away), seen.iter().any(is_partly_turned_away));
        // OpenSearch may do either for as long as anybody watches.
        Ok(if kind == Kind::OpenSearch { whole || partly } else { whole && partly })
    })
    .await?;
    drop(crowd);
    scene.conclude(&server, &[]).await
}

fn is_turned_away(exchange: &Exchange) -> bool {
    exchange.status == 429
}

fn is_partly_turned_away(exchange: &Exchange) -> bool {
    exchange.items.contains_key(&429)
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
