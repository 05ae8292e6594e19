//! The report: a table for people, or JSON for programs.

use std::fmt;

use serde_json::{Value, json};

use crate::latency::milliseconds;
use crate::load::comparison::{Comparison, Measure, Measured};
use crate::load::memory::Memory;
use crate::load::round::{Errors, float};
use crate::load::settings::Settings;
use log_shipper::table::Table;

/// What a load run has measured.
pub struct Report {
    /// The ratios.
    pub comparisons: Vec<Comparison>,
    /// The memory, by database system.
    pub memories: Vec<Memory>,
    conditions: String,
}

impl Report {
    /// A report of nothing yet.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        Self { comparisons: Vec::new(), memories: Vec::new(), conditions: settings.conditions() }
    }

    /// How many requests had no or a wrong answer.
    #[must_use]
    pub fn errors(&self) -> u64 {
        self.all_errors().iter().map(|(_, errors)| errors.count()).sum()
    }

    fn all_errors(&self) -> Vec<(String, &Errors)> {
        let sides = self.comparisons.iter().flat_map(|comparison| {
            let name = |side: &Measured| format!("{}, {}", comparison.title(), side.name);
            comparison.sides.iter().map(move |side| (name(side), &side.errors))
        });
        let memories = self.memories.iter().map(|memory| (format!("memory, {}", memory.database), &memory.errors));
        sides.chain(memories).filter(|(_, errors)| errors.count() > 0).collect()
    }

    fn comparisons_table(&self) -> Table<14> {
        let headings = [
            "work",
            "database",
            "side",
            "req/s",
            "p50",
            "p99",
            "CPU s/1,000",
            "RSS",
            "peak RSS",
            "ratio",
            "min..max",
            "of",
            "wanted",
            "met",
        ];
        let mut table = Table::new(headings, 3);
        for comparison in &self.comparisons {
            let [first, second] = &comparison.sides;
            table.row(joined(comparison.first_cells(), cells(first), comparison.ratio_cells()));
            table.row(joined([const { String::new() }; 2], cells(second), [const { String::new() }; 5]));
        }
        table
    }

    fn memories_table(&self) -> Table<8> {
        let mut table = Table::new(["memory", "at 10 %", "at 20 %", "at 50 %", "at 100 %", "peak", "ratio", "met"], 1);
        for memory in &self.memories {
            let at = |index: usize| memory.samples.get(index).map_or_else(|| "-".to_owned(), |sample| mib(sample.1));
            let [first, second, middle, last] = [0, 1, 4, 9].map(at);
            let (peak, ratio) = (mib(memory.peak_rss), format!("{:.2}", memory.ratio()));
            table.row([memory.database.to_owned(), first, second, middle, last, peak, ratio, yes(memory.is_met())]);
        }
        table
    }

    /// The same as a JSON object. Times are in seconds, memory is in KiB.
    #[must_use]
    pub fn json(&self) -> Value {
        let memories = self.memories.iter().map(|memory| {
            json!({
                "database": memory.database, "samples": memory.samples, "peak_rss": memory.peak_rss,
                "ratio": memory.ratio(), "met": memory.is_met(), "errors": memory.errors.count(),
            })
        });
        json!({
            "conditions": self.conditions,
            "comparisons": self.comparisons.iter().map(Comparison::json).collect::<Vec<_>>(),
            "memory": memories.collect::<Vec<_>>(),
            "errors": self.errors(),
        })
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}", self.conditions)?;
        if !self.comparisons.is_empty() {
            write!(f, "\n{}", self.comparisons_table())?;
        }
        if !self.memories.is_empty() {
            write!(f, "\n{}", self.memories_table())?;
        }
        writeln!(f, "\n{} errors", self.errors())?;
        self.all_errors().iter().try_for_each(|(name, errors)| writeln!(f, "  {name}: {errors}"))
    }
}

impl Comparison {
    fn title(&self) -> String {
        format!("{}, {}", self.subject.work, self.subject.database)
    }

    fn first_cells(&self) -> [String; 2] {
        [self.subject.work.clone(), self.subject.database.to_owned()]
    }

    fn ratio_cells(&self) -> [String; 5] {
        let (ratio, wanted) = (self.ratio(), self.subject.wanted);
        let ends = format!("{:.2}..{:.2}", ratio.least, ratio.most);
        let of = self.measure_name().to_owned();
        [format!("{:.2}", ratio.median), ends, of, wanted.to_string(), yes(wanted.is_met_by(ratio.median))]
    }

    fn measure_name(&self) -> &'static str {
        match self.subject.measure {
            Measure::Rate => "req/s",
            Measure::Median => "p50",
        }
    }

    fn json(&self) -> Value {
        let (ratio, wanted) = (self.ratio(), self.subject.wanted);
        json!({
            "work": self.subject.work, "database": self.subject.database, "ratio_of": self.measure_name(),
            "ratio": ratio.median, "ratio_min": ratio.least, "ratio_max": ratio.most,
            "wanted": wanted.to_string(), "met": wanted.is_met_by(ratio.median),
            "sides": self.sides.iter().map(Measured::json).collect::<Vec<_>>(),
        })
    }
}

impl Measured {
    fn json(&self) -> Value {
        let seconds = |quantile| self.latency.quantile(quantile).map(|time| time.as_secs_f64());
        json!({
            "name": self.name, "requests": self.requests, "errors": self.errors.count(),
            "requests_per_second": self.rate(), "rounds": self.rates,
            "p50": seconds(0.5), "p99": seconds(0.99), "cpu_per_1000": self.cpu_per_1000(),
            "rss": self.usage.map(|usage| usage.rss), "peak_rss": self.usage.map(|usage| usage.peak_rss),
        })
    }
}

fn cells(side: &Measured) -> [String; 7] {
    let latency = |quantile| milliseconds(side.latency.quantile(quantile));
    let cpu = side.cpu_per_1000().map_or_else(|| "-".to_owned(), |seconds| format!("{seconds:.3}"));
    let [rss, peak] = side.usage.map_or(["-".to_owned(), "-".to_owned()], |usage| [usage.rss, usage.peak_rss].map(mib));
    [side.name.to_owned(), format!("{:.0}", side.rate()), latency(0.5), latency(0.99), cpu, rss, peak]
}

fn joined(first: [String; 2], middle: [String; 7], last: [String; 5]) -> [String; 14] {
    let cells: Vec<String> = first.into_iter().chain(middle).chain(last).collect();
    cells.try_into().expect("2, 7 and 5 are 14")
}

fn mib(kib: u64) -> String {
    format!("{:.1} MiB", float(kib) / 1024.0)
}

fn yes(met: bool) -> String {
    if met { "yes" } else { "no" }.to_owned()
}
