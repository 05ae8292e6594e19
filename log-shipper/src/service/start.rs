//! How the shipper starts.

use std::io;
use std::sync::{Arc, OnceLock};

use anyhow::Result;

use super::gate::Gate;
use super::listen::listen;
use super::live::Live;
use super::prepared::{Prepared, in_state};
use super::{Purpose, Service, Signals, kept, plan, tell};
use crate::checkpoint::{Known, State};
use crate::clock::Clock;
use crate::config::Settings;
use crate::deliver::Lanes;
use crate::metrics::Metrics;
use crate::ops::Readiness;
use crate::pipeline::Pipeline;

/// Handles for what is no log: connections, the state, what the finder looks at.
const SPARE: usize = 128;

impl Service {
    pub(super) async fn start(
        settings: Settings,
        purpose: Purpose,
        metrics: &Metrics,
        clock: &Clock,
        host: &str,
    ) -> Result<Self> {
        let signals = Signals::new()?;
        // Each container needs an open file.
        let limit = rlimit::increase_nofile_limit(u64::MAX).ok().and_then(|limit| usize::try_from(limit).ok());
        let Prepared { live, sources, mut delivery } = Prepared::of(&settings, purpose)?;
        let gate = delivery.as_ref().map(|_| Gate::of(&settings)).transpose()?.flatten();
        if let Some(delivery) = &mut delivery {
            delivery.gate = gate.as_ref().map(Gate::opens);
        }
        tell::empty(&sources, purpose);
        let (state, known) = state(&settings, purpose)?;
        let state = Arc::new(state);
        // What was read by an earlier run may be gone by right; a mistake in a pattern never read anything.
        let nothing_ever = sources.nothing && known.is_empty();
        let unprinted = Arc::<OnceLock<io::Error>>::default();
        let kept = kept::kept(&settings, Arc::clone(&state), known, metrics, clock);
        let mut options = plan::options(&settings, host, clock);
        // Where the system allows fewer, files beyond that wait too.
        options.max_open_files =
            options.max_open_files.min(limit.map_or(usize::MAX, |limit| limit.saturating_sub(SPARE).max(1)));
        let Live { inputs, treatment, .. } = live;
        let pipeline = if let Some(delivery) = delivery {
            Pipeline::start(options, treatment, &inputs, delivery, kept)?
        } else {
            let failed = Arc::clone(&unprinted);
            let told = move |error| drop(failed.set(error));
            let lanes = |seams| Ok(Lanes::printing(io::stdout(), seams, told));
            Pipeline::start_with(options, treatment, &inputs, lanes, kept)?
        };
        let readiness = Readiness::default();
        let running = listen(&settings, purpose, metrics, &readiness).await?;
        tracing::info!(version = env!("CARGO_PKG_VERSION"), "the shipper has started");
        if settings.input.stdin {
            pipeline.feed(io::stdin(), inputs.hints)?;
        } else if purpose != Purpose::Follow {
            pipeline.drain();
        }
        let (tally, metrics) = (pipeline.tally(), metrics.clone());
        let watching = gate.map(|gate| gate.watch(readiness.clone()));
        Ok(Self {
            settings,
            purpose,
            pipeline,
            tally,
            state,
            metrics,
            readiness,
            signals,
            unprinted,
            nothing_ever,
            _running: running,
            _watching: watching,
        })
    }
}

/// The positions; those of a dry run are a copy, which another shipper may be moving meanwhile.
fn state(settings: &Settings, purpose: Purpose) -> Result<(State, Vec<Known>)> {
    let named = |error| in_state(settings, &error);
    if purpose == Purpose::Print {
        return State::copy(settings.state.folder()).map_err(named);
    }
    let (state, known, damage) = State::open(settings.state.folder()).map_err(named)?;
    if let Some(damage) = damage {
        tracing::warn!(reason = %damage, "the positions on disk were damaged; reading goes on from the last good ones");
    }
    Ok((state, known))
}
