//! The database goes away for a while: stopped, frozen, cut off, locked, or full. The site says 503 soon, and recovers.

mod crowd;
mod disk;

use std::time::Duration;

use anyhow::{Context, ensure};
use crowd::{Crowd, SITE_LIMIT, TIMEOUT};
use disk::Disk;
use e2e::api_client::ApiClient;
use e2e::cable::Cable;
use e2e::cluster::Cluster;
use e2e::console;
use e2e::database::System;
use e2e::http_client::{fetch, get};
use e2e::seed::READER;
use e2e::site::Site;
use e2e::testbed::Testbed;
use e2e::wait::until;
use http::StatusCode;
use sqlx::{Connection, SqliteConnection};
use tokio::sync::Mutex;

/// The tests of this file measure how soon answers come, so they take turns.
static TURN: Mutex<()> = Mutex::const_new(());

/// How soon after the database is back everything must work.
const RECOVERY: Duration = Duration::from_secs(15);

/// `None` where PostgreSQL or the program is missing.
async fn bed_and_cluster() -> anyhow::Result<Option<(Testbed, Cluster)>> {
    let Some(bed) = Testbed::new()? else { return Ok(None) };
    Ok(Cluster::start(&[]).await?.map(|cluster| (bed, cluster)))
}

async fn ready(site: &Site) -> anyhow::Result<bool> {
    Ok(fetch(site.ops, get(site.ops, "/readyz")?).await?.status() == StatusCode::OK)
}

/// `/readyz` says yes, a crowd is served whole, and what it wrote is there.
async fn recovers(site: &mut Site, crowd: &mut Crowd) -> anyhow::Result<()> {
    until("the site is ready again", RECOVERY, async || ready(site).await).await?;
    let served = async || Ok(crowd.visit(site, 20).await?.iter().all(|answer| answer.status.is_success()));
    until("everybody is served again", RECOVERY, served).await?;
    site.server.check()
}

/// Nobody waits longer than the limit, and whoever needs the database is told 503 as the door says it.
async fn says_503_soon(site: &Site, crowd: &mut Crowd, people: usize) -> anyhow::Result<()> {
    for answer in crowd.visit(site, people).await? {
        ensure!(answer.status == StatusCode::SERVICE_UNAVAILABLE, "{} is answered {}", answer.path, answer.status);
        ensure!(answer.in_style, "{} is not answered in the door's style", answer.path);
        ensure!(answer.took < SITE_LIMIT, "{} is answered only after {:?}", answer.path, answer.took);
    }
    Ok(())
}

