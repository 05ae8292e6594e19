//! Latencies as a histogram: from a microsecond to a minute, to three significant figures.

use std::time::Duration;

use hdrhistogram::Histogram;

/// How long many requests took.
#[derive(Clone)]
pub struct Latency(Histogram<u64>);

impl Default for Latency {
    fn default() -> Self {
        Self(Histogram::new_with_bounds(1, 60_000_000, 3).expect("the bounds are in order"))
    }
}

impl Latency {
    /// Counts one request; what took over a minute counts as a minute.
    pub fn record(&mut self, took: Duration) {
        self.0.saturating_record(u64::try_from(took.as_micros()).unwrap_or(u64::MAX));
    }

    /// Counts all that `other` has counted.
    pub fn merge(&mut self, other: &Self) {
        self.0 += &other.0;
    }

    /// How many were counted.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.0.len()
    }

    /// The time within which the share `quantile` (0 to 1) was done; 1 is the longest. None when nothing was counted.
    #[must_use]
    pub fn quantile(&self, quantile: f64) -> Option<Duration> {
        (!self.0.is_empty()).then(|| Duration::from_micros(self.0.value_at_quantile(quantile)))
    }
}

/// A time in milliseconds with two decimals, or a dash.
#[must_use]
pub fn milliseconds(time: Option<Duration>) -> String {
    time.map_or_else(|| "-".to_owned(), |time| format!("{:.2} ms", time.as_secs_f64() * 1000.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_those_of_all_merged_requests() {
        let mut all = Latency::default();
        for half in [1..=50, 51..=100] {
            let mut part = Latency::default();
            half.for_each(|millis| part.record(Duration::from_millis(millis)));
            all.merge(&part);
        }
        assert_eq!(all.count(), 100);
        assert_eq!(milliseconds(all.quantile(0.5)), "50.01 ms");
        assert_eq!(milliseconds(all.quantile(1.0)), "100.03 ms");
    }

    #[test]
    fn nothing_counted_is_a_dash() {
        assert_eq!(milliseconds(Latency::default().quantile(0.5)), "-");
    }
}
