//! The role with which Grafana reads sees its views, and nothing else.

use anyhow::ensure;
use sqlx::{AssertSqlSafe, PgConnection, query_scalar};

use crate::stage::Stage;

/// All that it may see.
const COLUMNS: &[&str] = &[
    "authors.last_posted_at",
    "authors.messages",
    "authors.username",
    "posts_by_day.authors",
    "posts_by_day.day",
    "posts_by_day.messages",
    "posts_by_hour.authors",
    "posts_by_hour.hour",
    "posts_by_hour.messages",
    "simulator.changed_at",
    "simulator.latest",
    "totals.name",
    "totals.total",
    "totals_by_hour.flagged",
    "totals_by_hour.followers",
    "totals_by_hour.hour",
    "totals_by_hour.messages",
    "totals_by_hour.users",
];

/// What it may not do, whatever it sets for itself.
const FORBIDDEN: &[&str] = &[
    "CREATE TABLE reporting.mine (a int)",
    "CREATE TABLE public.mine (a int)",
    "CREATE TEMPORARY TABLE mine (a int)",
    "CREATE SCHEMA mine",
    "CREATE ROLE mine",
    "ALTER ROLE grafana CREATEDB",
    "ALTER VIEW reporting.totals RENAME TO mine",
    "CREATE OR REPLACE VIEW reporting.totals AS SELECT 1",
    "COPY public.users TO STDOUT",
    "COPY reporting.totals TO PROGRAM 'cat'",
    "SELECT pg_read_file('postgresql.conf')",
    "SELECT rolpassword FROM pg_authid",
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'postgres'",
    "SET ROLE postgres",
    "SET SESSION AUTHORIZATION postgres",
];

/// It may not; or nobody could, since a view is no table, or one that cannot be written to.
const REFUSED: [&str; 4] = ["42501", "42809", "55000", "0A000"];
const OUT_OF_TIME: &str = "57014";

/// The code of the error that a statement ends with; empty if it is done.
async fn code(connection: &mut PgConnection, statement: &str) -> anyhow::Result<String> {
    match sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(connection).await {
        Ok(_) => Ok(String::new()),
        Err(sqlx::Error::Database(error)) => Ok(error.code().unwrap_or_default().into_owned()),
        Err(error) => Err(error.into()),
    }
}

async fn relations(stage: &Stage, schema: &'static str) -> anyhow::Result<Vec<String>> {
    let sql = "SELECT format('%I.%I', schemaname, name) FROM (
        SELECT schemaname, tablename AS name FROM pg_tables UNION ALL SELECT schemaname, viewname FROM pg_views) AS r
        WHERE schemaname = $1 ORDER BY 1";
    Ok(query_scalar(sql).bind(schema).fetch_all(&mut stage.superuser().await?).await?)
}

#[tokio::test]
async fn the_reader_sees_its_views_and_no_other_column() -> anyhow::Result<()> {
    let Some(stage) = Stage::set().await? else { return Ok(()) };
    let sql = "SELECT table_name || '.' || column_name FROM information_schema.columns
        WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1";
    let mut reader = stage.reader().await?;
    let seen: Vec<String> = query_scalar(sql).fetch_all(&mut reader).await?;
    assert_eq!(seen, COLUMNS);
    for view in relations(&stage, "reporting").await? {
        let code = code(&mut reader, &format!("SELECT * FROM {view}")).await?;
        ensure!(code.is_empty(), "{view} cannot be read: {code}");
    }
    Ok(())
}

#[tokio::test]
async fn the_reader_reads_and_writes_nothing_else() -> anyhow::Result<()> {
    let Some(stage) = Stage::set().await? else { return Ok(()) };
    let (tables, views) = (relations(&stage, "public").await?, relations(&stage, "reporting").await?);
    ensure!(tables.len() > 10 && views.len() > 5, "{tables:?} {views:?}");
    let mut reader = stage.reader().await?;
    let wish: String = query_scalar("SHOW default_transaction_read_only").fetch_one(&mut reader).await?;
    assert_eq!(wish, "on");
    // That is a wish, which anybody may take back. What it may do is another matter.
    ensure!(code(&mut reader, "SET default_transaction_read_only = off").await?.is_empty(), "it may wish for more");
    let reads = tables.iter().map(|table| format!("SELECT * FROM {table}"));
    let writes = tables.iter().chain(&views).flat_map(|relation| {
        let verbs = ["DELETE FROM", "TRUNCATE", "DROP TABLE", "DROP VIEW"];
        verbs.map(|verb| format!("{verb} {relation}"))
    });
    let inserts = tables.iter().chain(&views).map(|relation| format!("INSERT INTO {relation} DEFAULT VALUES"));
    for statement in reads.chain(writes).chain(inserts).chain(FORBIDDEN.iter().map(ToString::to_string)) {
        let code = code(&mut reader, &statement).await?;
        ensure!(REFUSED.contains(&code.as_str()), "{statement}: {code:?}");
    }
    Ok(())
}

#[tokio::test]
async fn the_readers_statements_end_in_time_and_the_file_can_be_run_again() -> anyhow::Result<()> {
    let Some(stage) = Stage::set().await? else { return Ok(()) };
    stage.admit_reader().await?;
    assert_eq!(code(&mut stage.reader().await?, "SELECT pg_sleep(60)").await?, OUT_OF_TIME);
    Ok(())
}
