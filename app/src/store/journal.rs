//! Commits together what waits together: one flush to disk for many requests, and each answered only after it.
//!
//! While a batch is being committed the next one gathers. A batch that the database refuses is tried again record by
//! record, so that only the culprit fails.

mod batch;

use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, timeout_at};

use super::gather::gather;
use super::link::Link;
use super::patience::Patience;
use super::{Pools, Result, StoreError};
use crate::domain::UserId;
use batch::commit;

/// Something to be stored.
#[derive(Clone, Debug)]
pub(super) enum Record {
    Post { author: UserId, text: String, at: i64 },
    Follow { who: UserId, whom: UserId, at: i64 },
    Unfollow { who: UserId, whom: UserId },
    Latest { latest: i64, at: i64 },
}

struct Entry {
    record: Record,
    /// Answers with the number of rows that changed.
    done: oneshot::Sender<Result<u64>>,
}

/// Records that wait at most; beyond it, requests wait to hand theirs over.
const QUEUE: usize = 4_096;

#[derive(Clone)]
pub(super) struct Journal {
    queue: mpsc::Sender<Option<Entry>>,
    timeout: Duration,
}

/// A record that was handed over.
#[must_use = "the record is durable only when `durable` returned"]
pub struct Pending {
    answer: oneshot::Receiver<Result<u64>>,
    deadline: Instant,
}

impl Pending {
    /// Waits until the record is durable; gives the number of rows that changed. The time-out counts from when the record
    /// was handed over, so that a request that waited for something else meanwhile does not wait for twice as long.
    ///
    /// # Errors
    /// The database fails, or does not answer in time; then the record may still be stored.
    pub async fn durable(self) -> Result<u64> {
        match timeout_at(self.deadline, self.answer).await {
            Ok(Ok(result)) => result,
            Ok(Err(_)) => Err(StoreError::closed()),
            Err(_) => Err(StoreError::timed_out()),
        }
    }
}

impl Journal {
    pub(super) fn start(pools: Pools, patience: Patience) -> Self {
        let timeout = patience.timeout;
        let (queue, entries) = mpsc::channel(QUEUE);
        tokio::spawn(keep(Link::new(pools, true, patience), entries));
        Self { queue, timeout }
    }

    pub(super) async fn post(&self, author: UserId, text: String, at: i64) -> Result<()> {
        self.hand_over(Record::Post { author, text, at }).await?.durable().await.map(drop)
    }

    pub(super) async fn follow(&self, who: UserId, whom: UserId, at: i64) -> Result<bool> {
        Ok(self.hand_over(Record::Follow { who, whom, at }).await?.durable().await? > 0)
    }

    pub(super) async fn unfollow(&self, who: UserId, whom: UserId) -> Result<bool> {
        Ok(self.hand_over(Record::Unfollow { who, whom }).await?.durable().await? > 0)
    }

    pub(super) async fn set_latest(&self, latest: i64, at: i64) -> Result<Pending> {
        self.hand_over(Record::Latest { latest, at }).await
    }

    /// Commits what waits and ends the task, which gives its connection back.
    pub(super) async fn close(&self) {
        // If the task is gone already, there is nothing left to commit.
        let _ = self.queue.send(None).await;
        self.queue.closed().await;
    }

    async fn hand_over(&self, record: Record) -> Result<Pending> {
        let (done, answer) = oneshot::channel();
        let entry = Some(Entry { record, done });
        let deadline = Instant::now() + self.timeout;
        match timeout_at(deadline, self.queue.send(entry)).await {
            Ok(Ok(())) => Ok(Pending { answer, deadline }),
            Ok(Err(_)) => Err(StoreError::closed()),
            Err(_) => Err(StoreError::timed_out()),
        }
    }
}

async fn keep(mut link: Link, mut entries: mpsc::Receiver<Option<Entry>>) {
    let (mut batch, mut expected) = (Vec::new(), 0);
    while gather(&mut entries, &mut batch, expected).await {
        expected = batch.len();
        settle(&mut link, std::mem::take(&mut batch)).await;
    }
}

async fn settle(link: &mut Link, batch: Vec<Entry>) {
    let (records, waiters): (Vec<_>, Vec<_>) = batch.into_iter().map(|entry| (entry.record, entry.done)).unzip();
    let outcome = link.with(async |connection| commit(connection, &records).await).await;
    match outcome {
        Ok(changed) => answer(waiters, changed.into_iter().map(Ok)),
        Err(error) if error.is_unavailable() || records.len() == 1 => {
            answer(waiters, std::iter::repeat(Err(error)));
        }
        Err(_) => {
            for (record, waiter) in records.into_iter().zip(waiters) {
                let alone = [record];
                let outcome = link.with(async |connection| commit(connection, &alone).await).await;
                answer(vec![waiter], std::iter::once(outcome.map(|changed| changed[0])));
            }
        }
    }
}

fn answer(waiters: Vec<oneshot::Sender<Result<u64>>>, outcomes: impl Iterator<Item = Result<u64>>) {
    for (waiter, outcome) in waiters.into_iter().zip(outcomes) {
        // Whoever waited may have gone; the record is stored all the same.
        let _ = waiter.send(outcome);
    }
}
