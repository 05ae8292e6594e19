//! How long to wait before the next try.

use std::time::Duration;

/// The bounds of the waits between tries.
#[derive(Clone, Copy, Debug)]
pub struct Patience {
    /// The first wait at most; it doubles with each try.
    pub first: Duration,
    /// The longest wait.
    pub longest: Duration,
    /// The longest wait that a server can ask for by `Retry-After`.
    pub longest_asked: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { first: Duration::from_secs(1), longest: Duration::from_mins(1), longest_asked: Duration::from_mins(10) }
    }
}

impl Patience {
    /// The wait after `tries` tries: between a half of the bound and all of it, so that many shippers do not come back at
    /// the same moment. `chance` is between 0 and 1.
    fn wait(self, tries: u32, chance: f64) -> Duration {
        let bound = self.first.saturating_mul(1_u32.checked_shl(tries).unwrap_or(u32::MAX)).min(self.longest);
        let half = bound / 2;
        half + half.mul_f64(chance)
    }

    /// The wait after `tries` tries in vain; at least what the server asked for.
    pub(super) fn next(self, tries: u32, asked: Option<Duration>) -> Duration {
        let asked = asked.map_or(Duration::ZERO, |asked| asked.min(self.longest_asked));
        self.wait(tries, chance()).max(asked)
    }
}

fn chance() -> f64 {
    // Without random numbers the waits are as long as they can be.
    f64::from(getrandom::u32().unwrap_or(u32::MAX)) / f64::from(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest() {
        let patience = Patience::default();
        let bounds = [0, 1, 2, 5, 6, 31, 32, u32::MAX].map(|tries| patience.wait(tries, 1.0).as_secs());
        assert_eq!(bounds, [1, 2, 4, 32, 60, 60, 60, 60]);
        assert_eq!(patience.wait(3, 0.25), Duration::from_secs(5));
        assert_eq!(patience.wait(0, 0.0), Duration::from_millis(500));
    }

    #[test]
    fn what_the_server_asks_for_is_kept_within_bounds() {
        let patience = Patience::default();
        assert_eq!(patience.next(0, Some(Duration::from_secs(30))), Duration::from_secs(30));
        assert_eq!(patience.next(0, Some(Duration::from_hours(24))), Duration::from_mins(10));
    }

    #[test]
    fn chance_is_spread() {
        let chances: Vec<_> = (0..200).map(|_| chance()).collect();
        assert!(chances.iter().all(|chance| (0.0..=1.0).contains(chance)));
        assert!(chances.iter().any(|chance| *chance < 0.5) && chances.iter().any(|chance| *chance > 0.5));
    }
}
