//! A shipper that starts before `log-shipper setup` has done its work.

use std::fs;
use std::time::Duration;

use anyhow::ensure;
use e2e::search_server::Kind;
use e2e::shipper::Shipper;
use e2e::wait::until;
use rstest::rstest;
use serde_json::json;

use crate::stage::Stage;

/// Far more than anything here takes.
const PATIENCE: Duration = Duration::from_mins(2);

#[rstest]
#[tokio::test]
async fn lines_wait_for_the_template_and_are_found_by_its_fields(
    #[values(Kind::Elasticsearch, Kind::OpenSearch)] kind: Kind,
) -> anyhow::Result<()> {
    let Some(stage) = Stage::bare(kind, "awaited").await? else { return Ok(()) };
    let Some(mut shipper) = Shipper::to(stage.server, stage.target.name())? else { return Ok(()) };
    let folder = tempfile::tempdir()?;
    let line = json!({ "event": { "dataset": "minitwit.request" }, "minitwit": { "route": "/NAME/{id}" } });
    fs::write(folder.path().join("site.log"), format!("{line}\n"))?;
    shipper.set("files", &folder.path().join("*.log").display().to_string()).set("await-setup", "on");
    shipper.start().await?;
    let waits = async || Ok(shipper.trouble().await?.contains("run `log-shipper setup`"));
    until("the shipper says what it waits for", PATIENCE, waits).await?;
    let read = async || Ok(shipper.metric("log_shipper_lines_read_total").await? > 0.5);
    until("the line is read", PATIENCE, read).await?;
    ensure!(shipper.metric("log_shipper_documents_sent_total").await? < 0.5, "it was sent before");
    shipper.set_up(stage.server).await?;
    let query = json!({ "term": { "minitwit.route": "/NAME/{id}" } });
    let found = async || Ok(stage.server.count(stage.target.name(), &query).await.is_ok_and(|count| count == 1));
    until("the line is found by a field of the template", PATIENCE, found).await?;
    ensure!(shipper.trouble().await?.is_empty(), "it still waits: {}", shipper.trouble().await?);
    shipper.stop().await
}
