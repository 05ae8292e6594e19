//! Two sides that do the same work in turn, and the ratio between them.

use std::time::Duration;

use crate::latency::Latency;
use crate::load::grouped_insert::GroupedInsert;
use crate::load::round::{Errors, Round, Until, drive, float};
use crate::load::visit::Visit;
use crate::load::workload::Wanted;
use crate::server::Server;
use crate::usage::Usage;

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// Requests per second.
    Rate,
    /// The median of the latency.
    Median,
}

/// One side: work, and the process that does it.
pub struct Side<'a> {
    /// What it is called in the tables.
    pub name: &'static str,
    /// What it does.
    pub work: Work<'a>,
}

/// What a side does in a round.
pub enum Work<'a> {
    /// Requests to a server.
    Visits(Vec<Visit>, &'a mut Server),
    /// Inserts, by this process itself.
    Inserts(GroupedInsert),
}

/// What all rounds of one side have measured.
#[derive(Default)]
pub struct Measured {
    /// The side's name.
    pub name: &'static str,
    /// Requests per second of each round.
    pub rates: Vec<f64>,
    /// The median latency of each round.
    pub medians: Vec<Duration>,
    /// The latencies of all rounds.
    pub latency: Latency,
    /// The right answers of all rounds.
    pub requests: u64,
    /// The wrong ones.
    pub errors: Errors,
    /// Processor time over all rounds, and memory at the end; None where no other process did the work.
    pub usage: Option<Usage>,
}

/// What a comparison is about.
pub struct Subject {
    /// The work.
    pub work: String,
    /// The database system.
    pub database: &'static str,
    /// What the ratio is of.
    pub measure: Measure,
    /// What is wanted of the ratio.
    pub wanted: Wanted,
}

/// The outcome of a comparison.
pub struct Comparison {
    /// What it is about.
    pub subject: Subject,
    /// Both sides; the ratio is that of the first to the second.
    pub sides: [Measured; 2],
}

/// A ratio over several rounds.
#[derive(Clone, Copy, Debug, PartialEq)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Ratio {
    pub median: f64,
    pub least: f64,
    pub most: f64,
}

impl Side<'_> {
    /// Works for one round; `connections` is for requests only.
    pub async fn round(&mut self, connections: u16, length: Duration) -> anyhow::Result<Round> {
        match &mut self.work {
            Work::Visits(visits, server) => {
                server.cut_log()?;
                Ok(drive(visits, connections, Until::Elapsed(length)).await)
            }
            Work::Inserts(inserts) => inserts.round(length).await,
        }
    }

    /// What the server has used so far; None where this process does the work.
    pub fn usage(&mut self) -> anyhow::Result<Option<Usage>> {
        match &mut self.work {
            Work::Visits(_, server) => server.usage().map(Some),
            Work::Inserts(_) => Ok(None),
        }
    }
}

impl Measured {
    /// Adds a round, with what the server had used before and after it.
    pub fn add(&mut self, name: &'static str, round: Round, usage: Option<(Usage, Usage)>) {
        self.name = name;
        self.rates.push(round.rate());
        self.medians.push(round.latency.quantile(0.5).unwrap_or_default());
        self.latency.merge(&round.latency);
        self.requests += round.requests;
        self.errors.merge(round.errors);
        self.usage = usage.map(|(before, after)| {
            let sofar = self.usage.map_or(Duration::ZERO, |usage| usage.cpu);
            Usage { cpu: sofar + after.cpu.saturating_sub(before.cpu), ..after }
        });
    }

    /// Requests per second: the median of the rounds.
    #[must_use]
    pub fn rate(&self) -> f64 {
        Ratio::of(self.rates.clone()).median
    }

    /// Processor seconds of the server per 1,000 requests.
    #[must_use]
    pub fn cpu_per_1000(&self) -> Option<f64> {
        let usage = self.usage.filter(|_| self.requests > 0)?;
        Some(usage.cpu.as_secs_f64() / float(self.requests) * 1000.0)
    }
}

impl Comparison {
    /// The ratio of the first side to the second, of each pair of rounds.
    #[must_use]
    pub fn ratio(&self) -> Ratio {
        let figures = |side: &Measured| match self.subject.measure {
            Measure::Rate => side.rates.clone(),
            Measure::Median => side.medians.iter().map(Duration::as_secs_f64).collect(),
        };
        let [first, second] = [figures(&self.sides[0]), figures(&self.sides[1])];
        Ratio::of(first.iter().zip(second).map(|(first, second)| first / second).collect())
    }
}

impl Ratio {
    /// The middle and the ends of some numbers; NaN when there are none, or when one of them is.
    #[must_use]
    pub fn of(mut numbers: Vec<f64>) -> Self {
        if numbers.is_empty() || numbers.iter().any(|number| number.is_nan()) {
            return Self { median: f64::NAN, least: f64::NAN, most: f64::NAN };
        }
        numbers.sort_by(f64::total_cmp);
        let middle = numbers.len() / 2;
        let other_middle = (numbers.len() - 1) / 2;
        let median = f64::midpoint(numbers[middle], numbers[other_middle]);
        Self { median, least: numbers[0], most: numbers[numbers.len() - 1] }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(millis: &[u64], rates: &[f64]) -> Measured {
        let medians = millis.iter().map(|millis| Duration::from_millis(*millis)).collect();
        Measured { medians, rates: rates.to_vec(), ..Measured::default() }
    }

    #[test]
    fn the_ratio_is_that_of_rounds_that_were_neighbours() {
        let sides = [measured(&[30, 20, 40], &[10.0, 30.0, 20.0]), measured(&[10, 20, 10], &[20.0, 30.0, 80.0])];
        let wanted = Wanted::AtLeast(0.7);
        let subject = Subject { work: String::new(), database: "sqlite", measure: Measure::Rate, wanted };
        let mut comparison = Comparison { subject, sides };
        assert_eq!(comparison.ratio(), Ratio { median: 0.5, least: 0.25, most: 1.0 });
        comparison.subject.measure = Measure::Median;
        let ratio = comparison.ratio();
        assert!((ratio.median - 3.0).abs() < 1e-9 && (ratio.most - 4.0).abs() < 1e-9);
    }

    #[test]
    fn the_median_of_an_even_count_lies_between_the_two_in_the_middle() {
        assert_eq!(Ratio::of(vec![4.0, 1.0, 3.0, 2.0]), Ratio { median: 2.5, least: 1.0, most: 4.0 });
    }

    #[test]
    fn a_side_without_answers_has_no_ratio() {
        assert!(Ratio::of(vec![1.0, f64::NAN]).median.is_nan());
        assert!(!Wanted::AtLeast(0.7).is_met_by(f64::NAN) && !Wanted::AtMost(1.2).is_met_by(f64::NAN));
    }

    #[test]
    fn processor_time_adds_up_over_the_rounds() {
        let mut side = Measured::default();
        let at = |millis, rss| Usage { cpu: Duration::from_millis(millis), rss, peak_rss: 9 };
        for (before, after) in [(at(100, 5), at(300, 6)), (at(1000, 7), at(1200, 8))] {
            let round = Round { requests: 100, elapsed: Duration::from_secs(1), ..Round::default() };
            side.add("site", round, Some((before, after)));
        }
        assert_eq!(side.usage, Some(at(400, 8)));
        assert!((side.cpu_per_1000().expect("there is a process") - 2.0).abs() < 1e-9);
    }
}
