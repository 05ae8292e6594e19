//! How often sign-in failed lately, by account and by address; all replicas count together.

use sqlx::FromRow;

use super::{Result, Store, maybe, run};

/// Failures of one subject.
#[derive(Clone, Copy, Debug, FromRow)]
pub struct Failures {
    /// How many, since they were last forgotten.
    pub failures: i64,
    /// When the last one was, in microseconds since 1970, UTC.
    pub last_failed: i64,
}

impl Store {
    /// The failures of a subject, given as a hash.
    ///
    /// # Errors
    /// The database fails.
    pub async fn failures(&self, subject: &[u8; 32]) -> Result<Option<Failures>> {
        maybe!(self, Failures, "SELECT failures, last_failed FROM sign_in_failures WHERE subject = $1", &subject[..])
    }

    /// Counts an attempt as a failure, before anybody knows; those before `forgotten` no longer count. `false`, and nothing
    /// is counted, when the subject has `limit` failures or more and is not as it was `seen`: of attempts that come at
    /// once after a rest, one is let through.
    ///
    /// # Errors
    /// The database fails.
    pub async fn count_attempt(
        &self,
        subject: &[u8; 32],
        seen: Option<Failures>,
        limit: i64,
        now: i64,
        forgotten: i64,
    ) -> Result<bool> {
        let seen = seen.unwrap_or(Failures { failures: -1, last_failed: -1 });
        let sql = "INSERT INTO sign_in_failures (subject, failures, last_failed) VALUES ($1, 1, $2)
             ON CONFLICT (subject) DO UPDATE SET last_failed = excluded.last_failed,
             failures = CASE WHEN sign_in_failures.last_failed <= $3 THEN 1 ELSE sign_in_failures.failures + 1 END
             WHERE sign_in_failures.failures < $4 OR sign_in_failures.last_failed <= $3
             OR (sign_in_failures.failures = $5 AND sign_in_failures.last_failed = $6)";
        Ok(run!(self, sql, &subject[..], now, forgotten, limit, seen.failures, seen.last_failed)? > 0)
    }

    /// Takes one attempt back: it was no failure.
    ///
    /// # Errors
    /// The database fails.
    pub async fn take_back_attempt(&self, subject: &[u8; 32]) -> Result<()> {
        let sql = "UPDATE sign_in_failures SET failures = failures - 1 WHERE subject = $1 AND failures > 0";
        run!(self, sql, &subject[..])?;
        Ok(())
    }

    /// Forgets the failures of a subject.
    ///
    /// # Errors
    /// The database fails.
    pub async fn forget_failures(&self, subject: &[u8; 32]) -> Result<()> {
        run!(self, "DELETE FROM sign_in_failures WHERE subject = $1", &subject[..])?;
        Ok(())
    }

    /// Removes subjects that did not fail since `before`, at most a thousand at once, and returns how many.
    ///
    /// # Errors
    /// The database fails.
    pub async fn remove_stale_failures(&self, before: i64) -> Result<u64> {
        let sql = "DELETE FROM sign_in_failures WHERE subject IN
             (SELECT subject FROM sign_in_failures WHERE last_failed <= $1 ORDER BY last_failed LIMIT 1000)";
        run!(self, sql, before)
    }
}
