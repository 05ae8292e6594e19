//! Counts for dashboards, which the schema's triggers keep as far as they are told to.

use super::{Result, Store, one, run};

/// Messages that are counted in one statement, which others wait for on SQLite.
const STEP: i64 = 2_000;

impl Store {
    /// Counts the next messages, and how much there is at `now`; whether there are more. Of replicas that do so at once, one
    /// does it. Numbers of messages grow in the order in which they become visible, so that none is left out.
    ///
    /// # Errors
    /// The database fails; then nothing was counted.
    pub async fn roll_up(&self, now: i64) -> Result<bool> {
        let sql =
            "SELECT upto, coalesce((SELECT m.id FROM messages m WHERE m.id > upto ORDER BY m.id DESC LIMIT 1), upto)
             FROM roll_up WHERE id = 1";
        let (upto, newest) = one!(self, (i64, i64), sql)?;
        let next = newest.min(upto + STEP);
        let sql = "UPDATE roll_up SET upto = $1, at = $2 WHERE id = 1 AND upto = $3 AND at <= $2";
        run!(self, sql, next, now, upto)?;
        Ok(next < newest)
    }
}
