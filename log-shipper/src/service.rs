//! The shipper as it runs: settings become a pipeline, and signals, time or the end of what there is to read end it.

mod kept;
mod plan;
mod reload;
mod signals;
mod tell;

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::time::{Instant, MissedTickBehavior, interval};

use crate::checkpoint::State;
use crate::cli::Run;
use crate::clock::Clock;
use crate::config::{Given, Listen, Settings};
use crate::journal::Journal;
use crate::metrics::Metrics;
use crate::ops::{self, Operations, Readiness};
use crate::pipeline::Pipeline;
use signals::{Signal, Signals};

/// How often positions reach the disk for sure, and numbers are brought up to date.
const BEAT: Duration = Duration::from_secs(1);

/// How it ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Nothing that was read is unacknowledged.
    Done,
    /// So many batches were not acknowledged; they are read again at the next start.
    Unfinished(usize),
}

/// Runs until told to stop; with `once`, until everything is read and has arrived.
///
/// # Errors
/// The state folder is another shipper's or cannot be opened; a folder, a certificate or an address cannot be used.
pub async fn run(given: &Given, options: Run) -> Result<Ended> {
    let settings = Settings::load(given)?;
    let metrics = Metrics::new(env!("CARGO_PKG_VERSION"), option_env!("LOG_SHIPPER_REVISION").unwrap_or("unknown"));
    let clock = Clock::default();
    let host = plan::host();
    let dropped = metrics.log_lines_dropped.clone();
    let journal = Journal::start(settings.operations, clock.clone(), &host, dropped)?;
    let service = Service::start(settings, &metrics, &clock, &host).await?;
    let ended = service.until_told(given, options).await;
    journal.finish(Duration::from_secs(1));
    ended
}

struct Service {
    settings: Settings,
    pipeline: Pipeline,
    state: Arc<State>,
    metrics: Metrics,
    readiness: Readiness,
    signals: Signals,
    /// Dropped at the end, which ends the listener of operations.
    _running: watch::Sender<()>,
}

impl Service {
    async fn start(settings: Settings, metrics: &Metrics, clock: &Clock, host: &str) -> Result<Self> {
        let signals = Signals::new()?;
        // Each container needs an open file; where the limit is hard, files beyond it wait.
        let _ = rlimit::increase_nofile_limit(u64::MAX);
        let (state, known, damage) = State::open(settings.state.folder())?;
        if let Some(damage) = damage {
            tracing::warn!(reason = %damage, "the positions on disk were damaged; reading goes on from the last good ones");
        }
        let state = Arc::new(state);
        let kept = kept::kept(&settings, Arc::clone(&state), known, metrics, clock);
        let options = plan::options(&settings, host, clock);
        let treatment = plan::treatment(&settings)?;
        let pipeline = Pipeline::start(options, treatment, &plan::inputs(&settings), plan::delivery(&settings)?, kept)?;
        let readiness = Readiness::default();
        let running = listen(&settings, metrics, &readiness).await?;
        tracing::info!(version = env!("CARGO_PKG_VERSION"), "the shipper has started");
        let metrics = metrics.clone();
        Ok(Self { settings, pipeline, state, metrics, readiness, signals, _running: running })
    }

    async fn until_told(mut self, given: &Given, options: Run) -> Result<Ended> {
        if options.once {
            self.pipeline.drain();
        }
        let mut beat = interval(BEAT);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let told = loop {
            tokio::select! {
                signal = self.signals.next() => match signal {
                    Signal::Reload => self.reload(given),
                    Signal::Stop => break true,
                },
                _ = beat.tick() => {
                    self.beat().await;
                    if self.pipeline.is_drained() {
                        break false;
                    }
                }
            }
        };
        let ended = self.stop(told).await;
        // Who was told to stop has stopped; what is left is read again at the next start.
        Ok(if told && !options.once { Ended::Done } else { ended })
    }

    async fn beat(&self) {
        let state = Arc::clone(&self.state);
        let synced = tokio::task::spawn_blocking(move || state.sync()).await;
        let outcome = if matches!(synced, Ok(Ok(()))) { "ok" } else { "failed" };
        self.metrics.state_writes.of(outcome).increment(1);
        tell::counts(&self.metrics, self.pipeline.lanes());
        match self.pipeline.lanes().health().trouble() {
            Some(trouble) => self.readiness.lacks("elasticsearch", trouble.to_string()),
            None => self.readiness.recovers("elasticsearch"),
        }
    }

    /// Sends what is in hand. Only who was told to stop has no time.
    async fn stop(mut self, told: bool) -> Ended {
        self.readiness.lacks("shipper", "is stopping");
        let limit = self.settings.delivery.shutdown_timeout;
        let deadline = told.then(|| Instant::now() + limit);
        let lanes = self.pipeline.lanes().counts();
        let unfinished = tokio::select! {
            unfinished = self.pipeline.stop(deadline) => unfinished,
            () = self.signals.stop() => std::process::exit(130),
        };
        tell::totals(&self.metrics, &lanes);
        if let Err(error) = self.state.sync() {
            tracing::warn!(error = %error, "the state cannot be written");
        }
        tracing::info!(count = unfinished, "the shipper has stopped; so many batches were not acknowledged");
        if unfinished == 0 { Ended::Done } else { Ended::Unfinished(unfinished) }
    }
}

async fn listen(settings: &Settings, metrics: &Metrics, readiness: &Readiness) -> Result<watch::Sender<()>> {
    let (running, mut ended) = watch::channel(());
    if let Listen::At(address) = settings.operations.operations_listen {
        let listener = TcpListener::bind(address).await;
        let listener = listener.with_context(|| format!("--operations-listen: cannot listen at {address}"))?;
        let operations = Operations { metrics: metrics.clone(), readiness: readiness.clone() };
        let shutdown = async move {
            // The sender is only ever dropped.
            let _ = ended.changed().await;
        };
        tokio::spawn(ops::serve(listener, operations, shutdown));
    }
    Ok(running)
}
