//! Every statement of SQL that dashboards have, run by Grafana's role on a database with a million messages.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use dashboards::grafana::{self, DataSource, Origin};
use e2e::monitoring::product;
use serde_json::Value;
use sqlx::{AssertSqlSafe, PgConnection, query_scalar};

use crate::history::History;
use crate::stage::Stage;

/// A panel asks for as much as this at most.
const TIME: Duration = Duration::from_millis(50);

/// What a noisy machine lets through at least once.
const TRIES: usize = 10;

/// Blocks of 8 KiB, as many as all roll-ups of years have.
const BLOCKS: u64 = 2_000;

/// A statement, and in which panel it stands.
struct Statement {
    panel: u32,
    place: String,
    sql: String,
}

fn statements(history: &History) -> anyhow::Result<Vec<Statement>> {
    let mut statements = Vec::new();
    for dashboard in grafana::read(&product("dashboards/grafana/sources"))? {
        for query in grafana::queries(&dashboard).into_iter().filter(|query| query.source == DataSource::Postgres) {
            let Origin::Panel { id, title, .. } = query.origin else { anyhow::bail!("a statement without a panel") };
            let panel = dashboard.panels().find(|panel| panel.id == id).context("the panel is there")?;
            let days = panel.range.as_deref().unwrap_or("1d").strip_suffix('d').context("a range is in days")?;
            let sql = grafana::expand(&query.text, &history.before(days.parse()?), &history.before(0), 3_600)?;
            statements.push(Statement { panel: id, place: format!("{}, panel {id} ({title})", dashboard.uid), sql });
        }
    }
    Ok(statements)
}

async fn rows(reader: &mut PgConnection, statement: &Statement) -> anyhow::Result<Vec<Value>> {
    let sql = format!("SELECT to_json(answer) FROM ({}) answer", statement.sql);
    let rows: Vec<Value> = query_scalar(AssertSqlSafe(sql)).fetch_all(reader).await.context(statement.place.clone())?;
    Ok(rows)
}

/// The plan that PostgreSQL has made of a statement, and what it took.
async fn plan(reader: &mut PgConnection, statement: &Statement) -> anyhow::Result<Value> {
    let sql = format!("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {}", statement.sql);
    let plan: Value = query_scalar(AssertSqlSafe(sql)).fetch_one(reader).await.context(statement.place.clone())?;
    Ok(plan[0]["Plan"].clone())
}

/// All relations that a plan reads.
fn relations(plan: &Value, into: &mut BTreeSet<String>) {
    into.extend(plan["Relation Name"].as_str().map(str::to_owned));
    for part in plan["Plans"].as_array().into_iter().flatten() {
        relations(part, into);
    }
}

async fn quickest(reader: &mut PgConnection, statement: &Statement) -> anyhow::Result<Duration> {
    let mut least = Duration::MAX;
    for _ in 0..TRIES {
        let began = Instant::now();
        rows(reader, statement).await?;
        least = least.min(began.elapsed());
    }
    Ok(least)
}

#[tokio::test]
async fn each_statement_answers_exactly_and_reads_little() -> anyhow::Result<()> {
    let Some(stage) = Stage::set().await? else { return Ok(()) };
    let history = History::write(&stage).await?;
    let mut reader = stage.reader().await?;
    let statements = statements(&history)?;
    ensure!(statements.len() > 10, "only {} statements were found", statements.len());
    for statement in &statements {
        let found = rows(&mut reader, statement).await?;
        history.check(statement.panel, &found).with_context(|| statement.place.clone())?;
        let plan = plan(&mut reader, statement).await?;
        let mut read = BTreeSet::new();
        relations(&plan, &mut read);
        ensure!(!read.contains("messages"), "{}: it reads messages: {plan}", statement.place);
        let blocks = ["Shared Hit Blocks", "Shared Read Blocks"].map(|name| plan[name].as_u64().unwrap_or(u64::MAX));
        ensure!(blocks.iter().sum::<u64>() < BLOCKS, "{}: it reads {blocks:?} blocks", statement.place);
        let took = quickest(&mut reader, statement).await?;
        ensure!(took < TIME, "{}: it takes {took:?} at its best", statement.place);
    }
    Ok(())
}
