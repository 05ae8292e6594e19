//! What is kept: users, messages, who follows whom, sessions, the simulator's `latest`; in SQLite or PostgreSQL.
//!
//! Each statement is one text that both databases understand; the few that cannot be stand side by side. Statements that
//! write messages, follows and `latest` go through the [`journal`], which commits what waits together.

mod connect;
mod fault;
mod followers;
mod freshness;
mod gather;
mod journal;
mod keys;
mod link;
mod messages;
mod moderation;
mod patience;
mod roll_up;
mod schema;
mod sessions;
mod sign_in_failures;
mod simulator;
mod totals;
mod users;
mod wal_index;

use std::sync::Arc;

use sqlx::{PgPool, SqlitePool};
use tokio::sync::OnceCell;

pub use connect::Options;
pub use fault::StoreError;
pub use freshness::Version;
pub use journal::Pending;
pub use moderation::{Listed, ListedPost};
pub use patience::Instruments;
pub use schema::{Schema, SchemaError};
pub use sessions::{NewSession, Session, SessionInfo};
pub use sign_in_failures::Failures;
pub use simulator::Latest;
pub use totals::{PoolState, Totals};
pub use users::{Credentials, UserInfo};

use freshness::Freshness;
use journal::Journal;
use patience::Patience;
use sessions::KnownSessions;
use wal_index::WalIndex;

use crate::domain::User;

/// A result with the store's error.
pub type Result<T, E = StoreError> = std::result::Result<T, E>;

/// The database, open. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    pools: Pools,
    journal: Journal,
    freshness: Freshness,
    /// Users by name. A user is never renamed or removed, so what is here holds for ever.
    known: Arc<quick_cache::sync::Cache<String, User>>,
    sessions: KnownSessions,
    /// See [`Store::keyed_hash`]; read when it is first needed, since a new database has none yet.
    name_key: Arc<OnceCell<[u8; 32]>>,
    patience: Patience,
}

/// Native pools.
#[derive(Clone)]
enum Pools {
    /// SQLite lets one connection write at a time; `turn` makes writers of this process queue in order, which its busy
    /// handler does not.
    Sqlite {
        read: SqlitePool,
        write: SqlitePool,
        turn: Arc<tokio::sync::Mutex<()>>,
        index: Option<WalIndex>,
    },
    Postgres(PgPool),
}

/// How many users [`Store::user`] remembers.
const KNOWN_USERS: usize = 10_000;

impl Store {
    /// Opens the database. The schema is not looked at: see [`Store::migrate`] and [`Store::check_schema`].
    ///
    /// # Errors
    /// The URL is not understood, or the database does not answer within the time-out.
    pub async fn open(options: &Options) -> Result<Self> {
        let patience = Patience { timeout: options.timeout, instruments: options.instruments.clone() };
        let pools = connect::open(options, &patience).await?;
        Ok(Self {
            journal: Journal::start(pools.clone(), patience.clone()),
            freshness: Freshness::start(pools.clone(), patience.clone()),
            known: Arc::new(quick_cache::sync::Cache::new(KNOWN_USERS)),
            sessions: KnownSessions::default(),
            name_key: Arc::default(),
            patience,
            pools,
        })
    }

    /// Finishes what waits and closes all connections.
    pub async fn close(&self) {
        self.journal.close().await;
        self.freshness.close().await;
        match &self.pools {
            Pools::Sqlite { read, write, .. } => {
                read.close().await;
                write.close().await;
            }
            Pools::Postgres(pool) => pool.close().await,
        }
    }

    /// Which database it is, as OpenTelemetry calls it (`db.system.name`).
    #[must_use]
    pub fn system(&self) -> &'static str {
        match self.pools {
            Pools::Sqlite { .. } => "sqlite",
            Pools::Postgres(_) => "postgresql",
        }
    }
}

/// Runs one statement on whichever pool there is: `all!(store, Row, "SELECT … $1", argument)`.
macro_rules! fetch {
    ($store:expr, $row:ty, $method:ident, $sql:expr $(, $argument:expr)* $(,)?) => {
        match &$store.pools {
            $crate::store::Pools::Sqlite { read, .. } => {
                $crate::store::on!($store, read, sqlx::query_as::<_, $row>($sql)$(.bind($argument))*, $method)
            }
            $crate::store::Pools::Postgres(pool) => {
                $crate::store::on!($store, pool, sqlx::query_as::<_, $row>($sql)$(.bind($argument))*, $method)
            }
        }
    };
}
/// Runs a query on a connection of `pool`, in the time that there is for it. Boxed, since the driver's futures are large and
/// a handler's future would carry them along even when nothing is asked.
macro_rules! on {
    ($store:expr, $pool:expr, $query:expr, $method:ident) => {{
        let work = Box::pin(async {
            let mut connection = $store.patience.connection($pool).await?;
            $query.$method(&mut *connection).await
        });
        $store.patience.within(work).await
    }};
}
macro_rules! all { ($store:expr, $row:ty, $($rest:tt)*) => { $crate::store::fetch!($store, $row, fetch_all, $($rest)*) }; }
macro_rules! one { ($store:expr, $row:ty, $($rest:tt)*) => { $crate::store::fetch!($store, $row, fetch_one, $($rest)*) }; }
macro_rules! maybe { ($store:expr, $row:ty, $($rest:tt)*) => { $crate::store::fetch!($store, $row, fetch_optional, $($rest)*) }; }
/// Runs a statement that changes rows and gives their number.
macro_rules! run {
    ($store:expr, $sql:expr $(, $argument:expr)* $(,)?) => {
        match &$store.pools {
            $crate::store::Pools::Sqlite { write, turn, .. } => {
                let work = Box::pin(async {
                    let _turn = turn.lock().await;
                    let mut connection = $store.patience.connection(write).await?;
                    sqlx::query($sql)$(.bind($argument))*.execute(&mut *connection).await
                });
                $store.patience.within(work).await.map(|done| done.rows_affected())
            }
            $crate::store::Pools::Postgres(pool) => {
                $crate::store::on!($store, pool, sqlx::query($sql)$(.bind($argument))*, execute).map(|done| done.rows_affected())
            }
        }
    };
}
use {all, fetch, maybe, on, one, run};
