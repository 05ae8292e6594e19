//! What is measured from time to time: how far behind the shipper is, and what it holds.

use std::time::{Duration, Instant};

use super::chain::Part;
use super::reader::Reader;
use crate::metrics::float;
use crate::tail::Followed;

impl Reader {
    /// Measures everything.
    pub(super) fn measure(&mut self, now: Instant) {
        let behind = self.behind();
        self.tally.is_behind(behind);
        let age = self.age(now);
        let open = self.open_files();
        let metrics = &self.metrics;
        metrics.behind_bytes.set(float(behind));
        metrics.behind_seconds.set(age.as_secs_f64());
        metrics.budget.set(float(self.options.memory as u64));
        metrics.budget_used.set(float(self.desk.used() as u64));
        metrics.open_files.set(float(open as u64));
    }

    /// How old the oldest line is that is not acknowledged, also one that waits for room to be read.
    fn age(&self, now: Instant) -> Duration {
        let waiting = self
            .chains
            .values()
            .filter(|chain| chain.queued)
            .filter_map(|chain| chain.waits)
            .map(|since| since.age(now));
        waiting.chain(self.desk.age(now)).max().unwrap_or_default()
    }

    /// Bytes of files that are not acknowledged. What waits for its turn, or for room, has not been looked at lately.
    fn behind(&mut self) -> u64 {
        let mut behind = 0;
        for chain in self.chains.values_mut() {
            let waits = chain.queued || chain.files.len() > 1;
            for Part { file, .. } in &mut chain.files {
                if waits {
                    file.look_at_size();
                }
                behind += self.state.lacking(file.key, file.size().max(file.position()));
            }
        }
        self.leaving.retain(|(key, size)| self.state.lacking(*key, *size) > 0);
        self.forget_lanes();
        behind + self.leaving.iter().map(|(key, size)| self.state.lacking(*key, *size)).sum::<u64>()
    }

    /// A file is followed no longer, and its last lines may not be acknowledged yet.
    pub(super) fn leave(&mut self, file: &Followed) {
        let reached = file.reached().map_or(file.position(), |(position, _)| position);
        self.leaving.push((file.key, reached));
    }

    fn open_files(&self) -> usize {
        let followed: usize = self.chains.values().map(|chain| chain.files.len()).sum();
        followed + self.origins.values().map(super::origin::Origin::open_files).sum::<usize>()
    }
}
