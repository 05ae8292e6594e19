//! How long the server keeps documents.

use std::fmt;
use std::time::Duration;

const UNITS: [(u64, char); 4] = [(86_400, 'd'), (3_600, 'h'), (60, 'm'), (1, 's')];

/// A time of whole seconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Retention(u64);

impl Retention {
    /// As long as that; a part of a second is a whole one.
    #[must_use]
    pub const fn new(time: Duration) -> Self {
        Self(time.as_secs() + (time.subsec_nanos() > 0) as u64)
    }
}

impl Default for Retention {
    /// 30 days.
    fn default() -> Self {
        Self::new(Duration::from_hours(24 * 30))
    }
}

impl fmt::Display for Retention {
    /// As both servers take it: `30d`, `90m`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (seconds, unit) =
            UNITS.into_iter().find(|(seconds, _)| self.0.is_multiple_of(*seconds)).unwrap_or((1, 's'));
        write!(f, "{}{unit}", self.0 / seconds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_written_in_the_largest_unit_that_fits() {
        for (seconds, text) in [(30 * 86_400, "30d"), (36 * 3_600, "36h"), (5_400, "90m"), (61, "61s")] {
            assert_eq!(Retention::new(Duration::from_secs(seconds)).to_string(), text);
        }
        assert_eq!(Retention::new(Duration::from_millis(1)).to_string(), "1s");
        assert_eq!(Retention::default().to_string(), "30d");
    }
}
