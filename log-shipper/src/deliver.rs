//! Brings batches to Elasticsearch, until each document is stored or has become a dead letter.
//!
//! A *lane* is a task with at most one request in flight; a file belongs to one lane, which keeps its order. What goes to
//! another target than most has a lane of its own, so that a target which is denied or missing holds up only what is for
//! it. What stands in `verdict` decides what happens to an item; what happens to a batch stands in `lane`.

mod backoff;
mod body;
#[cfg(test)]
mod by_hand;
mod client;
mod counts;
mod doubt;
#[cfg(test)]
pub(crate) mod fake;
mod health;
mod hosts;
mod indices;
mod lane;
mod left;
mod pin;
mod print;
mod queue;
mod request;
mod seams;
mod setback;
mod settings;
mod size;
#[cfg(test)]
mod tests;
mod tls;
mod verdict;
mod wire;
mod write_index;

use std::sync::Arc;
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;

pub use backoff::Patience;
#[cfg(test)]
pub(crate) use by_hand::LaneByHand;
pub use counts::Counts;
pub use health::{Health, Trouble};
pub use hosts::Hosts;
pub use queue::{Backlog, Queue};
pub use request::{Failure, Reply, Request};
pub use seams::{Bury, Exchange, Intent, Refused, Seams};
pub use settings::{Access, Credentials, InvalidFingerprint, Settings, Trust};

pub(crate) use wire::{Answer, Wire};

use lane::Lane;
use queue::Waiting;
use size::Size;
use write_index::WriteIndices;

/// What all lanes share.
struct Shared {
    hosts: Arc<Hosts>,
    settings: Settings,
    seams: Seams,
    counts: Arc<Counts>,
    health: Arc<Health>,
    size: Size,
    /// Requests of all lanes that were answered item by item.
    itemised: AtomicU64,
    /// One for each request that may be on its way.
    requests: Semaphore,
    write_indices: WriteIndices,
}

/// How long it may take a lane to end that was given up.
const GRACE: Duration = Duration::from_secs(1);

/// The running lanes.
pub struct Lanes {
    queue: Queue,
    /// None where nothing is sent.
    hosts: Option<Arc<Hosts>>,
    tasks: JoinSet<()>,
    counts: Arc<Counts>,
    health: Arc<Health>,
}

impl Lanes {
    /// Starts the lanes, as tasks of the runtime that this is called in.
    ///
    /// # Errors
    /// A host's address, a certificate or a credential cannot be used.
    pub fn start(settings: Settings, seams: Seams) -> Result<Self, BuildError> {
        let hosts = Arc::new(Hosts::new(&settings.hosts, &settings.access, settings.patience)?);
        let (shared_lanes, lanes) = (settings.lanes.get(), settings.lanes.get().saturating_add(settings.own_lanes));
        let shared = Arc::new(Shared {
            hosts: Arc::clone(&hosts),
            seams,
            counts: Arc::default(),
            health: Arc::new(Health::new(lanes)),
            size: Size::default(),
            itemised: AtomicU64::new(0),
            requests: Semaphore::new(shared_lanes),
            write_indices: WriteIndices::new(settings.resolve_every),
            settings,
        });
        let mut tasks = JoinSet::new();
        let lanes = (0..lanes).map(|number| {
            let (sender, batches) = mpsc::unbounded_channel();
            let waiting = Waiting::default();
            tasks.spawn(Lane::new(number, Arc::clone(&shared), waiting.clone()).run(batches));
            (sender, waiting)
        });
        let queue = Queue::new(lanes.collect(), shared_lanes);
        let (counts, health) = (Arc::clone(&shared.counts), Arc::clone(&shared.health));
        Ok(Self { queue, hosts: Some(hosts), tasks, counts, health })
    }

    /// Where batches are handed over; for the reader's thread. The lanes end when every queue is dropped.
    #[must_use]
    pub fn queue(&self) -> Queue {
        self.queue.clone()
    }

    /// What is not finished.
    #[must_use]
    pub fn backlog(&self) -> Backlog {
        self.queue.backlog()
    }

    /// What has been counted.
    #[must_use]
    pub fn counts(&self) -> Arc<Counts> {
        Arc::clone(&self.counts)
    }

    /// Says from the next request on who the shipper is.
    ///
    /// # Errors
    /// The credentials have characters that a header cannot have: all stays as it was.
    pub fn log_in(&self, credentials: Option<&Credentials>) -> Result<(), BuildError> {
        self.hosts.as_ref().map_or(Ok(()), |hosts| hosts.log_in(credentials))
    }

    /// Whether anything is in the way.
    #[must_use]
    pub fn health(&self) -> Arc<Health> {
        Arc::clone(&self.health)
    }

    /// Waits until a lane ends by itself, which before [`Self::finish`] only a defect of the program makes it do: what is
    /// handed over to it then is lost for this run.
    pub async fn ended(&mut self) {
        self.tasks.join_next().await;
    }

    /// Waits until all that was handed over is finished, at most until `deadline`; then every lane is given up where it
    /// is. Gives the number of batches that are not finished: their positions have not moved.
    pub async fn finish(self, deadline: Option<tokio::time::Instant>) -> usize {
        match deadline {
            Some(deadline) => self.finish_until(tokio::time::sleep_until(deadline)).await,
            None => self.finish_until(std::future::pending()).await,
        }
    }

    /// The same, where the lanes are given up when `given_up` comes.
    pub async fn finish_until(self, given_up: impl Future<Output = ()>) -> usize {
        let backlog = self.backlog();
        let Self { queue, mut tasks, .. } = self;
        drop(queue);
        let all = async { while tasks.join_next().await.is_some() {} };
        tokio::select! {
            () = all => {}
            () = given_up => {}
        }
        // A lane that waits for a disk does not end.
        let _ = tokio::time::timeout(GRACE, tasks.shutdown()).await;
        backlog.len()
    }
}

/// Why the lanes cannot start.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// No host was given.
    #[error("no Elasticsearch host is given")]
    NoHost,
    /// The credentials have characters that a header cannot have.
    #[error("the credentials for Elasticsearch have a character that HTTP does not allow (a line break?)")]
    Credentials,
    /// A certificate or a key cannot be used.
    #[error("the certificates for Elasticsearch cannot be used: {0}")]
    Certificates(String),
}