/// What needs no database works, and operators see what is wrong.
async fn lives_without_its_database(site: &Site) -> anyhow::Result<()> {
    ensure!(!ready(site).await?, "the site says that it is ready");
    for (address, path) in [(site.ops, "/healthz"), (site.ops, "/metrics"), (site.web, "/static/style.css")] {
        let status = fetch(address, get(address, path)?).await?.status();
        ensure!(status == StatusCode::OK, "{path} is answered {status}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stopped_postgresql_means_503_until_it_is_started_again() -> anyhow::Result<()> {
    let _turn = TURN.lock().await;
    let Some((mut bed, mut cluster)) = bed_and_cluster().await? else { return Ok(()) };
    let url = bed.databases.create(&cluster.system()?, "stopped").await?;
    let mut site = bed.site(&url, &["--database-timeout", TIMEOUT]).await?;
    let mut crowd = Crowd::gather(&site).await?;
    crowd.warm_up(&site).await?;
    cluster.crash().await?;
    says_503_soon(&site, &mut crowd, 200).await?;
    lives_without_its_database(&site).await?;
    cluster.go_on().await?;
    recovers(&mut site, &mut crowd).await?;
    drop(site);
    bed.clear().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_postgresql_that_hangs_means_503_in_time_for_everybody_and_nothing_piles_up() -> anyhow::Result<()> {
    let _turn = TURN.lock().await;
    let Some((mut bed, cluster)) = bed_and_cluster().await? else { return Ok(()) };
    let url = bed.databases.create(&cluster.system()?, "frozen").await?;
    let mut site = bed.site(&url, &["--database-timeout", TIMEOUT]).await?;
    let mut crowd = Crowd::gather(&site).await?;
    crowd.warm_up(&site).await?;
    cluster.freeze()?;
    for _wave in 0..3 {
        says_503_soon(&site, &mut crowd, 200).await?;
    }
    lives_without_its_database(&site).await?;
    cluster.thaw()?;
    recovers(&mut site, &mut crowd).await?;
    drop(site);
    bed.clear().await
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_fell_silent_are_replaced_when_the_database_can_be_reached_again() -> anyhow::Result<()> {
    let _turn = TURN.lock().await;
    let Some((mut bed, cluster)) = bed_and_cluster().await? else { return Ok(()) };
    let cable = Cable::to(cluster.address()).await?;
    cluster.run("postgres", "CREATE DATABASE silent").await?;
    let mut site = bed.site(&Cluster::url_at(cable.address, "silent"), &["--database-timeout", TIMEOUT]).await?;
    let mut crowd = Crowd::gather(&site).await?;
    crowd.warm_up(&site).await?;
    cable.cut();
    for _wave in 0..2 {
        says_503_soon(&site, &mut crowd, 200).await?;
    }
    cable.mend();
    recovers(&mut site, &mut crowd).await?;
    drop(site);
    bed.clear().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_locked_sqlite_file_means_503_for_writers_until_it_is_free() -> anyhow::Result<()> {
    let _turn = TURN.lock().await;
    let Some(mut bed) = Testbed::new()? else { return Ok(()) };
    let url = bed.databases.create(&System::Sqlite, "locked").await?;
    let mut site = bed.site(&url, &["--database-timeout", TIMEOUT]).await?;
    let mut crowd = Crowd::gather(&site).await?;
    crowd.warm_up(&site).await?;
    let mut other = SqliteConnection::connect(&url).await?;
    sqlx::raw_sql("BEGIN EXCLUSIVE").execute(&mut other).await?;
    for answer in crowd.visit(&site, 200).await? {
        let expected = if answer.writes { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
        ensure!(answer.status == expected, "{} is answered {}", answer.path, answer.status);
        ensure!(answer.took < SITE_LIMIT, "{} is answered only after {:?}", answer.path, answer.took);
    }
    sqlx::raw_sql("ROLLBACK").execute(&mut other).await?;
    other.close().await?;
    recovers(&mut site, &mut crowd).await?;
    drop(site);
    bed.clear().await
}

/// Posts until the first one is refused; returns the texts that were answered.
async fn post_until_refused(site: &Site, label: &str) -> anyhow::Result<Vec<String>> {
    let mut answered = Vec::new();
    for number in 0..10_000 {
        let text = format!("{label} {number} {}", "filler ".repeat(30));
        match ApiClient(site.api).tweet(READER, text.trim_end(), number).await? {
            StatusCode::NO_CONTENT => answered.push(text.trim_end().to_owned()),
            StatusCode::SERVICE_UNAVAILABLE => return Ok(answered),
            other => anyhow::bail!("a post is answered {other}"),
        }
    }
    anyhow::bail!("the disk never gets full")
}

async fn stored_texts(bed: &Testbed, url: &str) -> anyhow::Result<Vec<String>> {
    let rows = console::ask(&bed.program, url, &["messages", "list", "--json", "--limit", "100000"]).await?;
    let text = |row| Ok(serde_json::from_str::<serde_json::Value>(row)?["text"].as_str().context("a text")?.to_owned());
    rows.lines().rev().map(text).collect()
}

async fn fills_up_and_gets_room_again(bed: &mut Testbed, disk: &Disk, url: &str) -> anyhow::Result<()> {
    let mut site = bed.site(url, &[]).await?;
    site.welcome(&[READER]).await?;
    let ballast = disk.fill_up_to(400)?;
    let mut expected = post_until_refused(&site, "before").await?;
    ensure!(!expected.is_empty(), "no post was stored before the disk was full");
    for _ in 0..5 {
        let refused = ApiClient(site.api).tweet(READER, &"refused ".repeat(30), 1).await?;
        ensure!(refused == StatusCode::SERVICE_UNAVAILABLE, "with a full disk a post is answered {refused}");
    }
    let newest = ApiClient(site.api).texts("/msgs?no=1").await?;
    ensure!(newest.first() == expected.last(), "the newest message cannot be read while the disk is full");
    std::fs::remove_file(ballast)?;
    let works = async || Ok(ApiClient(site.api).tweet(READER, "after", 2).await? == StatusCode::NO_CONTENT);
    until("posts are stored again", RECOVERY, works).await?;
    expected.push("after".into());
    ensure!(stored_texts(bed, url).await? == expected, "what is stored is not what was answered");
    site.server.check()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_under_sqlite_means_503_with_nothing_half_written_until_there_is_room() -> anyhow::Result<()> {
    let _turn = TURN.lock().await;
    let Some(mut bed) = Testbed::new()? else { return Ok(()) };
    let Some(disk) = Disk::of(8)? else { return Ok(()) };
    let url = format!("sqlite://{}", disk.path().join("small.db").display());
    fills_up_and_gets_room_again(&mut bed, &disk, &url).await?;
    let mut connection = SqliteConnection::connect(&url).await?;
    let (verdict,): (String,) = sqlx::query_as("PRAGMA integrity_check").fetch_one(&mut connection).await?;
    ensure!(verdict == "ok", "SQLite's integrity check: {verdict}");
    connection.close().await?;
    bed.clear().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_under_postgresql_means_503_with_nothing_half_written_until_there_is_room() -> anyhow::Result<()> {
    let _turn = TURN.lock().await;
    let Some((mut bed, cluster)) = bed_and_cluster().await? else { return Ok(()) };
    let Some(disk) = Disk::of(24)? else { return Ok(()) };
    let space = disk.path().join("space");
    std::fs::create_dir(&space)?;
    cluster.give(&space)?;
    let statement = format!("CREATE TABLESPACE small LOCATION '{}'", space.display());
    cluster.run("postgres", &statement).await?;
    cluster.run("postgres", "CREATE DATABASE small TABLESPACE small").await?;
    fills_up_and_gets_room_again(&mut bed, &disk, &cluster.url("small")).await?;
    drop(cluster);
    bed.clear().await
}
