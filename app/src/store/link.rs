//! One connection of the pool, kept by a task that uses it all the time; after an error the next use takes another.

use sqlx::pool::PoolConnection;
use sqlx::{Postgres, Sqlite};

use super::patience::Patience;
use super::{Pools, Result};

/// The kept connection.
pub(super) enum Kept {
    Sqlite(PoolConnection<Sqlite>),
    Postgres(PoolConnection<Postgres>),
}

/// Where a task's connection comes from, and the connection once there is one.
pub(super) struct Link {
    pools: Pools,
    writes: bool,
    patience: Patience,
    kept: Option<Kept>,
}

impl Link {
    pub(super) fn new(pools: Pools, writes: bool, patience: Patience) -> Self {
        Self { pools, writes, patience, kept: None }
    }

    /// Lends the connection to `work`; when that fails, the connection is given up, since it may be the cause.
    pub(super) async fn with<T>(&mut self, work: impl AsyncFnOnce(&mut Kept) -> sqlx::Result<T>) -> Result<T> {
        let mut kept = match self.kept.take() {
            Some(kept) => kept,
            None => self.patience.within(acquire(&self.pools, self.writes)).await?,
        };
        let turn = match &self.pools {
            Pools::Sqlite { turn, .. } if self.writes => Some(turn.clone()),
            _ => None,
        };
        let done = self.patience.within(async {
            let _turn = match &turn {
                Some(turn) => Some(turn.lock().await),
                None => None,
            };
            work(&mut kept).await
        });
        let done = done.await;
        match &done {
            Ok(_) => self.kept = Some(kept),
            Err(_) => kept.give_up(),
        }
        done
    }
}

async fn acquire(pools: &Pools, writes: bool) -> sqlx::Result<Kept> {
    Ok(match pools {
        Pools::Sqlite { write, .. } if writes => Kept::Sqlite(write.acquire().await?),
        Pools::Sqlite { read, .. } => Kept::Sqlite(read.acquire().await?),
        Pools::Postgres(pool) => Kept::Postgres(pool.acquire().await?),
    })
}

impl Kept {
    /// Closes instead of returning it to the pool: a transaction may be half open.
    fn give_up(self) {
        match self {
            Self::Sqlite(mut connection) => connection.close_on_drop(),
            Self::Postgres(mut connection) => connection.close_on_drop(),
        }
    }
}
