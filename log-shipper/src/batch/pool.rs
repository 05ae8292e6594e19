//! The budget of bytes over all batches, and the buffers that are used again.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use super::{Limits, Open};

/// Lends buffers as long as the budget lasts. Clones share it.
#[derive(Clone, Debug)]
pub struct Pool(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    limits: Limits,
    budget: usize,
    state: Mutex<State>,
    freed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    used: usize,
    idle: Vec<Vec<u8>>,
    closed: bool,
}

impl Pool {
    /// A pool of `budget` bytes; one batch is always lent, even if it is larger than that.
    #[must_use]
    pub fn new(limits: Limits, budget: usize) -> Self {
        Self(Arc::new(Shared { limits, budget, state: Mutex::default(), freed: Condvar::new() }))
    }

    /// A new batch for `target`, if the budget allows.
    #[must_use]
    pub fn try_open(&self, target: &Arc<str>) -> Option<Open> {
        let mut state = self.0.lock();
        self.0.has_room(&state).then(|| self.lend(&mut state, target))
    }

    /// A new batch for `target`, as soon as the budget allows; `None` once the pool is closed. Whoever waits here must
    /// have handed over every batch that they were filling, because the room may be in those.
    #[must_use]
    pub fn open(&self, target: &Arc<str>) -> Option<Open> {
        let state = self.0.lock();
        let waits = |state: &mut State| !state.closed && !self.0.has_room(state);
        let mut state = self.0.freed.wait_while(state, waits).unwrap_or_else(PoisonError::into_inner);
        (!state.closed).then(|| self.lend(&mut state, target))
    }

    /// Wakes who waits in [`Self::open`], and lends nothing there any more.
    pub fn close(&self) {
        self.0.lock().closed = true;
        self.0.freed.notify_all();
    }

    /// Bytes that are lent.
    #[must_use]
    pub fn used(&self) -> usize {
        self.0.lock().used
    }

    fn lend(&self, state: &mut State, target: &Arc<str>) -> Open {
        let limits = self.0.limits;
        let body = state.idle.pop().unwrap_or_else(|| Vec::with_capacity(limits.bytes + limits.bytes / 16));
        state.used += limits.bytes;
        Open::new(Arc::clone(target), body, limits, Charge { shared: Arc::clone(&self.0), bytes: limits.bytes })
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn has_room(&self, state: &State) -> bool {
        state.used == 0 || state.used + self.limits.bytes <= self.budget
    }
}

/// A batch's part of the budget, given back when it is dropped.
#[derive(Debug)]
pub(super) struct Charge {
    shared: Arc<Shared>,
    bytes: usize,
}

impl Charge {
    /// Takes more if a document made the batch larger than planned. That cannot wait: the document is written already.
    pub(super) fn at_least(&mut self, bytes: usize) {
        if bytes > self.bytes {
            self.shared.lock().used += bytes - self.bytes;
            self.bytes = bytes;
        }
    }

    /// Keeps the buffer for another batch, unless a large document made it grow.
    pub(super) fn put_back(&self, mut buffer: Vec<u8>) {
        let Shared { limits, budget, .. } = *self.shared;
        let mut state = self.shared.lock();
        if buffer.capacity() <= 2 * limits.bytes && state.idle.len() < budget / limits.bytes.max(1) {
            buffer.clear();
            state.idle.push(buffer);
        }
    }
}

impl Drop for Charge {
    fn drop(&mut self) {
        self.shared.lock().used -= self.bytes;
        self.shared.freed.notify_all();
    }
}
