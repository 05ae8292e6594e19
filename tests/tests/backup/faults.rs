//! What goes wrong leaves neither a backup nor the time of one, and nothing in the way of the next.

use std::time::Duration;

use anyhow::{Context, ensure};
use e2e::platform::Platform;
use e2e::wait::until;

use crate::snapshots;

/// Far more than anything here takes.
const PATIENCE: Duration = Duration::from_mins(2);

/// Another process may do nothing with the table until its connection is ended.
const HOLD: &str = "BEGIN; LOCK TABLE users IN ACCESS EXCLUSIVE MODE; SELECT pg_sleep(1000)";
const LET_GO: &str = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
    WHERE query LIKE '%pg_sleep%' AND pid <> pg_backend_pid()";
/// PostgreSQL notices only when it has waited that the one who asked is gone.
const FORGET: &str = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE application_name = 'pg_dump'";
const WAITS: &str =
    "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'pg_dump' AND wait_event_type = 'Lock'";

/// The last good one stays the last, and its time as well.
pub async fn nothing_counts_but_a_good_one(platform: &Platform) -> anyhow::Result<()> {
    let key = platform.secrets.overwrite("backup_key", "another key")?;
    fails(platform, "the key does not open").await?;
    platform.secrets.overwrite("backup_key", &key)?;

    platform.query("REVOKE pg_read_all_data FROM backup; GRANT SELECT ON totals TO backup").await?;
    fails(platform, "the dump failed").await?;
    platform.query("REVOKE SELECT ON totals FROM backup; GRANT pg_read_all_data TO backup").await?;

    let users = platform.query("SELECT total FROM totals WHERE name = 'users'").await?;
    platform.query("UPDATE totals SET total = 0 WHERE name = 'users'").await?;
    fails(platform, "the database has no users").await?;
    platform.query(&format!("UPDATE totals SET total = {users} WHERE name = 'users'")).await?;

    platform.compose(&["stop", "postgres"]).await?;
    fails(platform, "the database cannot be read").await?;
    platform.compose(&["start", "postgres"]).await?;
    until("PostgreSQL is back", PATIENCE, async || Ok(platform.query("SELECT 1").await.is_ok())).await?;

    in_container(
        platform,
        "cp -a repository kept && for pack in repository/data/*/*; do chmod u+w $pack && \
        printf damaged | dd of=$pack bs=1 seek=64 conv=notrunc status=none; done",
    )
    .await?;
    fails(platform, "it cannot be read back").await?;
    in_container(platform, "rm -rf repository && mv kept repository").await?;
    snapshots::make(platform).await.map(drop)
}

/// A backup fails for a reason, and changes nothing.
pub async fn fails(platform: &Platform, why: &str) -> anyhow::Result<()> {
    let before = state(platform).await;
    let complaint = platform.backup(&["run"]).await.err().context("a backup that cannot be good counts as good")?;
    ensure!(complaint.to_string().contains(why), "instead of '{why}' it says {complaint}");
    let secret = platform.secrets.read("postgres_backup_password")?;
    ensure!(!complaint.to_string().contains(&secret), "it tells a secret");
    let after = state(platform).await;
    ensure!(before.1.is_some() && before == after, "a backup that failed changes {before:?} to {after:?}");
    Ok(())
}

/// The files of all snapshots, which need no key to be seen, and the time of the last success.
async fn state(platform: &Platform) -> (Option<String>, Option<u64>) {
    let files = in_container(platform, "ls repository/snapshots").await;
    (files.ok(), snapshots::last_success(platform).await.ok())
}

async fn in_container(platform: &Platform, script: &str) -> anyhow::Result<String> {
    let script = format!("cd /var/lib/backup && {script}");
    platform.compose(&["exec", "--no-TTY", "backup", "bash", "-euc", &script]).await
}

/// One that is asked to end clears up; after one that is killed, the next one does.
pub async fn an_end_leaves_nothing_in_the_way(platform: &Platform) -> anyhow::Result<()> {
    let mut holder = tokio::process::Command::from(platform.composing(&[
        "exec",
        "--no-TTY",
        "postgres",
        "psql",
        "--username=postgres",
        "--command",
        HOLD,
        "minitwit",
    ]));
    let mut holder = holder.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::null()).spawn()?;
    snapshots::forget_success(platform).await?;
    platform.compose(&["restart", "backup"]).await?;
    dump_waits(platform).await?;
    platform.compose(&["stop", "backup"]).await?;
    let ended = platform.compose(&["ps", "--all", "--format={{.ExitCode}}", "backup"]).await?;
    ensure!(ended.trim() == "0", "it ends with {ended}");
    platform.query(FORGET).await?;

    platform.compose(&["start", "backup"]).await?;
    dump_waits(platform).await?;
    let locks = in_container(platform, "ls repository/locks | wc -l").await?;
    ensure!(locks.trim() == "1", "the one that was asked to end has left a lock: {locks}");
    platform.compose(&["kill", "backup"]).await?;
    platform.query(LET_GO).await?;
    holder.wait().await?;
    platform.compose(&["start", "backup"]).await?;
    until("the next one succeeds", PATIENCE, async || Ok(snapshots::last_success(platform).await.is_ok())).await?;
    Ok(())
}

async fn dump_waits(platform: &Platform) -> anyhow::Result<()> {
    let waits = async || Ok(platform.query(WAITS).await? == "1");
    until("a dump has begun", PATIENCE, waits).await.map(drop)
}
