//! A database that is brought back, while nothing else of the stack is touched.

use std::time::Duration;

use anyhow::ensure;
use e2e::docker_engine::said;
use e2e::monitoring::product;
use e2e::platform::{HOST, Swarm};
use e2e::wait::until;

const PATIENCE: Duration = Duration::from_mins(2);

/// All that people have written: each table by a number and a sum.
const WRITTEN: &str = "SELECT table_name, query_to_xml(format(
    'SELECT count(*), md5(string_agg(t::text, chr(10) ORDER BY t::text)) FROM %I t', table_name), false, true, '')
    FROM unnest(ARRAY['users', 'messages', 'followers']) table_name";

/// What people wrote after the backup is gone with the old database; everything else is there, and as many replicas as before.
pub async fn a_backup_comes_back(swarm: &Swarm) -> anyhow::Result<()> {
    swarm.inside("backup", &["backup", "run"]).await?;
    let (saved, replicas) = (swarm.query(WRITTEN).await?, replicas(swarm).await?);
    let mut play = swarm.lan.command(env!("CARGO_BIN_EXE_simulate"));
    play.arg(product("tests/data/scenario.tsv")).args(["--url", &format!("http://api.{HOST}"), "--timeout", "10"]);
    said(&mut play).await?;
    let newer = swarm.query(WRITTEN).await?;
    ensure!(newer != saved, "nobody wrote anything");

    let refused = swarm.restore(&[]).await.err().map(|error| error.to_string()).unwrap_or_default();
    ensure!(refused.contains("--replace"), "rows are thrown away: {refused}");
    ensure!(swarm.query(WRITTEN).await? == newer, "a restoring that is refused changes rows");
    swarm.restore(&["--replace"]).await?;
    ensure!(swarm.query(WRITTEN).await? == saved, "what is restored differs from what was saved: {saved}");
    let are_back = async || Ok(self::replicas(swarm).await? == replicas);
    until("all replicas are back", PATIENCE, are_back).await?;
    swarm.serves().await
}

/// How many containers the site's services have.
async fn replicas(swarm: &Swarm) -> anyhow::Result<[usize; 2]> {
    let all = swarm.containers().await?;
    Ok(["web", "api"].map(|service| all.iter().filter(|container| container.service == service).count()))
}
