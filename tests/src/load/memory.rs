//! Memory: what the site holds while it answers very many requests.

use crate::database::System;
use crate::load::bench::Bench;
use crate::load::round::{Errors, Until, drive, float};
use crate::load::visit::Visit;
use crate::load::workload::{Wanted, Workload, newest_messages};
use crate::site::Site;

/// The most that the site may hold, in KiB.
const MOST_RSS: u64 = 64 * 1024;

const SAMPLES: u64 = 10;

/// How the resident memory went.
pub struct Memory {
    /// On which database system.
    pub database: &'static str,
    /// After how many requests it was how much, in KiB.
    pub samples: Vec<(u64, u64)>,
    /// The most that it ever was, in KiB.
    pub peak_rss: u64,
    /// What is wanted of the ratio.
    pub wanted: Wanted,
    /// The requests that had no or another answer.
    pub errors: Errors,
}

impl Memory {
    /// The last sample against the one after a fifth of the requests.
    #[must_use]
    pub fn ratio(&self) -> f64 {
        let share =
            |fifths: usize| (self.samples.len() * fifths / 5).checked_sub(1).map(|at| float(self.samples[at].1));
        share(5).zip(share(1)).map_or(f64::NAN, |(last, early)| last / early)
    }

    /// Whether the memory is flat and small enough.
    #[must_use]
    pub fn is_met(&self) -> bool {
        self.wanted.is_met_by(self.ratio()) && self.peak_rss <= MOST_RSS
    }
}

/// Asks for the public page, the reader's own and the newest messages in equal shares, and looks ten times.
pub async fn measure(bench: &mut Bench<'_>, system: &System) -> anyhow::Result<Memory> {
    let mut site = bench.usual_site(system).await?;
    let visits = visits(&site).await?;
    let connections = bench.settings.connections;
    let (mut samples, mut errors, mut done) = (Vec::new(), Errors::default(), 0);
    bench.progress.restart(bench.settings.requests);
    bench.progress.say(format!("memory, {}", system.name()));
    for _ in 0..SAMPLES {
        let each = (bench.settings.requests / SAMPLES).div_ceil(connections.into());
        let round = drive(&visits, connections, Until::Requests(each)).await;
        done += round.requests;
        errors.merge(round.errors);
        samples.push((done, site.server.usage()?.rss));
        site.server.cut_log()?;
        bench.progress.step(round.requests);
    }
    let peak_rss = site.server.usage()?.peak_rss;
    Ok(Memory { database: system.name(), samples, peak_rss, wanted: Workload::Memory.wanted(system), errors })
}

async fn visits(site: &Site) -> anyhow::Result<Vec<Visit>> {
    let cookies = site.sign_in().await?;
    Ok(vec![
        Visit::probe(site.web, site.page("/public")?).await?,
        Visit::probe(site.web, cookies.page(site, "/")?).await?,
        Visit::probe(site.api, newest_messages(site)?).await?,
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn memory(rss: &[u64], peak_rss: u64) -> Memory {
        let samples = rss.iter().map(|rss| (0, *rss)).collect();
        Memory { database: "sqlite", samples, peak_rss, wanted: Wanted::AtMost(1.1), errors: Errors::default() }
    }

    #[test]
    fn flat_is_the_last_sample_against_that_at_a_fifth() {
        let flat = memory(&[10, 1000, 1200, 1, 1, 1, 1, 1, 1, 1100], 2000);
        assert!((flat.ratio() - 1.1).abs() < 1e-9 && flat.is_met());
        assert!(!memory(&[1000, 1000, 0, 0, 0, 0, 0, 0, 0, 1101], 2000).is_met());
    }

    #[test]
    fn a_flat_site_may_still_be_too_large() {
        assert!(memory(&[1000; 10], 64 * 1024).is_met());
        assert!(!memory(&[1000; 10], 64 * 1024 + 1).is_met());
    }
}
