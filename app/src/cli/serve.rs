//! `minitwit serve`: from settings to a running site, and to its orderly end.

use std::num::NonZeroUsize;

use anyhow::{Context, Result, bail};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{mpsc, watch};
use tracing_subscriber::prelude::*;

use crate::assembly::{Telemetry, assemble};
use crate::clock::Clock;
use crate::config::{Database, Serve};
use crate::listen::Phase;
use crate::site::{self, Listeners};
use crate::store::{Schema, SchemaError, Store};
use crate::telemetry::{Metrics, ProgramEvents, panics, stdout};

/// File descriptors for everything but the clients: the database, the log, the runtime.
const OWN_FILES: u64 = 128;

pub(super) fn run(mut settings: Serve, database: &Database) -> Result<()> {
    bound_connections(&mut settings)?;
    let runtime =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().context("cannot start the runtime")?;
    runtime.block_on(serve(settings, database))
}

async fn serve(settings: Serve, database: &Database) -> Result<()> {
    let stop = stop_signals()?;
    let clock = Clock::default();
    let telemetry = Telemetry::start(&settings, clock.clone(), stdout().context("standard output is closed")?)?;
    listen_to_the_program(&telemetry)?;
    let (writer, metrics) = (telemetry.journal.writer().clone(), telemetry.metrics.clone());
    let flush_timeout = settings.shutdown_timeout;
    let store = open(&settings, database, &telemetry).await?;
    let (phase, app_phase) = watch::channel(Phase::Serving);
    let app = assemble(settings, store, clock, telemetry, app_phase).await?;
    let listeners = Listeners::bind(&app.settings).await?;
    announce(&listeners, app.store.system());
    site::serve(app, phase, listeners, stop).await;
    conclude(&metrics);
    if !tokio::task::spawn_blocking(move || writer.flush(flush_timeout)).await? {
        bail!("some lines of the log could not be written in time");
    }
    Ok(())
}

/// Completes at the first SIGTERM or SIGINT; the second one ends the process at once.
fn stop_signals() -> Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate()).context("cannot listen for signals")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("cannot listen for signals")?;
    let (tell, mut told) = mpsc::channel(1);
    tokio::spawn(async move {
        for code in [None, Some(130)] {
            tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
            match code {
                None => drop(tell.send(()).await),
                Some(code) => std::process::exit(code),
            }
        }
    });
    Ok(async move {
        let _first = told.recv().await;
    })
}

/// Lines for the program's own events and for panics, in the log's own form.
fn listen_to_the_program(telemetry: &Telemetry) -> Result<()> {
    let events = tracing_subscriber::registry()
        .with(ProgramEvents::new(telemetry.journal.clone()).with_filter(tracing_subscriber::filter::LevelFilter::INFO));
    tracing::subscriber::set_global_default(events).context("cannot listen to the program's events")?;
    std::panic::set_hook(Box::new(panics::hook(telemetry.journal.clone(), telemetry.metrics.clone())));
    Ok(())
}

async fn open(settings: &Serve, database: &Database, telemetry: &Telemetry) -> Result<Store> {
    let mut options = database.options()?;
    options.instruments = telemetry.for_store();
    let store = Store::open(&options).await.context("cannot open the database (--database-url)")?;
    use_schema(&store, settings.auto_migrate).await.context("cannot use the database (--database-url)")?;
    Ok(store)
}

async fn use_schema(store: &Store, migrates: bool) -> Result<(), SchemaError> {
    if migrates {
        store.migrate().await?;
    }
    if let Schema::Newer(schema) = store.check_schema().await? {
        tracing::warn!(schema, "the schema is newer than this program: an update is going on, or was taken back");
    }
    Ok(())
}

fn announce(listeners: &Listeners, database: &'static str) {
    for (name, address) in listeners.addresses() {
        tracing::info!(listener = name, address = %address, "listening");
    }
    tracing::info!(database, version = env!("CARGO_PKG_VERSION"), "ready");
}

/// The counts of a whole life: what came after the last scrape is in no sum that Prometheus makes.
fn conclude(metrics: &Metrics) {
    tracing::info!(
        registrations = metrics.registrations.done(),
        messages_posted = metrics.messages_posted.done(),
        follows = metrics.follows.done(),
        unfollows = metrics.unfollows.done(),
        logins = metrics.logins.done(),
        "stopped"
    );
}

/// Each connection is a file descriptor, and many systems give a process 1,024 of them unless it asks for more.
fn bound_connections(settings: &mut Serve) -> Result<()> {
    let wanted = u64::try_from(settings.max_connections.get()).unwrap_or(u64::MAX).saturating_mul(2);
    let limit = rlimit::increase_nofile_limit(wanted.saturating_add(OWN_FILES)).unwrap_or(1_024);
    let each = limit.saturating_sub(OWN_FILES) / 2;
    let possible = NonZeroUsize::new(usize::try_from(each).unwrap_or(usize::MAX));
    let possible = possible.with_context(|| format!("the limit of open files ({limit}) is too low: see ulimit -n"))?;
    settings.max_connections = settings.max_connections.min(possible);
    Ok(())
}
