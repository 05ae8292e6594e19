//! The machine is lost. What is left is a copy of the repository, and its key.

use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::ensure;
use e2e::platform::Platform;

use crate::site::{self, Counts};
use crate::snapshots;

/// A backup of a time at which the site was used.
pub struct Used {
    snapshot: String,
    before: Counts,
    after: Counts,
}

/// Makes a backup while people write.
pub async fn is_backed_up_while_it_is_used(platform: &Platform) -> anyhow::Result<Used> {
    site::takes_a_message(platform, "before the storm").await?;
    let is_over = AtomicBool::new(false);
    let (played, made) = tokio::join!(site::is_used_until(platform, &is_over), async {
        let made = while_rows_come(platform).await;
        is_over.store(true, Ordering::Relaxed);
        made
    });
    played?;
    made
}

async fn while_rows_come(platform: &Platform) -> anyhow::Result<Used> {
    let before = site::counts(platform).await?;
    let snapshot = snapshots::make(platform).await?;
    let after = site::counts(platform).await?;
    ensure!(before[1] < after[1], "nobody wrote during the backup: {before:?}, {after:?}");
    Ok(Used { snapshot, before, after })
}

/// Loses everything but the repository and its key, and brings back first the newest backup, then the one of the time at
/// which the site was used.
pub async fn all_comes_back(platform: &Platform, used: &Used) -> anyhow::Result<()> {
    snapshots::make(platform).await?;
    let lost = site::content(platform).await?;
    let copy = tempfile::NamedTempFile::new()?;
    platform.export(copy.path()).await?;
    platform.compose(&["down", "--volumes"]).await?;
    platform.secrets.lose(&["backup_key"]).await?;

    platform.import(copy.path()).await?;
    platform.restore(&[]).await?;
    ensure!(site::content(platform).await? == lost, "what is restored differs from what was lost: {lost}");
    platform.bring(&["backup", "proxy"]).await?;
    site::shows(platform, "before the storm").await?;
    site::takes_a_message(platform, "after the storm").await?;
    comes_back_as_it_was(platform, used).await
}

/// Rows are not thrown away unless it is asked for, and then they are kept beside.
async fn comes_back_as_it_was(platform: &Platform, used: &Used) -> anyhow::Result<()> {
    let newest = site::counts(platform).await?;
    let refused = platform.restore(&[&used.snapshot]).await.err().map(|error| error.to_string()).unwrap_or_default();
    ensure!(refused.contains("--replace"), "rows are thrown away: {refused}");
    ensure!(site::counts(platform).await? == newest, "a restoring that is refused changes rows");
    platform.restore(&["--replace", &used.snapshot]).await?;
    let back = site::counts(platform).await?;
    let fits = (0..3).all(|at| (used.before[at]..=used.after[at]).contains(&back[at]));
    ensure!(fits, "{:?} before, {:?} after the backup, {back:?} in it", used.before, used.after);
    site::takes_a_message(platform, "after another storm").await?;
    let kept = platform.query("SELECT count(*) FROM pg_database WHERE datname LIKE 'minitwit_before_%'").await?;
    ensure!(kept == "1", "{kept} databases are kept beside");
    Ok(())
}
