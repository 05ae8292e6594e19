//! `log-shipper test output`: a fault is found, and the sentence says what to do.

use anyhow::{Context, ensure};
use e2e::search_server::{Kind, User};
use e2e::server::free_addresses;
use elasticsearch::http::Method;
use log_shipper::deliver::{Access, Credentials};
use log_shipper::setup::output::{Check, check};
use log_shipper::setup::{Client, Target};
use rstest::rstest;
use serde_json::json;

use crate::stage::Stage;

/// The names of the checks that found a fault, and all lines for people.
fn faults(checks: &[Check]) -> (Vec<&'static str>, String) {
    let faults = checks.iter().filter(|check| check.verdict.is_err()).map(|check| check.name).collect();
    (faults, checks.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
}

impl Stage {
    /// Everything is good but the checks of these names, whose sentences have these words.
    async fn checks(&self, user: User, expected: &[(&str, &str)]) -> anyhow::Result<()> {
        let checks = check(&self.client(user)?, &self.target).await;
        let (found, lines) = faults(&checks);
        ensure!(found == expected.iter().map(|(name, _)| *name).collect::<Vec<_>>(), "{lines}");
        for (name, words) in expected {
            let fault = checks.iter().find(|check| check.name == *name).context("there is such a check")?;
            ensure!(fault.verdict.as_ref().is_err_and(|advice| advice.contains(words)), "{lines}");
        }
        Ok(())
    }

    /// Sets a setting of the index that is written to.
    async fn set(&self, name: &str, value: bool) -> anyhow::Result<()> {
        let body = json!({ name: value }).to_string();
        self.server.tell(Method::Put, &format!("/{}/_settings", self.target), Some(body)).await.map(drop)
    }
}

#[rstest]
#[tokio::test]
async fn nothing_is_wrong_once_the_template_is_there_before_and_after_the_first_document(
    #[values(Kind::Elasticsearch, Kind::OpenSearch)] kind: Kind,
) -> anyhow::Result<()> {
    let Some(stage) = Stage::bare(kind, "right").await? else { return Ok(()) };
    stage.checks(User::Shipper, &[("template", "log-shipper setup")]).await?;
    stage.plan().await?.apply(&stage.client(User::Admin)?).await?;
    stage.checks(User::Shipper, &[]).await?;
    stage.store(&[json!({ "@timestamp": "2026-01-02T03:04:05Z" })]).await?;
    stage.checks(User::Shipper, &[]).await?;
    ensure!(stage.find(&json!({ "match_all": {} })).await? == ["0"], "the checks have written a document");
    Ok(())
}

#[rstest]
#[tokio::test]
async fn a_block_is_told_with_the_way_out(
    #[values(Kind::Elasticsearch, Kind::OpenSearch)] kind: Kind,
) -> anyhow::Result<()> {
    let Some(stage) = Stage::set_up(kind, "blocked").await? else { return Ok(()) };
    stage.store(&[json!({ "@timestamp": "2026-01-02T03:04:05Z" })]).await?;
    stage.set("index.blocks.write", true).await?;
    stage.checks(User::Shipper, &[("write", "index.blocks.write")]).await?;
    stage.set("index.blocks.write", false).await?;
    stage.set("index.blocks.read_only_allow_delete", true).await?;
    stage.checks(User::Shipper, &[("write", "make room")]).await
}

#[rstest]
#[tokio::test]
async fn a_plain_index_serves_and_what_its_mapping_lacks_is_told(
    #[values(Kind::Elasticsearch, Kind::OpenSearch)] kind: Kind,
) -> anyhow::Result<()> {
    let Some(mut stage) = Stage::bare(kind, "plain").await? else { return Ok(()) };
    stage.target = "logs-plain".parse()?;
    let mapping = stage.plan().await?.steps[0].body["template"]["mappings"].clone();
    let index = json!({ "mappings": mapping, "aliases": { "logs-alias": {} } }).to_string();
    stage.server.tell(Method::Put, "/logs-plain", Some(index)).await?;
    stage.checks(User::Shipper, &[("template", "missing")]).await?;
    stage.target = "logs-alias".parse()?;
    stage.checks(User::Shipper, &[("template", "missing")]).await?;
    stage.server.tell(Method::Put, "/logs-poor", None).await?;
    stage.target = "logs-poor".parse()?;
    stage.checks(User::Shipper, &[("template", "missing"), ("mapping", "not a data stream")]).await
}

#[rstest]
#[tokio::test]
async fn whether_the_first_document_can_make_the_data_stream_is_told(
    #[values(Kind::Elasticsearch, Kind::OpenSearch)] kind: Kind,
) -> anyhow::Result<()> {
    let Some(stage) = Stage::set_up(kind, "forbidden").await? else { return Ok(()) };
    let body = json!({ "persistent": { "action.auto_create_index": "-logs-forbidden-*,+*" } }).to_string();
    stage.server.tell(Method::Put, "/_cluster/settings", Some(body)).await?;
    // Elasticsearch asks the template alone.
    let expected = [("target", "action.auto_create_index keeps it from being created")];
    stage.checks(User::Shipper, if kind == Kind::Elasticsearch { &[] } else { &expected }).await?;
    let lines = format!("{}\n{}\n", json!({ "create": {} }), json!({ "@timestamp": "2026-01-02T03:04:05Z" }));
    let answer = stage.client(User::Shipper)?.post_lines("/logs-forbidden-default/_bulk", lines).await?.good()?;
    let status = answer["items"][0]["create"]["status"].as_u64();
    ensure!(status == Some(if kind == Kind::Elasticsearch { 201 } else { 404 }), "{answer}");
    Ok(())
}

#[tokio::test]
async fn a_user_without_the_role_is_told_each_privilege_that_is_missing() -> anyhow::Result<()> {
    let Some(mut stage) = Stage::set_up(Kind::Elasticsearch, "role").await? else { return Ok(()) };
    let checks = check(&stage.client(User::Stranger)?, &stage.target).await;
    let (found, lines) = faults(&checks);
    ensure!(found == ["server"] && lines.contains("privilege monitor"), "{lines}");
    // The role is for `logs-*` alone.
    stage.target = "metrics-role-default".parse()?;
    let checks = check(&stage.client(User::Shipper)?, &stage.target).await;
    let (found, lines) = faults(&checks);
    ensure!(found.contains(&"privileges"), "{lines}");
    for privilege in ["auto_configure", "create_doc", "read", "view_index_metadata"] {
        ensure!(lines.contains(privilege), "{lines}");
    }
    Ok(())
}

#[tokio::test]
async fn the_role_is_enough_to_create_and_to_look_up_and_for_nothing_else() -> anyhow::Result<()> {
    let Some(stage) = Stage::set_up(Kind::Elasticsearch, "least").await? else { return Ok(()) };
    stage.store(&[json!({ "@timestamp": "2026-01-02T03:04:05Z" })]).await?;
    let client = stage.client(User::Shipper)?;
    let found = client.get("/_resolve/index/logs-least-default").await?.good()?;
    let index = found["data_streams"][0]["backing_indices"].clone();
    let index = index.as_str().or_else(|| index[0].as_str()).context("there is a backing index")?;
    let found = client.post(&format!("/{index}/_mget"), &json!({ "ids": ["0", "1"] })).await?.good()?;
    ensure!([&found["docs"][0]["found"], &found["docs"][1]["found"]] == [true, false], "{found}");
    let bulk = format!("{}\n{}\n", json!({ "delete": { "_index": index, "_id": "0" } }), json!({ "index": {} }));
    let answer = client.post_lines("/logs-least-default/_bulk", format!("{bulk}{{}}\n")).await?.good()?;
    for (item, action) in ["delete", "index"].into_iter().enumerate() {
        ensure!([400, 403].contains(&answer["items"][item][action]["status"].as_u64().unwrap_or(0)), "{answer}");
    }
    ensure!(answer["items"][0]["delete"]["status"] == 403, "{answer}");
    for (path, body) in [
        ("/_index_template/own", json!({ "index_patterns": ["logs-own-*"] })),
        ("/other", json!({})),
        ("/logs-least-default/_settings", json!({ "index.blocks.write": true })),
    ] {
        let status = client.put(path, &body).await?.status;
        ensure!(status == 403, "PUT {path} is answered {status}");
    }
    Ok(())
}

#[tokio::test]
async fn a_wrong_password_a_closed_port_and_a_server_without_tls_are_told_apart() -> anyhow::Result<()> {
    let Some(stage) = Stage::bare(Kind::Elasticsearch, "nobody").await? else { return Ok(()) };
    let [closed] = free_addresses()?;
    let open = stage.server.address();
    for (url, check_name, words) in [
        (format!("http://{open}"), "authentication", "401"),
        (format!("http://{closed}"), "address", "Connection refused"),
        (format!("https://{open}"), "tls", "its URL begins with http://"),
    ] {
        let checks = check(&guess(&url)?, &Target::default()).await;
        let (found, lines) = faults(&checks);
        ensure!(found == [check_name] && lines.contains(words), "{url}: {lines}");
    }
    Ok(())
}

fn guess(url: &str) -> anyhow::Result<Client> {
    let credentials = Some(Credentials::Basic("admin".into(), "a guess".into()));
    Ok(Client::new(&url.parse()?, &Access { credentials, ..Access::default() })?)
}
