//! The gate before password hashing: a bounded number at work, a bounded number waiting, the rest turned away.

use std::num::NonZeroUsize;
use std::panic::resume_unwind;
use std::sync::Arc;
use std::time::Instant;

use metrics::Histogram;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use super::Verdict;

/// The queue before the gate is full; nothing was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too many passwords are waiting to be hashed")]
pub struct Busy;

/// Runs [`hash`](super::hash) and [`verify`](super::verify) off the asynchronous threads, first come, first served.
///
/// Clones share one gate.
///
/// Work that has begun is finished even when its caller has gone, and keeps its permit until then, so that no more
/// memory is in use than the permits allow: 19 MiB each, at most 128 MiB for an old hash (see
/// [`verify`](super::verify)).
#[derive(Clone)]
pub struct Gate {
    /// One for each caller inside, waiting or at work.
    places: Arc<Semaphore>,
    /// One for each caller at work.
    permits: Arc<Semaphore>,
    all_places: usize,
    all_permits: usize,
    wait: Histogram,
    duration: Histogram,
}

impl Gate {
    /// A gate with `permits` hashes at work at once, and at most `queue` callers waiting. Give it as many permits as
    /// there are cores: more would only make each hash slower. `wait` gets the seconds in the queue, `duration` those
    /// of the work.
    #[must_use]
    pub fn new(permits: NonZeroUsize, queue: usize, wait: Histogram, duration: Histogram) -> Self {
        let all_permits = permits.get().min(Semaphore::MAX_PERMITS);
        let all_places = all_permits.saturating_add(queue).min(Semaphore::MAX_PERMITS);
        Self {
            places: Arc::new(Semaphore::new(all_places)),
            permits: Arc::new(Semaphore::new(all_permits)),
            all_places,
            all_permits,
            wait,
            duration,
        }
    }

    /// [`hash`](super::hash), when its turn comes.
    ///
    /// # Panics
    /// Where `hash` does; the gate goes on working.
    pub async fn hash(&self, password: SecretString) -> Result<String, Busy> {
        self.run(move || super::hash(password.expose_secret().as_bytes())).await
    }

    /// [`verify`](super::verify), when its turn comes.
    ///
    /// # Panics
    /// Where `verify` does; the gate goes on working.
    pub async fn verify(&self, password: SecretString, stored: Option<String>) -> Result<Verdict, Busy> {
        self.run(move || super::verify(password.expose_secret().as_bytes(), stored.as_deref())).await
    }

    /// How many callers wait.
    #[must_use]
    pub fn queued(&self) -> usize {
        // The two numbers are not read at one instant: never report less than nothing.
        (self.all_places - self.places.available_permits()).saturating_sub(self.running())
    }

    /// How many hashes are at work.
    #[must_use]
    pub fn running(&self) -> usize {
        self.all_permits - self.permits.available_permits()
    }

