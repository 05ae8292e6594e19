//! `log-shipper setup`: what it puts, and what it says.

use anyhow::{Context, ensure};
use e2e::search_server::{Kind, User};
use elasticsearch::http::Method;
use log_shipper::setup::{Outcome, Product};
use rstest::rstest;
use serde_json::json;

use crate::stage::Stage;

fn outcomes(plan: &log_shipper::setup::Plan) -> Vec<String> {
    plan.steps.iter().map(ToString::to_string).collect()
}

#[rstest]
#[tokio::test]
async fn a_second_setup_finds_nothing_to_do(
    #[values(Kind::Elasticsearch, Kind::OpenSearch)] kind: Kind,
) -> anyhow::Result<()> {
    let Some(stage) = Stage::bare(kind, "twice").await? else { return Ok(()) };
    let first = stage.plan().await?;
    ensure!(outcomes(&first)[0] == "created: index template twice-logs for logs-twice-*", "{:?}", outcomes(&first));
    first.apply(&stage.client(User::Admin)?).await?;
    let second = stage.plan().await?;
    ensure!(outcomes(&second)[0] == "unchanged: index template twice-logs for logs-twice-*", "{:?}", outcomes(&second));
    let expected = match kind {
        Kind::Elasticsearch => (Product::Elasticsearch, 1),
        Kind::OpenSearch => (Product::OpenSearch, 2),
    };
    ensure!((second.server.product, second.steps.len()) == expected, "{second:?}");
    // This OpenSearch has no index state management.
    let skipped = second.steps.iter().skip(1).all(|step| matches!(step.outcome, Outcome::Skipped(_)));
    ensure!(skipped, "{:?}", outcomes(&second));
    Ok(())
}

#[rstest]
#[tokio::test]
async fn a_plan_alone_changes_nothing_and_shows_the_documents(
    #[values(Kind::Elasticsearch, Kind::OpenSearch)] kind: Kind,
) -> anyhow::Result<()> {
    let Some(stage) = Stage::bare(kind, "dry").await? else { return Ok(()) };
    let shown = stage.plan().await?.requests();
    let own = if kind == Kind::Elasticsearch { "\"data_retention\": \"30d\"" } else { "\"disable_objects\": true" };
    for part in ["PUT /_index_template/dry-logs", "\"logs-dry-*\"", "\"client.ip\": {", own] {
        ensure!(shown.contains(part), "{part} is not in {shown}");
    }
    let (status, _) = stage.server.ask(Method::Get, "/_index_template/dry-logs", None).await?;
    ensure!(status.as_u16() == 404, "the template is there: {status}");
    Ok(())
}

#[rstest]
#[tokio::test]
async fn what_somebody_changed_is_named_and_put_right(
    #[values(Kind::Elasticsearch, Kind::OpenSearch)] kind: Kind,
) -> anyhow::Result<()> {
    let Some(stage) = Stage::set_up(kind, "changed").await? else { return Ok(()) };
    let mut body = stage.plan().await?.steps[0].body.clone();
    body["template"]["settings"]["index"]["refresh_interval"] = json!("60s");
    let fields = body["template"]["mappings"]["properties"].as_object_mut().context("the mapping has fields")?;
    fields.remove("user.name");
    fields.insert("mine".into(), json!({ "type": "keyword" }));
    stage.server.tell(Method::Put, "/_index_template/changed-logs", Some(body.to_string())).await?;
    let plan = stage.plan().await?;
    let Outcome::Changed(paths) = &plan.steps[0].outcome else { anyhow::bail!("{:?}", outcomes(&plan)) };
    let mut paths = paths.clone();
    paths.sort();
    let expected = [
        "template.mappings.properties.user.name",
        "template.settings.index.refresh_interval",
        "without template.mappings.properties.mine",
    ];
    ensure!(paths == expected, "{paths:?}");
    plan.apply(&stage.client(User::Admin)?).await?;
    ensure!(stage.plan().await?.steps[0].outcome == Outcome::Unchanged, "the template is not put right");
    Ok(())
}

#[rstest]
#[tokio::test]
async fn an_index_that_is_older_than_the_template_is_told_until_the_next_rollover(
    #[values(Kind::Elasticsearch, Kind::OpenSearch)] kind: Kind,
) -> anyhow::Result<()> {
    let Some(stage) = Stage::bare(kind, "older").await? else { return Ok(()) };
    let small = json!({ "index_patterns": ["logs-older-*"], "priority": 500, "data_stream": {} });
    stage.server.tell(Method::Put, "/_index_template/older-logs", Some(small.to_string())).await?;
    stage.store(&[json!({ "@timestamp": "2026-01-02T03:04:05Z" })]).await?;
    let (plan, client) = (stage.plan().await?, stage.client(User::Admin)?);
    plan.apply(&client).await?;
    let advice = plan.remaining(&client).await?.context("nothing is said of the old index")?;
    ensure!(advice.contains("POST /logs-older-default/_rollover"), "{advice}");
    stage.server.tell(Method::Post, "/logs-older-default/_rollover", None).await?;
    let advice = plan.remaining(&client).await?;
    ensure!(advice.is_none(), "after the rollover: {advice:?}");
    Ok(())
}
