//! Since when lines wait: since they were printed, as far as Docker says that, or else since they were read.

use std::time::{Duration, Instant};

use jiff::Timestamp;

/// A line that is older was printed while the clock was not set: it is taken to be as old as its reading.
const OLDEST: Duration = Duration::from_hours(24 * 366 * 10);

/// A moment that a jump of the clock does not move: when something was read, and how old it was then.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Since {
    read: Instant,
    before: Duration,
}

impl Since {
    /// When it was read.
    #[must_use]
    pub fn read(read: Instant) -> Self {
        Self { read, before: Duration::ZERO }
    }

    /// When a line was printed that was read at `read`, which was `now` by the clock. What is said to be printed in the
    /// future, or more than ten years ago, counts from its reading.
    #[must_use]
    pub fn printed(second: &Second, read: Instant, now: Timestamp) -> Self {
        let before = second.timestamp().and_then(|printed| now.duration_since(printed).try_into().ok());
        Self { read, before: before.filter(|before| *before <= OLDEST).unwrap_or_default() }
    }

    /// How long that is ago.
    #[must_use]
    pub fn age(&self, now: Instant) -> Duration {
        self.before.saturating_add(now.saturating_duration_since(self.read))
    }
}

/// The second at which a line was printed, as Docker writes it; compares without being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Second([u8; 19]);

impl Second {
    /// That of a time like `2026-11-25T09:00:00.123Z`; none of a text that is too short to be one.
    #[must_use]
    pub fn of(time: &str) -> Option<Self> {
        time.as_bytes().first_chunk().copied().map(Self)
    }

    fn timestamp(&self) -> Option<Timestamp> {
        format!("{}Z", std::str::from_utf8(&self.0).ok()?).parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const DAY: u64 = 24 * 3_600;

    #[rstest]
    #[case::printed_before_it_was_read("2026-11-27T12:00:00.9Z", DAY)]
    #[case::printed_by_a_clock_that_goes_before("2026-11-28T12:00:09Z", 0)]
    #[case::printed_in_the_far_future("9999-12-31T23:59:59Z", 0)]
    #[case::printed_before_the_clock_was_set("1970-01-01T00:00:07Z", 0)]
    #[case::no_such_day("2026-02-31T00:00:00Z", 0)]
    fn a_line_is_as_old_as_it_says_if_that_can_be(#[case] time: &str, #[case] seconds: u64) {
        let (read, now) = (Instant::now(), "2026-11-28T12:00:00Z".parse().unwrap());
        let since = Since::printed(&Second::of(time).unwrap(), read, now);
        assert_eq!(since.age(read + Duration::from_secs(5)), Duration::from_secs(seconds + 5));
        assert_eq!(since.age(read.checked_sub(Duration::from_secs(1)).unwrap()), Duration::from_secs(seconds));
    }

    #[test]
    fn what_says_no_time_waits_since_it_was_read() {
        let read = Instant::now();
        assert_eq!(Since::read(read).age(read + Duration::from_secs(5)), Duration::from_secs(5));
        assert_eq!(Second::of("noon"), None);
    }
}
