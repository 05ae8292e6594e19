//! How fast a scenario is played.

use std::str::FromStr;
use std::time::Duration;

use anyhow::{Context, ensure};

use crate::scenario::Row;

/// The speed, against the times that the rows carry.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Pace {
    /// Each row at once after the one before.
    Max,
    /// So many times as fast as the rows' own times; a positive number.
    Times(f64),
}

impl FromStr for Pace {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        if text == "max" {
            return Ok(Self::Max);
        }
        let times: f64 = text.parse().context("it is neither a number nor max")?;
        ensure!(times.is_finite() && times > 0.0, "it must be more than 0");
        Ok(Self::Times(times))
    }
}

impl Pace {
    /// How long after `first` the row is due. A row that is late is played at once, and the next is not delayed by it.
    #[must_use]
    pub fn due(self, first: &Row, row: &Row) -> Duration {
        match self {
            Self::Max => Duration::ZERO,
            Self::Times(times) => {
                let own = Duration::from_millis(row.epoch_ms.saturating_sub(first.epoch_ms));
                Duration::try_from_secs_f64(own.as_secs_f64() / times).unwrap_or(Duration::MAX)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::parse;

    #[test]
    fn a_row_is_due_by_its_time_divided_by_the_speed() {
        let rows = parse(b"0\t0\t5000\ttweet\ta\tb\n1\t500\t5500\ttweet\ta\tb\n").expect("both rows are good");
        let due = |pace: &str| pace.parse::<Pace>().expect("the pace is good").due(&rows[0], &rows[1]);
        assert_eq!(due("0.5"), Duration::from_secs(1));
        assert_eq!(due("1000"), Duration::from_micros(500));
        assert_eq!(due("max"), Duration::ZERO);
    }

    #[test]
    fn a_speed_that_never_ends_is_refused() {
        for pace in ["0", "-1", "NaN", "inf", "fast", ""] {
            assert!(pace.parse::<Pace>().is_err(), "{pace}");
        }
    }
}
