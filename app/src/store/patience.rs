//! How long the store waits for the database, and what of that is measured.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::time::{Duration, Instant};

use metrics::{Counter, Histogram};
use sqlx::pool::PoolConnection;
use sqlx::{Database, Pool};

use super::{Result, StoreError};

/// What the store measures.
#[derive(Clone)]
pub struct Instruments {
    /// Seconds that a statement waited for a connection.
    pub wait: Histogram,
    /// Statements that the database did not answer in time.
    pub timeouts: Counter,
}

impl Default for Instruments {
    /// Measures nothing.
    fn default() -> Self {
        Self { wait: Histogram::noop(), timeouts: Counter::noop() }
    }
}

impl fmt::Debug for Instruments {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Instruments")
    }
}

/// The bound on every statement, with the wait for a connection.
#[derive(Clone, Debug)]
pub(super) struct Patience {
    pub(super) timeout: Duration,
    pub(super) instruments: Instruments,
}

impl Patience {
    /// Runs a statement and gives its error our form; one that takes too long is given up.
    pub(super) async fn within<T>(&self, work: impl Future<Output = sqlx::Result<T>>) -> Result<T> {
        let result = match tokio::time::timeout(self.timeout, work).await {
            Ok(result) => result.map_err(StoreError::from),
            Err(_) => Err(StoreError::timed_out()),
        };
        if result.as_ref().is_err_and(StoreError::is_timeout) {
            self.instruments.timeouts.increment(1);
        }
        result
    }

    /// Takes a connection out of the pool.
    pub(super) async fn connection<DB: Database>(&self, pool: &Pool<DB>) -> sqlx::Result<Lent<DB>> {
        // Most of the time one is free, and there is nothing to measure.
        if let Some(connection) = pool.try_acquire() {
            self.instruments.wait.record(0.0);
            return Ok(Lent { connection, timeout: self.timeout });
        }
        let asked = Instant::now();
        let connection = pool.acquire().await;
        self.instruments.wait.record(asked.elapsed());
        Ok(Lent { connection: connection?, timeout: self.timeout })
    }
}

/// A connection out of the pool, which goes back by itself. One that does not answer by then is closed: the pool would
/// wait for it as long as the network says nothing, which may be for ever, and keep its place.
pub(super) struct Lent<DB: Database> {
    connection: PoolConnection<DB>,
    timeout: Duration,
}

impl<DB: Database> Deref for Lent<DB> {
    type Target = DB::Connection;

    fn deref(&self) -> &DB::Connection {
        &self.connection
    }
}

impl<DB: Database> DerefMut for Lent<DB> {
    fn deref_mut(&mut self) -> &mut DB::Connection {
        &mut self.connection
    }
}

impl<DB: Database> Drop for Lent<DB> {
    fn drop(&mut self) {
        tokio::spawn(tokio::time::timeout(self.timeout, self.connection.return_to_pool()));
    }
}
