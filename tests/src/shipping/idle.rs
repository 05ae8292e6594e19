//! A system on which next to nothing happens: how long a single line takes, and what waiting for it costs.

use std::fmt;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};

use super::{acknowledging, lines, ours};
use crate::latency::{Latency, milliseconds};
use crate::progress::Progress;
use crate::usage::Usage;

/// Silence before each line, so that no pause of the shipper's is still under way.
const SILENCE: Duration = Duration::from_secs(2);

/// A line that takes longer has been lost.
const PATIENCE: Duration = Duration::from_secs(30);

/// What was seen.
pub struct Idle {
    /// From the line's writing to its arrival at the server, to a millisecond.
    latency: Latency,
    /// Processor time of the shipper as a share of the time that passed.
    busy: f64,
}

impl fmt::Display for Idle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [median, longest] = [0.5, 1.0].map(|quantile| milliseconds(self.latency.quantile(quantile)));
        let (lines, busy) = (self.latency.count(), self.busy * 100.0);
        writeln!(f, "{lines} single lines: median {median}, longest {longest}; {busy:.2} % of a processor")
    }
}

/// Writes `count` single lines into a container's log, each after a silence.
///
/// # Errors
/// If the shipper does not start, or a line does not arrive.
pub async fn measure(sink: SocketAddr, count: u64) -> Result<Idle> {
    let folder = tempfile::tempdir()?;
    let root = folder.path().join("containers");
    let log = lines::write(&root, 1)?;
    let mut command = ours::command(&folder.path().join("state"), sink)?;
    let before = acknowledging::count(sink).await?;
    let mut child = command.args(["--operations-listen", "off", "--docker-root"]).arg(&root).spawn()?;
    ours::arrived(sink, before + 1, PATIENCE).await?;
    let progress = Progress::new(count);
    let pid = child.id().context("it has ended")?;
    let (started, used) = (Instant::now(), Usage::of(pid)?.cpu);
    let mut latency = Latency::default();
    for number in 1..=count {
        tokio::time::sleep(SILENCE).await;
        lines::append(&log, number)?;
        let written = Instant::now();
        ours::arrived(sink, before + 1 + number, PATIENCE).await?;
        latency.record(written.elapsed());
        progress.step(1);
    }
    let busy = Usage::of(pid)?.cpu.saturating_sub(used).as_secs_f64() / started.elapsed().as_secs_f64();
    child.kill().await?;
    Ok(Idle { latency, busy })
}
