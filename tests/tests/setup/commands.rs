//! `log-shipper setup` and `log-shipper test output`, as people type them.

use anyhow::ensure;
use e2e::search_server::Kind;
use e2e::shipper::Shipper;
use rstest::rstest;

use crate::stage::Stage;

#[rstest]
#[tokio::test]
async fn the_program_puts_what_is_missing_and_says_so_and_then_all_is_in_order(
    #[values(Kind::Elasticsearch, Kind::OpenSearch)] kind: Kind,
) -> anyhow::Result<()> {
    let Some(stage) = Stage::bare(kind, "typed").await? else { return Ok(()) };
    let Some(shipper) = Shipper::to(stage.server, stage.target.name())? else { return Ok(()) };
    let setup = async |words: &[&str]| shipper.administer(stage.server, &[&["setup"], words].concat()).await?.good();
    let test = async || shipper.ask(&["test", "output"]).await;
    let shown = setup(&["--dry-run"]).await?;
    ensure!(shown.starts_with("PUT /_index_template/typed-logs\n{"), "{shown}");
    ensure!(shown.contains("PUT /_security/role/log-shipper\n") == (kind == Kind::Elasticsearch), "{shown}");
    let tested = test().await?;
    let said = (tested.code, tested.stderr.as_str());
    ensure!(said == (Some(1), "log-shipper: something is to be done first: see above\n"), "{tested:?}");
    ensure!(tested.stdout.contains("\ntemplate: typed-logs is missing; run `log-shipper setup`\n"), "{tested:?}");
    let created = setup(&["--retention", "3d"]).await?;
    ensure!(created.starts_with("created: index template typed-logs for logs-typed-*\n"), "{created}");
    let unchanged = setup(&["--retention", "3d"]).await?;
    ensure!(unchanged.starts_with("unchanged: index template typed-logs for logs-typed-*\n"), "{unchanged}");
    let tested = test().await?.good()?;
    ensure!(tested.lines().count() > 6 && tested.lines().skip(1).all(|line| line.contains(": ok, ")), "{tested}");
    Ok(())
}

#[tokio::test]
async fn another_time_for_which_lines_are_kept_is_a_change() -> anyhow::Result<()> {
    let Some(stage) = Stage::bare(Kind::Elasticsearch, "kept").await? else { return Ok(()) };
    let Some(shipper) = Shipper::to(stage.server, stage.target.name())? else { return Ok(()) };
    let setup = async |time: &str| shipper.administer(stage.server, &["setup", "--retention", time]).await?.good();
    setup("30d").await?;
    let changed = setup("36h").await?;
    let expected = "changed: index template kept-logs for logs-kept-* (template.lifecycle.data_retention)\n";
    ensure!(changed == expected, "{changed}");
    Ok(())
}
