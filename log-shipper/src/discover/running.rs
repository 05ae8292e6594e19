//! A finder at work.

use std::io;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use super::Places;

/// Such a finder; it ends when this is dropped.
pub struct Running {
    orders: Orders,
    thread: Option<JoinHandle<()>>,
}

/// What a finder is told while it is at work.
#[derive(Clone, Default)]
pub(super) struct Orders(Arc<(AtomicBool, Mutex<Option<Exchange>>)>);

/// Other places to look in.
pub(super) struct Exchange {
    pub(super) places: Places,
    /// Is called when nothing more comes of the places before.
    pub(super) begin: Box<dyn FnOnce() + Send>,
}

impl Orders {
    pub(super) fn is_over(&self) -> bool {
        self.0.0.load(Ordering::Relaxed)
    }

    pub(super) fn take_exchange(&self) -> Option<Exchange> {
        self.0.1.lock().unwrap_or_else(PoisonError::into_inner).take()
    }
}

impl Running {
    pub(super) fn start(work: impl FnOnce(&Orders) + Send + 'static) -> io::Result<Self> {
        let orders = Orders::default();
        let heard = orders.clone();
        let thread = thread::Builder::new().name("discover".into()).spawn(move || work(&heard))?;
        Ok(Self { orders, thread: Some(thread) })
    }

    /// Looks in other places from now on, and tells of all that is there. `begin` is called when nothing more comes of the
    /// places before. Never waits. The kernel's words of what happens meanwhile are heard.
    pub fn look_elsewhere(&self, places: Places, begin: impl FnOnce() + Send + 'static) {
        let begin: Box<dyn FnOnce() + Send> = match self.orders.take_exchange() {
            // Nobody has looked there yet.
            Some(before) => Box::new(|| {
                (before.begin)();
                begin();
            }),
            None => Box::new(begin),
        };
        let exchange = Exchange { places, begin };
        *self.orders.0.1.lock().unwrap_or_else(PoisonError::into_inner) = Some(exchange);
    }

    /// Whether the thread is gone, which only a defect brings about.
    #[must_use]
    pub fn is_ended(&self) -> bool {
        self.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.orders.0.0.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            // A panic there was told when it happened.
            let _ = thread.join();
        }
    }
}
