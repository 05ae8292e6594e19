//! How the shipper stops: what is in hand is sent, and positions are written, for a time.

use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::watch;
use tokio::task::spawn_blocking;
use tokio::time::{Instant, interval, sleep};

use super::{Cause, Ended, LOOK, Service, show, tell};
use crate::progress::Progress;

/// What is given up has so long to end, and positions to be written after all.
const GRACE: Duration = Duration::from_secs(2);

/// Longer than any process runs.
const FOR_EVER: Duration = Duration::from_hours(24 * 365);

impl Service {
    /// Sends what is in hand. Where everything has to arrive, that takes as long as it takes, or until a signal; the signal
    /// after that ends the program at once.
    pub(super) async fn stop(mut self, cause: &Cause, progress: &Progress) -> Ended {
        self.readiness.lacks("shipper", "is stopping");
        let counts = self.pipeline.lanes().counts();
        let (limit, interrupted) = (self.settings.delivery.shutdown_timeout, !matches!(cause, Cause::Exhausted));
        let (hurry, given_up) = watch::channel(false);
        let (state, stopping) = (Arc::clone(&self.state), self.pipeline.stop_until(come(given_up.clone())));
        let mut ending = pin!(async move {
            let unfinished = stopping.await;
            write(move || state.sync(), come(given_up)).await;
            unfinished
        });
        let mut hurried = interrupted;
        let mut patience = pin!(sleep(if hurried { limit } else { FOR_EVER }));
        let mut look = interval(LOOK);
        let unfinished = loop {
            tokio::select! {
                unfinished = &mut ending => break unfinished,
                () = self.signals.stop() => {
                    if std::mem::replace(&mut hurried, true) {
                        std::process::exit(130);
                    }
                    patience.as_mut().reset(Instant::now() + limit);
                }
                () = &mut patience, if !*hurry.borrow() => drop(hurry.send(true)),
                _ = look.tick() => show(&self.tally, self.purpose, progress),
            }
            tell::numbers(&self.metrics, &counts);
        };
        if unfinished > 0 {
            tracing::warn!(count = unfinished, "the shipper has stopped; so many batches were not acknowledged");
        } else {
            tracing::info!("the shipper has stopped");
        }
        let ended = Ended::new(self.purpose, interrupted, unfinished, &counts, &self.tally);
        Ended { nothing_ever: self.nothing_ever, ..ended }
    }
}

async fn come(mut given_up: watch::Receiver<bool>) {
    // Whoever is gone gives nothing up any more.
    let _ = given_up.wait_for(|given_up| *given_up).await;
}

/// Brings the positions to the disk, if that answers in time. If not, what is acknowledged is sent again at the next start,
/// and refused as repeated.
async fn write(sync: impl FnOnce() -> io::Result<()> + Send + 'static, given_up: impl Future<Output = ()>) {
    let written = spawn_blocking(sync);
    let late = async {
        given_up.await;
        sleep(GRACE).await;
    };
    tokio::select! {
        written = written => if let Ok(Err(error)) = written {
            tracing::warn!(error = %error, "the state cannot be written");
        },
        () = late => tracing::warn!("the state cannot be written: the disk does not answer"),
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::channel;

    use super::*;

    #[tokio::test]
    async fn a_disk_that_does_not_answer_is_given_up_and_one_that_is_slow_is_waited_for() {
        let (answer, answered) = channel::<()>();
        write(move || answered.recv().map_err(io::Error::other), std::future::ready(())).await;
        drop(answer);
        let (told, heard) = channel();
        write(move || told.send(()).map_err(io::Error::other), std::future::pending()).await;
        heard.try_recv().expect("it was written");
    }
}
