//! PostgreSQL's plans: those that `auto_explain` wrote into the server's log, with the rows that were really touched.

use std::collections::BTreeSet;

use anyhow::{Context, ensure};
use serde_json::Value;
use sqlx::{Connection, PgConnection};

use crate::SMALL;

/// What the server is started with; it explains nothing until [`EXPLAIN`] is run.
pub const SETTINGS: [&str; 7] = [
    "log_line_prefix=",
    "log_min_messages=log",
    "auto_explain.log_min_duration=0",
    "auto_explain.log_format=json",
    "auto_explain.log_analyze=on",
    "auto_explain.log_timing=off",
    "auto_explain.log_nested_statements=on",
];

/// From now on, each statement of a new connection is explained.
pub const EXPLAIN: [&str; 2] =
    ["ALTER SYSTEM SET session_preload_libraries = 'auto_explain'", "SELECT pg_reload_conf()"];

/// Rows that one step may touch: a page for each of 40 followees, and a good margin, but far from all of any table. A walk
/// along an index that ends early is as good as a search.
const TOUCHED: f64 = 5_000.0;

/// A statement and how it was answered once.
pub struct Explained {
    pub statement: String,
    plan: Value,
}

/// Makes the other tables large as well, and tells the planner.
pub async fn fill(url: &str) -> anyhow::Result<()> {
    let mut connection = PgConnection::connect(url).await?;
    for statement in [
        "UPDATE messages SET flagged = 1 WHERE id % 10 = 0",
        "INSERT INTO messages (author_id, text, posted_at) SELECT (SELECT min(id) FROM users), '', n
         FROM generate_series(1, 20000) AS n",
        "INSERT INTO users (username, email, password_hash, created_at)
         SELECT 'nobody ' || n, '', '', n FROM generate_series(1, 100000) AS n",
        "INSERT INTO followers SELECT a.id, b.id, 0 FROM users a JOIN users b ON b.id BETWEEN a.id + 1 AND a.id + 20
         WHERE a.id <= 1000 ON CONFLICT DO NOTHING",
        "INSERT INTO sessions SELECT sha256(n::text::bytea), (SELECT min(id) FROM users) + n % 1000, n, n, '', ''
         FROM generate_series(1, 20000) AS n",
        "INSERT INTO sign_in_failures SELECT sha256(n::text::bytea), 1, n FROM generate_series(1, 20000) AS n",
        "INSERT INTO posts_by_author SELECT id, 1, 0 FROM users",
        "VACUUM ANALYZE",
    ] {
        sqlx::raw_sql(statement).execute(&mut connection).await.with_context(|| statement.to_owned())?;
    }
    for table in ["totals", "simulator", "roll_up", "keys", "_sqlx_migrations", "schema_floor"] {
        let sql = sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {table}"));
        let (rows,): (i64,) = sqlx::query_as(sql).fetch_one(&mut connection).await?;
        ensure!(rows <= 10, "{table} is not small: it has {rows} rows");
    }
    Ok(connection.close().await?)
}

/// The plans in a log, whose continued lines begin with a tab.
pub fn plans(log: &str) -> anyhow::Result<Vec<Explained>> {
    let mut lines = log.lines().peekable();
    let mut plans = Vec::new();
    while let Some(line) = lines.next() {
        if line.starts_with("LOG:  duration: ") && line.ends_with(" plan:") {
            let mut json = String::new();
            while let Some(more) = lines.next_if(|line| line.starts_with('\t')) {
                json += more;
            }
            let plan: Value = serde_json::from_str(&json).context("a plan is not JSON")?;
            plans.push(Explained { statement: plan["Query Text"].as_str().context("a text")?.to_owned(), plan });
        }
    }
    ensure!(!plans.is_empty(), "there is no plan in the log");
    Ok(plans)
}

/// What is wrong with a plan.
pub fn faults(explained: &Explained) -> BTreeSet<String> {
    let mut faults = BTreeSet::new();
    judge(&explained.plan["Plan"], &mut faults);
    faults.into_iter().map(|fault| format!("{fault}\n{}", explained.statement)).collect()
}

fn judge(node: &Value, faults: &mut BTreeSet<String>) {
    let kind = node["Node Type"].as_str().unwrap_or_default();
    let table = node["Relation Name"].as_str().unwrap_or_default();
    if kind == "Seq Scan" && !SMALL.contains(&table) {
        faults.insert(format!("reads the whole of {table}"));
    }
    if touched(node) > TOUCHED {
        faults.insert(format!("{kind} {table} touches too many rows"));
    }
    node["Plans"].as_array().into_iter().flatten().for_each(|child| judge(child, faults));
}

/// The rows that a step gave on or threw away, in all its loops.
fn touched(node: &Value) -> f64 {
    let removed = ["Rows Removed by Filter", "Rows Removed by Index Recheck", "Rows Removed by Join Filter"];
    let each: f64 = std::iter::once("Actual Rows").chain(removed).filter_map(|key| node[key].as_f64()).sum();
    each * node["Actual Loops"].as_f64().unwrap_or(1.0)
}

#[test]
fn what_reads_or_touches_too_much_is_condemned_on_postgresql() -> anyhow::Result<()> {
    let bad = [
        r#"{"Node Type": "Seq Scan", "Relation Name": "messages", "Actual Rows": 3, "Actual Loops": 1}"#,
        r#"{"Node Type": "Index Only Scan", "Relation Name": "messages", "Actual Rows": 100000, "Actual Loops": 1}"#,
        r#"{"Node Type": "Limit", "Plans": [{"Node Type": "Sort", "Actual Rows": 100000, "Actual Loops": 1}]}"#,
        r#"{"Node Type": "Index Scan", "Index Cond": "(id > 0)", "Actual Rows": 30, "Rows Removed by Filter": 9000}"#,
        r#"{"Node Type": "Index Scan", "Index Cond": "(id > 0)", "Actual Rows": 1000, "Actual Loops": 40}"#,
    ];
    for node in bad {
        let log = format!("LOG:  duration: 0.1 ms  plan:\n\t{{\"Query Text\": \"SELECT\",\n\t\"Plan\": {node}}}\n");
        assert!(!faults(&plans(&log)?[0]).is_empty(), "{node} is let through");
    }
    Ok(())
}
