//! Tells whether what a replica remembers still holds, by asking the database, once for all who wait.
//!
//! A reader must see their own write in their next request, whichever replica answers, so a memory may only be used after
//! a look at the database that began after the request came in. Requests that come in while a look is under way share the
//! next one: under load that is one tiny query for many requests (the way consensus protocols batch a read index).

use tokio::sync::{mpsc, oneshot};

use super::link::{Kept, Link};
use super::patience::Patience;
use super::{Pools, Result, Store, StoreError};

/// Moves with every change of what timelines show. Equal versions mean equal timelines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, sqlx::FromRow)]
pub struct Version {
    /// Moves with each message that is added, removed, flagged or unflagged.
    pub messages: i64,
    /// Moves with each follow and unfollow.
    pub followers: i64,
}

const SQL: &str = "SELECT (SELECT version FROM totals WHERE name = 'messages') AS messages,
     (SELECT version FROM totals WHERE name = 'followers') AS followers";

/// Requests that wait for a look; beyond it they wait to be allowed to wait.
const QUEUE: usize = 4_096;

type Waiter = oneshot::Sender<Result<Version>>;

#[derive(Clone)]
pub(super) struct Freshness {
    queue: mpsc::Sender<Option<Waiter>>,
}

impl Freshness {
    pub(super) fn start(pools: Pools, patience: Patience) -> Self {
        let (queue, waiting) = mpsc::channel(QUEUE);
        tokio::spawn(look(Link::new(pools, false, patience), waiting));
        Self { queue }
    }

    /// Ends the task, which gives its connection back.
    pub(super) async fn close(&self) {
        // If the task is gone already, so is its connection.
        let _ = self.queue.send(None).await;
    }
}

impl Store {
    /// The version of all timelines, as it stands after this call began.
    ///
    /// # Errors
    /// The database fails.
    pub async fn version(&self) -> Result<Version> {
        let (waiter, answer) = oneshot::channel();
        self.freshness.queue.send(Some(waiter)).await.map_err(|_| StoreError::closed())?;
        answer.await.map_err(|_| StoreError::closed())?
    }
}

async fn look(mut link: Link, mut waiting: mpsc::Receiver<Option<Waiter>>) {
    let mut waiters = Vec::new();
    while let Some(Some(first)) = waiting.recv().await {
        waiters.push(first);
        let mut closing = false;
        while let Ok(next) = waiting.try_recv() {
            match next {
                Some(waiter) => waiters.push(waiter),
                None => closing = true,
            }
        }
        let version = link.with(ask).await;
        for waiter in waiters.drain(..) {
            // Whoever waited may have gone.
            let _ = waiter.send(version.clone());
        }
        if closing {
            break;
        }
    }
}

async fn ask(connection: &mut Kept) -> sqlx::Result<Version> {
    match connection {
        Kept::Sqlite(connection) => sqlx::query_as(SQL).fetch_one(&mut **connection).await,
        Kept::Postgres(connection) => sqlx::query_as(SQL).fetch_one(&mut **connection).await,
    }
}
