//! Tells whether what a replica remembers still holds, by asking the database, once for all who wait.
//!
//! A reader must see their own write in their next request, whichever replica answers, so a memory may only be used after
//! a look at the database that began after the request came in. Requests that come in while a look is under way share the
//! next one: under load that is one tiny query for many requests (the way consensus protocols batch a read index). On
//! SQLite a glance at the shared wal-index mostly spares even that. A stranger, who cannot have written anything, is content
//! with a look of a moment ago.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use super::gather::gather;
use super::link::{Kept, Link};
use super::patience::Patience;
use super::wal_index::{Header, WalIndex};
use super::{Pools, Result, Store, StoreError};

/// Moves with every change of what is remembered. What was read at an equal version still holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, sqlx::FromRow)]
pub struct Version {
    /// Moves with each message that is added, removed, flagged or unflagged.
    pub messages: i64,
    /// Moves with each follow and unfollow.
    pub followers: i64,
    /// Moves with each session that begins or ends.
    pub sessions: i64,
}

const SQL: &str = "SELECT (SELECT version FROM totals WHERE name = 'messages') AS messages,
     (SELECT version FROM totals WHERE name = 'followers') AS followers,
     (SELECT version FROM totals WHERE name = 'sessions') AS sessions";

/// How old a look may be that strangers are content with.
const RECENT: Duration = Duration::from_millis(100);

/// Requests that wait for a look; beyond it they wait to be allowed to wait.
const QUEUE: usize = 4_096;

type Waiter = oneshot::Sender<Result<Version>>;

#[derive(Clone)]
pub(super) struct Freshness {
    queue: mpsc::Sender<Option<Waiter>>,
    glance: Option<Glance>,
    recent: Arc<Recent>,
    timeout: Duration,
}

/// The last look for strangers.
#[derive(Default)]
struct Recent {
    /// Moves with each change that this process makes: such a change is seen at once.
    changes: AtomicU64,
    /// What the look found, when it began, and after how many changes.
    last: Mutex<Option<(Version, Instant, u64)>>,
}

impl Recent {
    fn last(&self) -> MutexGuard<'_, Option<(Version, Instant, u64)>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The last look, if it is good enough.
    fn still(&self, changes: u64) -> Option<Version> {
        self.last().filter(|(_, began, then)| *then == changes && began.elapsed() < RECENT).map(|(version, ..)| version)
    }
}

/// The last version, and the wal-index as it was just before it was read.
#[derive(Clone)]
struct Glance {
    index: WalIndex,
    last: Arc<Mutex<Option<(Header, Version)>>>,
}

impl Glance {
    fn last(&self) -> MutexGuard<'_, Option<(Header, Version)>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The last version, if nothing was committed since.
    fn still(&self, header: Option<Header>) -> Option<Version> {
        self.last().filter(|(then, _)| Some(*then) == header).map(|(_, version)| version)
    }
}

impl Freshness {
    pub(super) fn start(pools: Pools, patience: Patience) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE);
        let glance = match &pools {
            Pools::Sqlite { index: Some(index), .. } => Some(Glance { index: index.clone(), last: Arc::default() }),
            _ => None,
        };
        let timeout = patience.timeout;
        tokio::spawn(look(Link::new(pools, false, patience), waiting));
        Self { queue, glance, recent: Arc::default(), timeout }
    }

    /// Ends the task, which gives its connection back.
    pub(super) async fn close(&self) {
        // If the task is gone already, so is its connection.
        let _ = self.queue.send(None).await;
    }
}

impl Freshness {
    async fn version(&self) -> Result<Version> {
        let Some(glance) = &self.glance else { return self.ask().await };
        let header = glance.index.header();
        if let Some(version) = glance.still(header) {
            return Ok(version);
        }
        let version = self.ask().await?;
        *glance.last() = header.map(|header| (header, version));
        Ok(version)
    }

    async fn recent(&self) -> Result<Version> {
        let changes = self.recent.changes.load(Ordering::Acquire);
        if let Some(version) = self.recent.still(changes) {
            return Ok(version);
        }
        let began = Instant::now();
        let version = self.version().await?;
        *self.recent.last() = Some((version, began, changes));
        Ok(version)
    }

    /// This process has changed a timeline, or may have.
    pub(super) fn changed(&self) {
        self.recent.changes.fetch_add(1, Ordering::Release);
    }

    /// Who asks while a look is under way that will fail would wait for that one and for the next: the time-out is for both.
    async fn ask(&self) -> Result<Version> {
        let (waiter, answer) = oneshot::channel();
        let asked = async {
            self.queue.send(Some(waiter)).await.map_err(|_| StoreError::closed())?;
            answer.await.map_err(|_| StoreError::closed())?
        };
        timeout(self.timeout, asked).await.unwrap_or_else(|_| Err(StoreError::timed_out()))
    }
}

impl Store {
    /// The version of what is remembered, as it stands after this call began.
    ///
    /// # Errors
    /// The database fails.
    pub async fn version(&self) -> Result<Version> {
        self.freshness.version().await
    }

    /// The version of what is remembered, at most 100 ms ago as far as other processes changed it since.
    ///
    /// # Errors
    /// The database fails.
    pub async fn recent_version(&self) -> Result<Version> {
        self.freshness.recent().await
    }
}

async fn look(mut link: Link, mut waiting: mpsc::Receiver<Option<Waiter>>) {
    let (mut waiters, mut expected) = (Vec::new(), 0);
    while gather(&mut waiting, &mut waiters, expected).await {
        expected = waiters.len();
        let version = link.with(ask).await;
        for waiter in waiters.drain(..) {
            // Whoever waited may have gone.
            let _ = waiter.send(version.clone());
        }
    }
}

async fn ask(connection: &mut Kept) -> sqlx::Result<Version> {
    match connection {
        Kept::Sqlite(connection) => sqlx::query_as(SQL).fetch_one(&mut **connection).await,
        Kept::Postgres(connection) => sqlx::query_as(SQL).fetch_one(&mut **connection).await,
    }
}
