//! The whole way of a line: people use real sites, and a real Elasticsearch has one document of each of their requests.

mod docker;
mod found;
mod person;
mod play;
mod stage;

use e2e::canary::Canary;
use e2e::wait::until;
use serde_json::json;

use crate::found::Found;
use crate::play::Secrets;
use crate::stage::{LIMIT, Stage};

/// People of one crowd on each site; the simulator acts for as many.
const CROWD: usize = 8;

#[tokio::test(flavor = "multi_thread")]
async fn each_request_is_one_document_that_is_found_by_user_address_route_redirect_and_status() -> anyhow::Result<()> {
    let Some(mut stage) = Stage::set().await? else { return Ok(()) };
    let (right, wrong) = (Canary::fresh(), Canary::fresh());
    let secrets = Secrets { right: right.whole.clone(), wrong: wrong.whole.clone() };
    stage.shipper.start().await?;
    let mut asked = vec![stage.welcome_the_star(&secrets).await?];
    let first = stage.crowd("ada", CROWD, &secrets);
    let some = async || Ok(stage.server.count(stage::TARGET, &json!({ "match_all": {} })).await? > 20);
    until("some documents are there", LIMIT, some).await?;
    stage.shipper.kill();
    let second = stage.crowd("bob", CROWD, &secrets);
    asked.extend(first.all().await?);
    stage.shipper.start().await?;
    asked.extend(second.all().await?);
    let lines = stage.close().await?;
    let found = Found::once(&stage.server, lines).await?;
    found.has_each_request(&stage.server, &asked.concat()).await?;
    found.came_both_ways()?;
    found.has_no_secret(&[right, wrong])
}
