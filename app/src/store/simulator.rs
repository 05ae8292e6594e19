//! `latest`: the last number that the simulator sent.

use sqlx::FromRow;

use super::journal::Pending;
use super::{Result, Store, one};

/// The simulator's last number, and when it came.
#[derive(Clone, Copy, Debug, FromRow)]
pub struct Latest {
    /// -1 when none came yet.
    pub latest: i64,
    /// Microseconds since 1970, UTC; 0 when none came yet.
    pub changed_at: i64,
}

impl Store {
    /// Hands `latest` over to be stored, before anything else of the request is; wait for the result before answering.
    ///
    /// # Errors
    /// Too much waits already.
    pub async fn set_latest(&self, latest: i64, now: i64) -> Result<Pending> {
        self.journal.set_latest(latest, now).await
    }

    /// The last number, whichever replica received it.
    ///
    /// # Errors
    /// The database fails.
    pub async fn latest(&self) -> Result<Latest> {
        one!(self, Latest, "SELECT latest, changed_at FROM simulator WHERE id = 1")
    }
}
