//! Slows down and then refuses those who guess passwords, by account and by address; all replicas count together.
//!
//! | Failures in 15 minutes | The next attempt on the account | The next attempt from the address |
//! |---|---|---|
//! | up to 4 | nothing | nothing |
//! | 5 to 9 | 0.25 s more for each | nothing |
//! | 10 and more | 429, until 30 s, doubling, at most 5 minutes, after the last | nothing |
//! | 50 and more | | the same 429 |
//!
//! A refused attempt is not counted, so that an owner gets a turn however often others knock, and a success forgets the
//! account's failures. The password is not even looked at while an account rests.

use std::time::Duration;

use crate::App;
use crate::error::{Error, Result};
use crate::store::Failures;

const FORGOTTEN_AFTER: i64 = 15 * 60 * SECOND;
const FREE: i64 = 5;
const ACCOUNT_MAX: i64 = 10;
const ADDRESS_MAX: i64 = 50;
const STEP: Duration = Duration::from_millis(250);
const FIRST_REST: i64 = 30 * SECOND;
const LONGEST_REST: i64 = 300 * SECOND;
const SECOND: i64 = 1_000_000;

/// An attempt to sign in, with the hashes under which its failures are counted.
#[derive(Debug)]
pub struct Attempt {
    account: [u8; 32],
    address: [u8; 32],
}

impl Attempt {
    /// Admits an attempt, at once or after a delay.
    ///
    /// # Errors
    /// 429 with the seconds to wait; or the database fails.
    pub async fn admit(app: &App, name: &str, address: &str) -> Result<Self> {
        // What somebody typed as a name may be a password.
        let account = app.store.keyed_hash(&format!("account {name}")).await?;
        let attempt = Self { account, address: app.store.keyed_hash(&format!("address {address}")).await? };
        let of_account = app.store.failures(&attempt.account).await?;
        let from_address = app.store.failures(&attempt.address).await?;
        let now = app.clock.now();
        let wait = rest(of_account, ACCOUNT_MAX, now).max(rest(from_address, ADDRESS_MAX, now));
        if wait > 0 {
            let seconds = u64::try_from(wait.div_euclid(SECOND) + 1).unwrap_or(1);
            return Err(Error::TooManyFailures(seconds));
        }
        // Counted before the password is looked at: guesses that come all at once must not all be looked at.
        let counted = count(app, &attempt.account, of_account, ACCOUNT_MAX, now).await?
            && count(app, &attempt.address, from_address, ADDRESS_MAX, now).await?;
        if !counted {
            return Err(Error::TooManyFailures(FIRST_REST.unsigned_abs() / SECOND.unsigned_abs()));
        }
        tokio::time::sleep(delay(of_account, now)).await;
        Ok(attempt)
    }

    /// The password was not looked at after all.
    ///
    /// # Errors
    /// The database fails.
    pub async fn withdrawn(&self, app: &App) -> Result<()> {
        app.store.take_back_attempt(&self.account).await?;
        app.store.take_back_attempt(&self.address).await?;
        Ok(())
    }

    /// The password was right.
    ///
    /// # Errors
    /// The database fails.
    pub async fn succeeded(&self, app: &App) -> Result<()> {
        app.store.forget_failures(&self.account).await?;
        app.store.take_back_attempt(&self.address).await?;
        Ok(())
    }
}

async fn count(app: &App, subject: &[u8; 32], seen: Option<Failures>, limit: i64, now: i64) -> Result<bool> {
    Ok(app.store.count_attempt(subject, seen, limit, now, forgotten(now)).await?)
}

/// Failures before this moment no longer count.
#[must_use]
pub fn forgotten(now: i64) -> i64 {
    now - FORGOTTEN_AFTER
}

fn current(failures: Option<Failures>, now: i64) -> i64 {
    failures.filter(|f| f.last_failed > forgotten(now)).map_or(0, |f| f.failures)
}

/// How long the subject still rests, in microseconds.
fn rest(failures: Option<Failures>, limit: i64, now: i64) -> i64 {
    let over = current(failures, now) - limit;
    match failures {
        Some(failures) if over >= 0 => {
            let doublings = u32::try_from(over).unwrap_or(u32::MAX).min(8);
            let rest = (FIRST_REST << doublings).min(LONGEST_REST);
            (failures.last_failed + rest - now).clamp(0, LONGEST_REST)
        }
        _ => 0,
    }
}

fn delay(of_account: Option<Failures>, now: i64) -> Duration {
    let steps = (current(of_account, now) - FREE + 1).clamp(0, ACCOUNT_MAX - FREE);
    STEP * u32::try_from(steps).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[expect(clippy::unnecessary_wraps, reason = "that is how the store answers")]
    fn failed(failures: i64, last_failed: i64) -> Option<Failures> {
        Some(Failures { failures, last_failed })
    }

    #[test]
    fn a_few_slips_cost_nothing_and_more_cost_time() {
        assert_eq!(delay(None, 0), Duration::ZERO);
        assert_eq!(delay(failed(4, 0), SECOND), Duration::ZERO);
        assert_eq!(delay(failed(6, 0), SECOND), Duration::from_millis(500));
        assert_eq!(rest(failed(9, 0), ACCOUNT_MAX, SECOND), 0);
    }

    #[test]
    fn rests_double_up_to_five_minutes_and_end() {
        assert_eq!(rest(failed(10, 0), ACCOUNT_MAX, 0), FIRST_REST);
        assert_eq!(rest(failed(11, 0), ACCOUNT_MAX, 0), 2 * FIRST_REST);
        assert_eq!(rest(failed(1_000_000, 0), ACCOUNT_MAX, 0), LONGEST_REST);
        assert_eq!(rest(failed(1_000_000, 0), ACCOUNT_MAX, LONGEST_REST), 0);
    }

    #[test]
    fn old_failures_are_forgotten_and_a_clock_that_was_set_back_locks_nobody_out() {
        assert_eq!(delay(failed(9, 0), FORGOTTEN_AFTER), Duration::ZERO);
        assert!(rest(failed(11, 3_600 * SECOND), ACCOUNT_MAX, 0) <= LONGEST_REST);
    }
}
