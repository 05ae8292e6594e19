//! The most that a database can do for new messages: many rows in each transaction, made durable, one after the other.

use std::str::FromStr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::ensure;
use sqlx::query::Query;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{
    AssertSqlSafe, Connection, Database, Encode, Executor, PgConnection, Postgres, Sqlite, SqliteConnection, Type,
    query, query_scalar,
};

use crate::database::System;
use crate::load::posting::TEXT;
use crate::load::round::Round;

/// A connection that inserts groups of messages, with the site's schema: its keys, indexes and triggers.
pub struct GroupedInsert {
    connection: Raw,
    authors: Vec<i64>,
    statement: Arc<str>,
}

enum Raw {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

/// In microseconds since 1970; which time it is makes no difference here.
const POSTED_AT: i64 = 1_751_356_800_000_000;

const AUTHORS: &str = "SELECT id FROM users ORDER BY id LIMIT $1";

impl GroupedInsert {
    /// Opens the database with the durability that the site promises; each group will have `rows` messages.
    pub async fn open(system: &System, url: &str, rows: u16) -> anyhow::Result<Self> {
        let limit = i64::from(rows);
        let (connection, authors) = match system {
            System::Sqlite => {
                let mut connection = sqlite(url).await?;
                let authors: Vec<i64> = query_scalar(AUTHORS).bind(limit).fetch_all(&mut connection).await?;
                (Raw::Sqlite(connection), authors)
            }
            System::Postgres(_) => {
                let mut connection = postgres(url).await?;
                let authors: Vec<i64> = query_scalar(AUTHORS).bind(limit).fetch_all(&mut connection).await?;
                (Raw::Postgres(connection), authors)
            }
        };
        ensure!(!authors.is_empty(), "the seeded database has no users");
        let authors: Vec<i64> = authors.iter().copied().cycle().take(rows.into()).collect();
        Ok(Self { connection, authors, statement: statement(rows).into() })
    }

    /// Commits groups for some time. A request is a row; its latency is that of its group.
    pub async fn round(&mut self, length: Duration) -> anyhow::Result<Round> {
        let mut round = Round::default();
        let started = Instant::now();
        while started.elapsed() < length {
            let begun = Instant::now();
            let rows = self.commit_group().await?;
            let took = begun.elapsed();
            round.requests += rows;
            (0..rows).for_each(|_| round.latency.record(took));
        }
        round.elapsed = started.elapsed();
        Ok(round)
    }

    async fn commit_group(&mut self) -> sqlx::Result<u64> {
        let statement = AssertSqlSafe(self.statement.clone());
        match &mut self.connection {
            Raw::Sqlite(connection) => {
                let group = bound(query::<Sqlite>(statement), &self.authors);
                Ok(group.execute(connection).await?.rows_affected())
            }
            Raw::Postgres(connection) => {
                let group = bound(query::<Postgres>(statement), &self.authors);
                Ok(group.execute(connection).await?.rows_affected())
            }
        }
    }
}

fn bound<'q, DB: Database>(insert: Query<'q, DB, DB::Arguments>, authors: &[i64]) -> Query<'q, DB, DB::Arguments>
where
    for<'t> i64: Encode<'t, DB> + Type<DB>,
    for<'t> &'t str: Encode<'t, DB> + Type<DB>,
{
    authors.iter().fold(insert, |insert, author| insert.bind(*author).bind(TEXT).bind(POSTED_AT))
}

fn statement(rows: u16) -> String {
    let row = |row: u16| format!("(${}, ${}, ${})", row * 3 + 1, row * 3 + 2, row * 3 + 3);
    let rows: Vec<String> = (0..rows).map(row).collect();
    format!("INSERT INTO messages (author_id, text, posted_at) VALUES {}", rows.join(", "))
}

async fn sqlite(url: &str) -> anyhow::Result<SqliteConnection> {
    let options = SqliteConnectOptions::from_str(url)?
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true);
    Ok(SqliteConnection::connect_with(&options).await?)
}

async fn postgres(url: &str) -> anyhow::Result<PgConnection> {
    let mut connection = PgConnection::connect(url).await?;
    connection.execute("SET synchronous_commit = on").await?;
    let fsync: String = query_scalar("SHOW fsync").fetch_one(&mut connection).await?;
    ensure!(fsync == "on", "PostgreSQL runs with fsync={fsync}, so nothing is durable and the comparison says nothing");
    Ok(connection)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCHEMA: &str = "CREATE TABLE users (id INTEGER PRIMARY KEY);
        CREATE TABLE messages (id INTEGER PRIMARY KEY, author_id INTEGER NOT NULL REFERENCES users (id),
            text TEXT NOT NULL, posted_at INTEGER NOT NULL);
        INSERT INTO users VALUES (7), (8);";

    #[tokio::test]
    async fn every_group_is_durable_and_has_all_its_rows() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite://{}?mode=rwc", folder.path().join("raw.db").display());
        let mut other = sqlite(&url).await.expect("the file can be made");
        other.execute(SCHEMA).await.expect("the schema is good");
        let mut inserts = GroupedInsert::open(&System::Sqlite, &url, 3).await.expect("the file is there");
        for _ in 0..2 {
            assert_eq!(inserts.commit_group().await.expect("the rows are good"), 3);
        }
        let of_author: Vec<(i64, i64)> =
            sqlx::query_as("SELECT author_id, count(*) FROM messages WHERE posted_at > 0 GROUP BY 1 ORDER BY 1")
                .fetch_all(&mut other)
                .await
                .expect("the table is there");
        assert_eq!(of_author, [(7, 4), (8, 2)]);
        let Raw::Sqlite(connection) = &mut inserts.connection else { panic!("it is SQLite") };
        let synchronous: i64 = query_scalar("PRAGMA synchronous").fetch_one(connection).await.expect("it is known");
        assert_eq!(synchronous, 2, "2 is FULL");
    }
}
