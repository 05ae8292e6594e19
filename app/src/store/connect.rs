//! Opens the pools with the settings that durability and speed need.

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use secrecy::{ExposeSecret, SecretString};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, pool::PoolOptions};

use super::patience::{Instruments, Patience};
use super::wal_index::WalIndex;
use super::{Pools, Result, StoreError};

/// Which database, and how patiently.
#[derive(Clone, Debug)]
pub struct Options {
    /// `sqlite:PATH`, `sqlite://PATH` or `postgres://…`; it may hold a password.
    pub url: SecretString,
    /// How many connections at most.
    pub connections: u32,
    /// How long one statement, with the wait for a connection, may take.
    pub timeout: Duration,
    /// What is measured.
    pub instruments: Instruments,
}

pub(super) async fn open(options: &Options, patience: &Patience) -> Result<Pools> {
    let url = options.url.expose_secret();
    if url.starts_with("sqlite:") {
        sqlite(url, options, patience).await
    } else if url.starts_with("postgres:") || url.starts_with("postgresql:") {
        postgres(url, options, patience).await
    } else {
        Err(StoreError::setting("the database's URL must begin with sqlite: or postgres:"))
    }
}

/// Connections wait no longer for each other than a statement may take. No ping before use: a broken connection shows
/// itself, and sqlx looks after each use whether it still lives.
fn pool<DB: sqlx::Database>(options: &Options, connections: u32) -> PoolOptions<DB> {
    PoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(options.timeout)
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
}

/// `synchronous=FULL` with WAL: a commit that was answered survives a power cut.
async fn sqlite(url: &str, options: &Options, patience: &Patience) -> Result<Pools> {
    let connect = SqliteConnectOptions::from_str(url)?
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(options.timeout)
        .pragma("cache_size", "-8192")
        .pragma("temp_store", "memory")
        // Below what the program ever shows; a test listens, to ask for the plan of each statement.
        .log_statements(log::LevelFilter::Trace)
        .log_slow_statements(log::LevelFilter::Off, Duration::MAX);
    let path = connect.get_filename().to_owned();
    // One for the journal, one for everything else; they take turns.
    let write: SqlitePoolOptions = pool(options, 2);
    let write = patience.within(write.connect_with(connect.clone())).await?;
    let read: SqlitePoolOptions = pool(options, options.connections.max(2));
    let read = patience.within(read.connect_with(connect.pragma("query_only", "on"))).await?;
    let index = WalIndex::of(&path);
    Ok(Pools::Sqlite { read, write, turn: Arc::default(), index })
}

async fn postgres(url: &str, options: &Options, patience: &Patience) -> Result<Pools> {
    let milliseconds = options.timeout.as_millis().to_string();
    let connect = PgConnectOptions::from_str(url)?
        .application_name("minitwit")
        .options([
            ("statement_timeout", milliseconds.as_str()),
            ("idle_in_transaction_session_timeout", milliseconds.as_str()),
        ])
        .disable_statement_logging();
    // The journal and the version check keep a connection each.
    let pool: PgPoolOptions = pool(options, options.connections.max(3));
    match patience.within(pool.connect_with(connect.clone())).await {
        Ok(pool) => Ok(Pools::Postgres(pool)),
        // The pool tries again and again, and then does not tell why it failed.
        Err(error) if error.is_timeout() => Err(patience.within(connect.connect()).await.err().unwrap_or(error)),
        Err(error) => Err(error),
    }
}
