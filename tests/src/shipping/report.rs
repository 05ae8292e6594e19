//! The table.

use std::fmt;
use std::time::Duration;

use super::rival::{Rival, Run};
use log_shipper::table::Table;

/// The runs of each shipper.
#[derive(Debug, Default)]
pub struct Report {
    /// Lines in each run.
    pub lines: u64,
    /// Who, and what it took.
    pub runs: Vec<(Rival, Run)>,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut table = Table::new(["shipper", "lines/s", "CPU s", "peak MiB", "rate, of ours"], 1);
        let ours = self.rate(Rival::LogShipper);
        for rival in Rival::ALL {
            let Some(rate) = self.rate(rival) else { continue };
            let cpu = self.median(rival, |run| run.usage.cpu.as_secs_f64()).unwrap_or_default();
            let memory = self.median(rival, |run| Duration::from_secs(run.usage.peak_rss).as_secs_f64() / 1024.0);
            let ratio = ours.map_or_else(String::new, |ours| format!("{:.2}", rate / ours));
            let memory = memory.unwrap_or_default();
            table.row([rival.name().into(), format!("{rate:.0}"), format!("{cpu:.2}"), format!("{memory:.0}"), ratio]);
        }
        write!(f, "{table}")
    }
}

impl Report {
    #[expect(clippy::cast_precision_loss, reason = "nobody measures 2^53 lines")]
    fn rate(&self, rival: Rival) -> Option<f64> {
        self.median(rival, |run| self.lines as f64 / run.took.as_secs_f64())
    }

    fn median(&self, rival: Rival, of: impl Fn(&Run) -> f64) -> Option<f64> {
        let mut all: Vec<f64> = self.runs.iter().filter(|(who, _)| *who == rival).map(|(_, run)| of(run)).collect();
        all.sort_by(f64::total_cmp);
        all.get(all.len() / 2).copied()
    }
}
