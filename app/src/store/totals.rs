//! How much there is: read from the totals that the schema's triggers keep, so that nobody counts rows.

use super::{Pools, Result, Store, all};

/// Rows per table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Registered users.
    pub users: i64,
    /// Messages, flagged ones included.
    pub messages: i64,
    /// Flagged messages.
    pub flagged: i64,
    /// Pairs of who follows whom.
    pub followers: i64,
    /// Sessions that have not ended.
    pub sessions: i64,
}

/// Connections of the pool at a moment.
#[derive(Clone, Copy, Debug)]
pub struct PoolState {
    /// In use.
    pub used: u32,
    /// Open and free.
    pub idle: u32,
    /// The most there may be.
    pub max: u32,
}

impl Store {
    /// Reads all totals.
    ///
    /// # Errors
    /// The database fails.
    pub async fn totals(&self) -> Result<Totals> {
        let mut totals = Totals::default();
        for (name, total) in all!(self, (String, i64), "SELECT name, total FROM totals")? {
            match name.as_str() {
                "users" => totals.users = total,
                "messages" => totals.messages = total,
                "flagged" => totals.flagged = total,
                "followers" => totals.followers = total,
                "sessions" => totals.sessions = total,
                _ => {}
            }
        }
        Ok(totals)
    }

    /// How the pool stands; for SQLite, the connections that read and the one that writes together.
    #[must_use]
    pub fn pool_state(&self) -> PoolState {
        match &self.pools {
            Pools::Sqlite { read, write, .. } => {
                let (read, write) = (state(read), state(write));
                PoolState { used: read.used + write.used, idle: read.idle + write.idle, max: read.max + write.max }
            }
            Pools::Postgres(pool) => state(pool),
        }
    }
}

fn state<DB: sqlx::Database>(pool: &sqlx::Pool<DB>) -> PoolState {
    let idle = u32::try_from(pool.num_idle()).unwrap_or(u32::MAX);
    PoolState { used: pool.size().saturating_sub(idle), idle, max: pool.options().get_max_connections() }
}
