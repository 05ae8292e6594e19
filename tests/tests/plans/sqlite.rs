//! SQLite's plans: `EXPLAIN QUERY PLAN` of each statement that the driver was seen to run.

use std::collections::BTreeSet;
use std::fmt::Debug;
use std::sync::{Arc, Mutex, PoisonError};

use sqlx::{AssertSqlSafe, Connection, FromRow, SqliteConnection};
use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};

use crate::SMALL;

/// What the driver tells at the level TRACE.
#[derive(Clone, Default)]
pub struct Statements(Arc<Mutex<BTreeSet<String>>>);

/// Begins to listen to the driver, in the whole process.
pub fn catch() -> anyhow::Result<Statements> {
    let statements = Statements::default();
    tracing::subscriber::set_global_default(tracing_subscriber::registry().with(statements.clone()))?;
    Ok(statements)
}

impl Statements {
    /// All so far, but for those that only begin and end transactions and set up a connection.
    pub fn seen(&self) -> BTreeSet<String> {
        let seen = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let verbs = ["SELECT", "INSERT", "UPDATE", "DELETE", "WITH"];
        seen.iter()
            .filter(|statement| verbs.iter().any(|verb| statement.trim_start().starts_with(verb)))
            .cloned()
            .collect()
    }
}

impl<S: Subscriber> Layer<S> for Statements {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        if event.metadata().target() == "sqlx::query" {
            let mut words = Words::default();
            event.record(&mut words);
            // A statement of up to four words is its own summary.
            let text = if words.statement.is_empty() { words.summary } else { words.statement };
            self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(text.trim().to_owned());
        }
    }
}

#[derive(Default)]
struct Words {
    summary: String,
    statement: String,
}

impl Visit for Words {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "summary" => value.clone_into(&mut self.summary),
            "db.statement" => value.clone_into(&mut self.statement),
            _ => {}
        }
    }

    fn record_debug(&mut self, _: &Field, _: &dyn Debug) {}
}

/// A line of a plan.
#[derive(FromRow)]
struct Step {
    parent: i64,
    detail: String,
}

/// What is wrong with the plans of these statements.
pub async fn faults(url: &str, statements: &BTreeSet<String>) -> anyhow::Result<BTreeSet<String>> {
    let mut connection = SqliteConnection::connect(url).await?;
    let mut faults = BTreeSet::new();
    for statement in statements {
        // To insert a row, SQLite plans to look for rows that refer to it, and does so only while a violation is pending.
        let keys =
            if statement.starts_with("INSERT") { "PRAGMA foreign_keys = off" } else { "PRAGMA foreign_keys = on" };
        sqlx::raw_sql(keys).execute(&mut connection).await?;
        let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}"));
        let steps: Vec<Step> = sqlx::query_as(explain).fetch_all(&mut connection).await?;
        let shown: Vec<&str> = steps.iter().map(|step| step.detail.as_str()).collect();
        faults.extend(judge(statement, &steps).map(|fault| format!("{fault}\n{statement}\n{}", shown.join("\n"))));
    }
    connection.close().await?;
    Ok(faults)
}

fn judge(statement: &str, steps: &[Step]) -> Option<String> {
    let made: Vec<&str> = steps.iter().filter_map(|step| made_by(&step.detail)).collect();
    steps.iter().find_map(|step| {
        let detail = step.detail.as_str();
        let scanned = detail.strip_prefix("SCAN ").map(|rest| rest.split(' ').next().unwrap_or_default());
        if let Some(table) = scanned
            && !(made.contains(&table) || SMALL.contains(&table) || of_no_table(detail))
        {
            return Some(format!("reads the whole of {table}: {detail}"));
        }
        // A range alone may be the whole table: then only a limit ends it.
        if detail.starts_with("SEARCH ") && !detail.contains("=?") && !statement.contains("LIMIT") {
            return Some(format!("reads a range without a limit: {detail}"));
        }
        // A plan does not tell what is read and thrown away: of many messages few are flagged.
        let one_row = detail.contains("(rowid=?)");
        if statement.contains("flagged = 1")
            && detail.starts_with("SEARCH m")
            && !(one_row || detail.contains("flagged"))
        {
            return Some(format!("reads what is not flagged: {detail}"));
        }
        if detail.starts_with("USE TEMP B-TREE") {
            let fed_by = steps.iter().filter(|other| other.parent == step.parent).map(|other| other.detail.as_str());
            // What is sorted must be made already, with its own limit; a row more may be looked up for each of it.
            let unbounded =
                fed_by.filter(|other| other.starts_with("SEARCH ")).find(|other| !other.contains("(rowid=?)"));
            return unbounded.map(|source| format!("sorts all of a search: {source}"));
        }
        None
    })
}

/// The name of a result in between. SQLite makes one only for what it cannot merge into the statement around it: what has
/// a limit, or unites.
fn made_by(detail: &str) -> Option<&str> {
    detail.strip_prefix("MATERIALIZE ").or_else(|| detail.strip_prefix("CO-ROUTINE "))
}

fn of_no_table(detail: &str) -> bool {
    detail == "SCAN CONSTANT ROW" || detail.contains(" VIRTUAL TABLE ")
}

#[tokio::test]
async fn what_reads_or_sorts_a_whole_table_is_condemned_on_sqlite() -> anyhow::Result<()> {
    let _turn = crate::TURN.lock().await;
    let folder = tempfile::tempdir()?;
    let url = format!("sqlite:{}", folder.path().join("judge.db").display());
    crate::open(&url).await?.migrate().await?;
    for bad in [
        "SELECT * FROM messages",
        "SELECT id FROM messages WHERE text = $1 LIMIT 1",
        "SELECT id FROM messages WHERE id > $1",
        "SELECT id FROM messages WHERE author_id = $1 ORDER BY posted_at LIMIT 1",
        "SELECT id FROM messages ORDER BY posted_at DESC LIMIT 30",
        "SELECT u.username FROM users u JOIN sessions s ON s.user_id = u.id WHERE u.email = $1",
        "DELETE FROM sessions WHERE address = $1",
        "SELECT count(*) FROM messages WHERE flagged = 1",
        "DELETE FROM users WHERE id = $1",
        "SELECT id FROM messages INDEXED BY messages_of_author WHERE author_id = $1 AND flagged = 1 LIMIT 30",
    ] {
        let found = faults(&url, &BTreeSet::from([bad.to_owned()])).await?;
        assert!(!found.is_empty(), "{bad} is let through");
    }
    Ok(())
}
