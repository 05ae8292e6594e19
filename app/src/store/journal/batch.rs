//! One commit: messages in one statement, then follows in their order, then the last `latest`.

use sqlx::Connection;
use sqlx::{PgConnection, SqliteConnection};

use super::Record;
use crate::domain::UserId;
use crate::store::link::Kept;

const POST_SQLITE: &str = "INSERT INTO messages (author_id, text, posted_at)
     SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each($1) ORDER BY key";
/// Several statements, run in turn; when one fails, the connection is given up, and the transaction with it.
const POST_AND_LATEST_SQLITE: &str = "BEGIN IMMEDIATE;
     INSERT INTO messages (author_id, text, posted_at)
     SELECT value ->> 0, value ->> 1, value ->> 2 FROM json_each($1) ORDER BY key;
     UPDATE simulator SET latest = $2, changed_at = $3 WHERE id = 1;
     COMMIT";
const POST_POSTGRES: &str = "INSERT INTO messages (author_id, text, posted_at)
     SELECT author_id, text, posted_at FROM unnest($1::bigint[], $2::text[], $3::bigint[]) AS new (author_id, text, posted_at)";
/// A statement that is not asked for rows is run last, so `latest` is always locked after messages.
const POST_AND_LATEST_POSTGRES: &str = "WITH moved AS (UPDATE simulator SET latest = $4, changed_at = $5 WHERE id = 1)
     INSERT INTO messages (author_id, text, posted_at)
     SELECT author_id, text, posted_at FROM unnest($1::bigint[], $2::text[], $3::bigint[]) AS new (author_id, text, posted_at)";
const FOLLOW: &str = "INSERT INTO followers (who_id, whom_id, followed_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
const UNFOLLOW: &str = "DELETE FROM followers WHERE who_id = $1 AND whom_id = $2";
const LATEST: &str = "UPDATE simulator SET latest = $1, changed_at = $2 WHERE id = 1";

/// The records of a batch, sorted by what is done with them. Every writer takes the database's locks in this order, so
/// that two replicas never wait for each other in a circle.
struct Sorted<'a> {
    authors: Vec<UserId>,
    texts: Vec<&'a str>,
    times: Vec<i64>,
    graph: Vec<(usize, &'a Record)>,
    latest: Option<(i64, i64)>,
}

impl<'a> Sorted<'a> {
    fn new(records: &'a [Record]) -> Self {
        let mut sorted =
            Self { authors: Vec::new(), texts: Vec::new(), times: Vec::new(), graph: Vec::new(), latest: None };
        for (place, record) in records.iter().enumerate() {
            match record {
                Record::Post { author, text, at } => {
                    sorted.authors.push(*author);
                    sorted.texts.push(text);
                    sorted.times.push(*at);
                }
                Record::Follow { .. } | Record::Unfollow { .. } => sorted.graph.push((place, record)),
                Record::Latest { latest, at } => sorted.latest = Some((*latest, *at)),
            }
        }
        sorted
    }

    fn posts_as_json(&self) -> String {
        let rows: Vec<_> =
            self.authors.iter().zip(&self.texts).zip(&self.times).map(|((a, t), at)| (a.0, t, at)).collect();
        serde_json::to_string(&rows).expect("numbers and strings always serialize")
    }
}

/// Stores all records in one transaction and returns, for each, how many rows changed.
pub(super) async fn commit(connection: &mut Kept, records: &[Record]) -> sqlx::Result<Vec<u64>> {
    let sorted = Sorted::new(records);
    let mut changed = vec![1; records.len()];
    match connection {
        Kept::Sqlite(connection) => sqlite(connection, &sorted, &mut changed).await?,
        Kept::Postgres(connection) => postgres(connection, &sorted, &mut changed).await?,
    }
    Ok(changed)
}

/// Follows, unfollows and `latest` read the same on both databases.
macro_rules! graph_and_latest {
    ($transaction:expr, $sorted:expr, $changed:expr) => {
        for (place, record) in &$sorted.graph {
            let query = match record {
                Record::Follow { who, whom, at } => sqlx::query(FOLLOW).bind(who).bind(whom).bind(at),
                Record::Unfollow { who, whom } => sqlx::query(UNFOLLOW).bind(who).bind(whom),
                Record::Post { .. } | Record::Latest { .. } => continue,
            };
            $changed[*place] = query.execute(&mut *$transaction).await?.rows_affected();
        }
        if let Some((latest, at)) = $sorted.latest {
            sqlx::query(LATEST).bind(latest).bind(at).execute(&mut *$transaction).await?;
        }
    };
}

async fn sqlite(connection: &mut SqliteConnection, sorted: &Sorted<'_>, changed: &mut [u64]) -> sqlx::Result<()> {
    // Without follows it is one text, which spares the ways to the connection's thread and back.
    if sorted.graph.is_empty() {
        let query = match sorted.latest {
            Some((latest, at)) if sorted.authors.is_empty() => sqlx::query(LATEST).bind(latest).bind(at),
            Some((latest, at)) => {
                sqlx::query(POST_AND_LATEST_SQLITE).bind(sorted.posts_as_json()).bind(latest).bind(at)
            }
            None => sqlx::query(POST_SQLITE).bind(sorted.posts_as_json()),
        };
        return query.execute(connection).await.map(drop);
    }
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    if !sorted.authors.is_empty() {
        sqlx::query(POST_SQLITE).bind(sorted.posts_as_json()).execute(&mut *transaction).await?;
    }
    graph_and_latest!(transaction, sorted, changed);
    transaction.commit().await
}

async fn postgres(connection: &mut PgConnection, sorted: &Sorted<'_>, changed: &mut [u64]) -> sqlx::Result<()> {
    // Without follows a single statement does, which is a transaction by itself and saves the way there and back twice.
    if sorted.graph.is_empty() {
        return posts_and_latest(connection, sorted).await;
    }
    let mut transaction = connection.begin().await?;
    if !sorted.authors.is_empty() {
        posts(sorted, POST_POSTGRES).execute(&mut *transaction).await?;
    }
    graph_and_latest!(transaction, sorted, changed);
    transaction.commit().await
}

async fn posts_and_latest(connection: &mut PgConnection, sorted: &Sorted<'_>) -> sqlx::Result<()> {
    let query = match sorted.latest {
        Some((latest, at)) if sorted.authors.is_empty() => sqlx::query(LATEST).bind(latest).bind(at),
        Some((latest, at)) => posts(sorted, POST_AND_LATEST_POSTGRES).bind(latest).bind(at),
        None => posts(sorted, POST_POSTGRES),
    };
    query.execute(connection).await.map(drop)
}

type PostgresQuery<'q> = sqlx::query::Query<'q, sqlx::Postgres, sqlx::postgres::PgArguments>;

fn posts<'q>(sorted: &'q Sorted<'q>, sql: &'static str) -> PostgresQuery<'q> {
    sqlx::query(sql).bind(&sorted.authors).bind(&sorted.texts).bind(&sorted.times)
}
