//! The instruments of one site, and the text that Prometheus reads.

mod instruments;
mod registry;

use std::ops::Deref;
use std::sync::{Arc, Weak};
use std::thread;
use std::time::Duration;

pub use instruments::{ByDoor, Instruments, Outcome, Via};
pub(super) use registry::Registry;

/// Observations of histograms are gathered into their buckets so often, whether or not somebody scrapes: between two
/// times, each costs 24 bytes.
const UPKEEP: Duration = Duration::from_secs(2);

/// The metrics of one site: cheap to clone, and free of process-wide state, so that tests can have many sites.
#[derive(Clone)]
pub struct Metrics(Arc<Instruments>);

impl Metrics {
    /// Registers every instrument of [`super::names`]; `version` and `revision` say which build runs. Counters with a
    /// fixed set of labels start at 0, so that their rate is known from the first event on.
    #[must_use]
    pub fn new(version: &str, revision: &str) -> Self {
        let metrics = Self(Arc::new(Instruments::register(&Registry::new(), version, revision)));
        let weak = Arc::downgrade(&metrics.0);
        // Without the thread, a scrape does the same work.
        let _ = thread::Builder::new().name("metrics-upkeep".into()).spawn(move || upkeep(&weak));
        metrics
    }

    /// Everything in Prometheus' text format (version 0.0.4). Reads the process' and the runtime's numbers first, these
    /// only inside a runtime.
    #[must_use]
    pub fn render(&self) -> String {
        self.0.refresh();
        self.0.registry.render()
    }
}

impl Deref for Metrics {
    type Target = Instruments;

    fn deref(&self) -> &Instruments {
        &self.0
    }
}

fn upkeep(instruments: &Weak<Instruments>) {
    while let Some(instruments) = instruments.upgrade() {
        instruments.registry.upkeep();
        drop(instruments);
        thread::sleep(UPKEEP);
    }
}
