//! What the repository has, and what Prometheus is told of it.

use std::time::Duration;

use anyhow::{Context, ensure};
use e2e::platform::Platform;
use e2e::wait::until;
use serde_json::Value;

/// Far more than a backup takes.
const PATIENCE: Duration = Duration::from_mins(2);

const FACTS: &str = "/var/lib/node-exporter/minitwit_backup.prom";

/// The first one is made without being asked for.
pub async fn first(platform: &Platform) -> anyhow::Result<()> {
    until("there is a first backup", PATIENCE, async || Ok(last_success(platform).await.is_ok())).await?;
    ensure!(all(platform).await?.len() == 1, "there is one backup");
    Ok(())
}

/// When the last one began that succeeded, as node-exporter reads it.
pub async fn last_success(platform: &Platform) -> anyhow::Result<u64> {
    let facts = platform.compose(&["exec", "--no-TTY", "backup", "cat", FACTS]).await?;
    let line = facts.lines().find_map(|line| line.strip_prefix("minitwit_backup_last_success_timestamp_seconds "));
    Ok(line.context("no time of a success")?.parse()?)
}

/// Forgets that there ever was a good one, so that the schedule makes one at once when it begins.
pub async fn forget_success(platform: &Platform) -> anyhow::Result<()> {
    platform.compose(&["exec", "--no-TTY", "backup", "rm", FACTS]).await.map(drop)
}

/// The snapshots by their times, oldest first: time and identity.
pub async fn all(platform: &Platform) -> anyhow::Result<Vec<(String, String)>> {
    let told: Value = serde_json::from_str(&platform.backup(&["restic", "snapshots", "--json"]).await?)?;
    let told = told.as_array().context("a list of snapshots")?;
    let text = |snapshot: &Value, name: &str| snapshot[name].as_str().map(str::to_owned).context("a text");
    told.iter().map(|snapshot| Ok((text(snapshot, "time")?, text(snapshot, "short_id")?))).collect()
}

/// Makes one, and says which it is.
pub async fn make(platform: &Platform) -> anyhow::Result<String> {
    platform.backup(&["run"]).await?;
    Ok(all(platform).await?.pop().context("there is a snapshot")?.1)
}

/// Of days that are long over, the last one is kept.
pub async fn old_ones_go(platform: &Platform) -> anyhow::Result<()> {
    for time in ["2020-02-04 03:00:00", "2020-02-05 01:00:00", "2020-02-05 02:00:00"] {
        let words =
            ["restic", "backup", "--quiet", "--time", time, "--host=minitwit", "--stdin-filename=minitwit.dump"];
        platform.backup(&[&words[..], &["--stdin-from-command", "--", "echo", time]].concat()).await?;
    }
    make(platform).await?;
    let times = all(platform).await?;
    let old: Vec<&str> =
        times.iter().filter_map(|(time, _)| time.get(..13)).filter(|time| time.starts_with("2020")).collect();
    ensure!(old == ["2020-02-04T03", "2020-02-05T02"], "of the old ones, {old:?} are kept");
    Ok(())
}
