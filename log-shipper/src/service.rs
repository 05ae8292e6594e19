//! The shipper as it runs: settings become a pipeline, and signals, time or the end of what there is to read end it.

mod access;
mod beat;
mod clients;
mod ended;
mod gate;
mod kept;
mod listen;
mod live;
mod plan;
mod prepared;
mod reload;
mod replay;
mod signals;
mod sources;
mod start;
mod stop;
mod tell;

use std::future::pending;
use std::io;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use anyhow::{Result, bail};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, MissedTickBehavior, interval, sleep_until};

use crate::checkpoint::State;
use crate::cli::Run;
use crate::clock::Clock;
use crate::config::{Given, Settings};
use crate::journal::Journal;
use crate::metrics::Metrics;
use crate::ops::Readiness;
use crate::pipeline::{Pipeline, Tally};
use crate::progress::Progress;
use beat::Beat;
pub use clients::clients;
pub use ended::{Ended, Purpose};
pub use prepared::{check, in_state};
pub use replay::{Fate, Replayed, replay};
use signals::{Signal, Signals};

/// How often it is looked how far everything is, and whether something has ended.
const LOOK: Duration = Duration::from_millis(50);

/// Runs until told to stop, or until everything is read and has arrived.
///
/// # Errors
/// The state folder is another shipper's or cannot be opened; a folder, a certificate or an address cannot be used; a part
/// of the program fails.
pub async fn run(given: &Given, options: Run, progress: &Progress) -> Result<Ended> {
    let settings = Settings::load(given)?;
    let metrics = Metrics::new(env!("CARGO_PKG_VERSION"), option_env!("LOG_SHIPPER_REVISION").unwrap_or("unknown"));
    let clock = Clock::default();
    let host = plan::host();
    let dropped = metrics.log_lines_dropped.clone();
    let journal = Journal::start(settings.operations, clock.clone(), &host, progress.clone(), dropped)?;
    let purpose = Purpose::of(options, &settings);
    let service = Service::start(settings, purpose, &metrics, &clock, &host).await?;
    let ended = service.run(given, progress).await;
    journal.finish(Duration::from_secs(1));
    ended
}

struct Service {
    settings: Settings,
    purpose: Purpose,
    pipeline: Pipeline,
    tally: Arc<Tally>,
    state: Arc<State>,
    metrics: Metrics,
    readiness: Readiness,
    signals: Signals,
    /// Why documents cannot be printed.
    unprinted: Arc<OnceLock<io::Error>>,
    /// Whether there are patterns of files, and at the start there was nothing to read, nor had ever been.
    nothing_ever: bool,
    /// Dropped at the end, which ends the listener of operations.
    _running: watch::Sender<()>,
    /// Who waits for the template, until the end.
    _watching: Option<JoinSet<()>>,
}

/// Why it comes to an end.
enum Cause {
    Signal,
    /// Everything is read.
    Exhausted,
    /// A lane ended: there is nobody any more to print for, or a defect.
    Lane,
    /// A defect of this part.
    Defect(&'static str),
}

impl Service {
    async fn run(mut self, given: &Given, progress: &Progress) -> Result<Ended> {
        // Until everything has ended.
        let _beating = Beat::of(&self).start();
        let cause = self.until_end(given, progress).await;
        let (purpose, unprinted) = (self.purpose, Arc::clone(&self.unprinted));
        let ended = self.stop(&cause, progress).await;
        // A reader that has read enough closes the pipe.
        if let Some(error) = unprinted.get().filter(|error| error.kind() != io::ErrorKind::BrokenPipe) {
            bail!("the documents cannot be printed: {error}");
        }
        match cause {
            Cause::Lane if purpose == Purpose::Print => Ok(ended),
            Cause::Lane => bail!("a lane has ended, which is a defect of the program; the log above says more"),
            Cause::Defect(part) => bail!("{part} has ended, which is a defect of the program; the log above says more"),
            Cause::Signal | Cause::Exhausted => Ok(ended),
        }
    }

    async fn until_end(&mut self, given: &Given, progress: &Progress) -> Cause {
        let mut look = interval(LOOK);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let linger = self.settings.delivery.shutdown_linger;
        let mut end = None;
        loop {
            tokio::select! {
                signal = self.signals.next() => match signal {
                    Signal::Reload => self.reload(given),
                    Signal::Stop if end.is_none() && !linger.is_zero() => end = Some(Instant::now() + linger),
                    Signal::Stop => return Cause::Signal,
                },
                () = at(end) => return Cause::Signal,
                () = self.pipeline.lane_ended() => return Cause::Lane,
                _ = look.tick(), if self.purpose != Purpose::Follow => self.show(progress),
            }
            if let Some(part) = self.pipeline.defect() {
                return Cause::Defect(part);
            }
            if self.pipeline.is_drained() {
                return Cause::Exhausted;
            }
        }
    }

    fn show(&self, progress: &Progress) {
        show(&self.tally, self.purpose, progress);
    }
}

/// Returns at that time; without one, never.
async fn at(time: Option<Instant>) {
    match time {
        Some(time) => sleep_until(time).await,
        None => pending().await,
    }
}

fn show(tally: &Tally, purpose: Purpose, progress: &Progress) {
    if purpose == Purpose::Exhaust && tally.total() > 0 {
        progress.set(tally.acknowledged(), tally.total());
    }
}

#[cfg(test)]
mod tests;
