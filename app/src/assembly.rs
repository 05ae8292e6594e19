//! Puts the application together: telemetry first, so that everything after it can be seen, then the store, then the rest.

use std::io::{IsTerminal, Write};
use std::num::NonZeroUsize;
use std::sync::Arc;

use anyhow::{Context, Result};
use tokio::sync::watch;

use crate::App;
use crate::auth::password::Gate;
use crate::clock::Clock;
use crate::config::{self, LogFormat, Serve};
use crate::listen::Phase;
use crate::page_cache::PageCache;
use crate::redact::{HashKey, Hosts, Vocabulary};
use crate::store::{self, Store};
use crate::telemetry::{Format, Journal, LogBuffer, LogFull, LogWriter, Metrics, Service, TransactionLog};
use crate::web;

/// Passwords that wait to be hashed; beyond it registrations and sign-ins are told 503. At 25 ms each on two cores the
/// last of them waits about three seconds.
const HASH_QUEUE: usize = 256;

/// What the program tells of itself, before there is an application.
#[derive(Clone)]
pub struct Telemetry {
    /// Where every line goes.
    pub journal: Journal,
    /// What is measured.
    pub metrics: Metrics,
}

impl Telemetry {
    /// Starts the log on `out`.
    ///
    /// # Errors
    /// The system gives no thread for the log's writer.
    pub fn start(settings: &Serve, clock: Clock, out: impl Write + Send + 'static) -> Result<Self> {
        let version = env!("CARGO_PKG_VERSION");
        let metrics = Metrics::new(version, option_env!("MINITWIT_REVISION").unwrap_or("unknown"));
        let full = match settings.log_full {
            config::LogFull::Wait => LogFull::Wait,
            config::LogFull::Drop => LogFull::Drop,
        };
        let (lines, dropped) = (metrics.log_lines.clone(), metrics.log_lines_dropped.clone());
        let writer = LogWriter::start(out, LogBuffer { full, ..LogBuffer::default() }, lines, dropped)
            .context("cannot start the log's writer")?;
        let service = Service { name: "minitwit".into(), version: version.into(), node: node_name(settings) };
        Ok(Self { journal: Journal::new(writer, format(settings.log_format), &service, clock), metrics })
    }

    /// What the store measures.
    #[must_use]
    pub fn for_store(&self) -> store::Instruments {
        store::Instruments { wait: self.metrics.pool_wait.clone(), timeouts: self.metrics.pool_timeouts.clone() }
    }
}

/// The application around a store whose schema is right.
///
/// # Errors
/// The key of the log's hashes or the simulator's credential cannot be read.
pub async fn assemble(
    settings: Serve,
    store: Store,
    clock: Clock,
    telemetry: Telemetry,
    phase: watch::Receiver<Phase>,
) -> Result<Arc<App>> {
    let key = HashKey::new(&store.log_hash_key().await?);
    let hosts = Hosts::new(settings.allowed_hosts.iter().cloned());
    let permits = settings.password_hashes.unwrap_or_else(cores);
    let metrics = telemetry.metrics;
    Ok(Arc::new(App {
        credential: settings.credential()?,
        hash_key: key.clone(),
        log: TransactionLog::new(telemetry.journal, key, hosts, Vocabulary::with(web::asset_names())),
        passwords: Gate::new(permits, HASH_QUEUE, metrics.hash_wait.clone(), metrics.hash_duration.clone()),
        pages: PageCache::default(),
        settings,
        store,
        clock,
        metrics,
        phase,
    }))
}

fn cores() -> NonZeroUsize {
    std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

fn format(setting: LogFormat) -> Format {
    let terminal = std::io::stdout().is_terminal();
    match setting {
        LogFormat::Json => Format::Json,
        LogFormat::Auto if !terminal => Format::Json,
        // https://no-color.org: any value but an empty one.
        _ => Format::Pretty { color: terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()) },
    }
}

fn node_name(settings: &Serve) -> String {
    let host = || std::fs::read_to_string("/proc/sys/kernel/hostname").map(|name| name.trim_end().to_owned());
    settings.node_name.clone().unwrap_or_else(|| host().unwrap_or_else(|_| "unknown".into()))
}
