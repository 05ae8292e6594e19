//! Hashing passwords takes all cores for a while, and starves nobody.

use e2e::api_client::ApiClient;
use e2e::testbed::Testbed;
use http::StatusCode;
use tokio::task::JoinSet;

use crate::{TURN, in_time, timed};

const ROUNDS: i64 = 5;
const AT_ONCE: i64 = 20;

#[tokio::test(flavor = "multi_thread")]
async fn latest_is_answered_while_the_simulator_waits_with_twenty_registrations_at_once() -> anyhow::Result<()> {
    let _turn = TURN.lock().await;
    let Some(mut bed) = Testbed::new()? else { return Ok(()) };
    let site = bed.site_on_sqlite(&[]).await?;
    let api = ApiClient(site.api);
    let mut answers = Vec::new();
    for round in 0..ROUNDS {
        let mut registrations = JoinSet::new();
        for number in 0..AT_ONCE {
            let latest = round * AT_ONCE + number;
            registrations.spawn(async move { api.register(&format!("person {latest}"), latest).await });
        }
        while !registrations.is_empty() {
            answers.push(timed(async { Ok(api.get("/latest").await?.status()) }).await?);
            while let Some(registered) = registrations.try_join_next() {
                let status = registered??;
                anyhow::ensure!(status == StatusCode::NO_CONTENT, "a registration is answered {status}");
            }
        }
    }
    in_time(answers)?;
    drop(site);
    bed.clear().await
}

#[tokio::test(flavor = "multi_thread")]
async fn each_registration_is_answered_while_the_simulator_waits_when_they_come_one_by_one() -> anyhow::Result<()> {
    let _turn = TURN.lock().await;
    let Some(mut bed) = Testbed::new()? else { return Ok(()) };
    let site = bed.site_on_sqlite(&[]).await?;
    let mut answers = Vec::new();
    for number in 0..30 {
        answers.push(timed(ApiClient(site.api).register(&format!("person {number}"), number)).await?);
    }
    in_time(answers)?;
    drop(site);
    bed.clear().await
}