    async fn run<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Busy> {
        let place = Arc::clone(&self.places).try_acquire_owned().map_err(|_| Busy)?;
        let arrived = Instant::now();
        let permit = Arc::clone(&self.permits).acquire_owned().await.expect("the gate is never closed");
        self.wait.record(arrived.elapsed());
        let duration = self.duration.clone();

        let task = spawn_blocking(move || {
            // Moved in here, so that they are given back when the work ends, not when the caller goes.
            let _held = (place, permit);
            let started = Instant::now();
            let result = work();
            duration.record(started.elapsed());
            result
        });
        match task.await.map_err(tokio::task::JoinError::try_into_panic) {
            Ok(result) => Ok(result),
            Err(Ok(panic)) => resume_unwind(panic),
            // Work that has not begun is cancelled when the runtime is shut down.
            Err(Err(_)) => Err(Busy),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::Future;
    use std::pin::{Pin, pin};
    use std::sync::mpsc::{self, Sender};
    use std::task::{Context, Poll, Waker};

    use tokio::sync::oneshot;

    use super::*;

    fn gate(permits: usize, queue: usize) -> Gate {
        Gate::new(NonZeroUsize::new(permits).unwrap(), queue, Histogram::noop(), Histogram::noop())
    }

    fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
        future.poll(&mut Context::from_waker(Waker::noop()))
    }

    /// Work that says when it has begun, and lasts until it is told (or its end of the channel is dropped).
    fn work() -> (impl FnOnce() -> &'static str, oneshot::Receiver<()>, Sender<()>) {
        let (starts, begun) = oneshot::channel();
        let (finish, finished) = mpsc::channel();
        let work = move || {
            starts.send(()).unwrap();
            finished.recv().unwrap();
            "done"
        };
        (work, begun, finish)
    }

    #[tokio::test]
    async fn with_one_at_work_and_one_waiting_the_third_is_turned_away_and_may_come_again() {
        let gate = gate(1, 1);
        let (work, begun, finish) = work();
        let mut first = pin!(gate.run(work));
        assert!(poll(first.as_mut()).is_pending());
        begun.await.unwrap();
        let mut second = pin!(gate.run(|| "second"));
        assert!(poll(second.as_mut()).is_pending());
        assert_eq!((gate.running(), gate.queued()), (1, 1));

        assert_eq!(poll(pin!(gate.run(|| "third"))), Poll::Ready(Err(Busy)));
        assert_eq!((gate.running(), gate.queued()), (1, 1));

        finish.send(()).unwrap();
        assert_eq!(first.await, Ok("done"));
        assert_eq!(second.await, Ok("second"));
        assert_eq!((gate.running(), gate.queued()), (0, 0));
        assert_eq!(gate.run(|| "third").await, Ok("third"));
    }

    #[tokio::test]
    async fn without_a_queue_a_free_permit_is_still_given() {
        let gate = gate(1, 0);
        assert_eq!(gate.run(|| 1).await, Ok(1));
        let (work, begun, finish) = work();
        let mut first = pin!(gate.run(work));
        assert!(poll(first.as_mut()).is_pending());
        begun.await.unwrap();
        assert_eq!(poll(pin!(gate.run(|| 2))), Poll::Ready(Err(Busy)));
        finish.send(()).unwrap();
        assert_eq!(first.await, Ok("done"));
    }

    #[tokio::test]
    async fn as_many_work_at_once_as_there_are_permits() {
        let gate = gate(2, 0);
        let (one, one_begun, finish_one) = work();
        let (two, two_begun, finish_two) = work();
        let (mut one, mut two) = (pin!(gate.run(one)), pin!(gate.run(two)));
        assert!(poll(one.as_mut()).is_pending() && poll(two.as_mut()).is_pending());
        one_begun.await.unwrap();
        two_begun.await.unwrap();
        assert_eq!((gate.running(), gate.queued()), (2, 0));
        finish_one.send(()).unwrap();
        finish_two.send(()).unwrap();
        assert_eq!((one.await, two.await), (Ok("done"), Ok("done")));
    }

    #[tokio::test]
    async fn a_caller_who_leaves_keeps_the_permit_until_the_work_has_ended() {
        let gate = gate(1, 1);
        let (work, begun, finish) = work();
        {
            let mut gone = pin!(gate.run(work));
            assert!(poll(gone.as_mut()).is_pending());
            begun.await.unwrap();
        }
        let mut next = pin!(gate.run(|| "next"));
        assert!(poll(next.as_mut()).is_pending());
        assert_eq!((gate.running(), gate.queued()), (1, 1));
        finish.send(()).unwrap();
        assert_eq!(next.await, Ok("next"));
        assert_eq!((gate.running(), gate.queued()), (0, 0));
    }

    #[tokio::test]
    async fn a_caller_who_leaves_the_queue_frees_the_place_and_is_never_served() {
        let gate = gate(1, 1);
        let (first, begun, finish) = work();
        let mut first = pin!(gate.run(first));
        assert!(poll(first.as_mut()).is_pending());
        begun.await.unwrap();
        {
            let mut gone = pin!(gate.run(|| unreachable!("nobody waits for this")));
            assert!(poll(gone.as_mut()).is_pending());
            assert_eq!(gate.queued(), 1);
        }
        assert_eq!((gate.running(), gate.queued()), (1, 0));
        finish.send(()).unwrap();
        assert_eq!(first.await, Ok("done"));
        assert_eq!((gate.running(), gate.queued()), (0, 0));
    }

    #[tokio::test]
    async fn a_panic_reaches_its_caller_and_leaves_the_gate_open() {
        let gate = gate(1, 0);
        let task = tokio::spawn({
            let gate = gate.clone();
            async move { gate.run(|| panic!("as a hash would")).await }
        });
        assert!(task.await.unwrap_err().is_panic());
        assert_eq!((gate.running(), gate.queued()), (0, 0));
        assert_eq!(gate.run(|| "after").await, Ok("after"));
    }

    #[tokio::test]
    async fn a_password_is_hashed_and_verified_through_the_gate() {
        let gate = gate(1, 0);
        let stored = gate.hash("open sesame".into()).await.unwrap();
        assert_eq!(gate.verify("open sesame".into(), Some(stored.clone())).await, Ok(Verdict::Good));
        assert_eq!(gate.verify("open barley".into(), Some(stored)).await, Ok(Verdict::Wrong));
        assert_eq!(gate.verify("open sesame".into(), None).await, Ok(Verdict::Wrong));
    }
}
