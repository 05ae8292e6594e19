//! How both databases answer each statement of the store with 100,000 messages: never by reading or sorting a whole table.
//!
//! Each statement is caught as the store sends it: from SQLite's side of the driver, and in PostgreSQL's own log, where
//! `auto_explain` notes what was really done. The store's source tells whether a statement was missed.

mod exercise;
mod postgres;
mod source;
mod sqlite;

use std::collections::BTreeSet;

use anyhow::ensure;
use e2e::cluster::Cluster;
use e2e::database::{Databases, System};
use e2e::seed::Plan;
use minitwit::store::{Instruments, Options, Store};
use source::Dialect;
use tokio::sync::Mutex;

const PLAN: Plan = Plan { users: 1_000, messages: 100_000, followees: 40 };

/// Tables whose number of rows does not grow with the site.
const SMALL: [&str; 9] = [
    "totals",
    "simulator",
    "roll_up",
    "keys",
    "_sqlx_migrations",
    "schema_floor",
    "sqlite_schema",
    "pg_class",
    "pg_namespace",
];

/// So often that PostgreSQL makes up its mind between a plan for the values and one for all values.
const REPETITIONS: usize = 20;

/// The driver tells of all databases together, so their tests take turns.
static TURN: Mutex<()> = Mutex::const_new(());

async fn open(url: &str) -> anyhow::Result<Store> {
    let timeout = std::time::Duration::from_secs(30);
    let options = Options { url: url.into(), connections: 3, timeout, instruments: Instruments::default() };
    Ok(Store::open(&options).await?)
}

fn nothing(faults: &BTreeSet<String>) -> anyhow::Result<()> {
    ensure!(faults.is_empty(), "{}", faults.iter().map(String::as_str).collect::<Vec<_>>().join("\n\n"));
    Ok(())
}

#[tokio::test]
async fn on_sqlite_no_statement_reads_or_sorts_a_whole_table() -> anyhow::Result<()> {
    let _turn = TURN.lock().await;
    let statements = sqlite::catch()?;
    let mut databases = Databases::new(None)?;
    let url = databases.seeded(&System::Sqlite, "plans", PLAN).await?;
    let empty = open(&databases.create(&System::Sqlite, "empty").await?).await?;
    let store = open(&url).await?;
    exercise::migrate(&empty).await?;
    exercise::everything(&store, 0).await?;
    store.close().await;
    empty.close().await;
    let statements = statements.seen();
    nothing(&source::missing(Dialect::Sqlite, &statements)?)?;
    nothing(&sqlite::faults(&url, &statements).await?)?;
    databases.remove().await
}

#[tokio::test]
async fn on_postgresql_no_statement_reads_or_sorts_a_whole_table() -> anyhow::Result<()> {
    let _turn = TURN.lock().await;
    let Some(cluster) = Cluster::start(&postgres::SETTINGS).await? else { return Ok(()) };
    let mut databases = Databases::new(None)?;
    let system = cluster.system()?;
    let url = databases.seeded(&system, "plans", PLAN).await?;
    postgres::fill(&url).await?;
    for statement in postgres::EXPLAIN {
        cluster.run("postgres", statement).await?;
    }
    let empty = open(&databases.create(&system, "empty").await?).await?;
    exercise::migrate(&empty).await?;
    empty.close().await;
    let store = open(&url).await?;
    for round in 0..REPETITIONS {
        exercise::everything(&store, round).await?;
    }
    store.close().await;
    let plans = postgres::plans(&cluster.log()?)?;
    let statements = plans.iter().map(|plan| plan.statement.clone()).collect();
    nothing(&source::missing(Dialect::Postgres, &statements)?)?;
    nothing(&plans.iter().flat_map(postgres::faults).collect())?;
    databases.remove().await
}
