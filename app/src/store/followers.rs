//! Who follows whom.

use super::{Result, Store, all, one};
use crate::domain::UserId;

impl Store {
    /// `who` follows `whom` from now on; `false` if they did before. Durable when it returns.
    ///
    /// # Errors
    /// The database fails.
    pub async fn follow(&self, who: UserId, whom: UserId, now: i64) -> Result<bool> {
        self.journal.follow(who, whom, now).await
    }

    /// `who` follows `whom` no longer; `false` if they did not. Durable when it returns.
    ///
    /// # Errors
    /// The database fails.
    pub async fn unfollow(&self, who: UserId, whom: UserId) -> Result<bool> {
        self.journal.unfollow(who, whom).await
    }

    /// Whether `who` follows `whom`.
    ///
    /// # Errors
    /// The database fails.
    pub async fn follows(&self, who: UserId, whom: UserId) -> Result<bool> {
        let sql = "SELECT count(*) FROM followers WHERE who_id = $1 AND whom_id = $2";
        Ok(one!(self, (i64,), sql, who, whom)?.0 > 0)
    }

    /// Names that `who` follows, at most `limit`, in the order of their numbers.
    ///
    /// # Errors
    /// The database fails.
    pub async fn followed_by(&self, who: UserId, limit: i64) -> Result<Vec<String>> {
        let sql =
            "SELECT u.username FROM (SELECT whom_id FROM followers WHERE who_id = $1 ORDER BY whom_id LIMIT $2) AS f
             JOIN users u ON u.id = f.whom_id ORDER BY f.whom_id";
        Ok(all!(self, (String,), sql, who, limit)?.into_iter().map(|(name,)| name).collect())
    }
}
