//! Backups on a real engine: made while the site is used, and brought back where nothing else is left.

mod bucket;
mod disaster;
mod faults;
mod site;
mod snapshots;

use e2e::platform::Platform;

#[tokio::test(flavor = "multi_thread")]
async fn what_is_backed_up_is_kept_whatever_fails_and_comes_back_on_a_new_machine() -> anyhow::Result<()> {
    let Some(platform) = Platform::prepare().await? else { return Ok(()) };
    platform.bring(&["backup", "proxy"]).await?;
    snapshots::first(&platform).await?;
    let used = disaster::is_backed_up_while_it_is_used(&platform).await?;
    platform.compose(&["kill", "web", "api"]).await?;
    snapshots::old_ones_go(&platform).await?;
    faults::nothing_counts_but_a_good_one(&platform).await?;
    faults::an_end_leaves_nothing_in_the_way(&platform).await?;
    disaster::all_comes_back(&platform, &used).await
}
