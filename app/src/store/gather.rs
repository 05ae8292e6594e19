//! Takes together what waits together, for a task that serves many requests with one question to the database.

use std::time::{Duration, Instant};

use tokio::sync::mpsc::Receiver;

/// Items taken together at most.
pub(super) const MOST: usize = 256;
/// The longest wait for those who are expected.
const PATIENCE: Duration = Duration::from_millis(1);

/// How many items to expect, learnt from turn to turn.
///
/// Those who were just answered are about to ask again. Serving at once the few who asked meanwhile would split everybody
/// into two groups that wait for each other's turns for ever, with a turn's fixed cost (a flush to disk) for each half.
#[derive(Debug, Default)]
pub(super) struct Crowd {
    expected: usize,
    patience: Duration,
}

impl Crowd {
    /// Waits for an item and puts it into `items` with the others that wait, and with those who are expected, if they come
    /// within a part of the time that the last turn took. `None` in the queue, or its end, ends the task: then this is
    /// `false`.
    pub(super) async fn gather<T>(&self, queue: &mut Receiver<Option<T>>, items: &mut Vec<T>) -> bool {
        match queue.recv().await {
            Some(Some(first)) => items.push(first),
            _ => return false,
        }
        let began = Instant::now();
        while take(queue, items) && items.len() < self.expected.min(MOST) && began.elapsed() < self.patience {
            // Others run, and what has arrived is read; a timer would be too coarse.
            tokio::task::yield_now().await;
        }
        true
    }

    /// After a turn that served `served` and took `took`, while `waiting` more have come.
    pub(super) fn served(&mut self, served: usize, waiting: usize, took: Duration) {
        // Who was waited for in vain is not waited for again.
        let vain = served < self.expected;
        self.expected = if vain { served.max(waiting) } else { served + waiting };
        self.patience = (took / 2).min(PATIENCE);
    }
}

/// Takes what waits, up to the bound; `false` if the end came.
fn take<T>(queue: &mut Receiver<Option<T>>, items: &mut Vec<T>) -> bool {
    while items.len() < MOST {
        match queue.try_recv() {
            Ok(Some(item)) => items.push(item),
            Ok(None) => {
                // The end is for the next turn: what was taken is served first.
                queue.close();
                return false;
            }
            Err(_) => break,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use tokio::sync::mpsc;

    use super::*;

    #[tokio::test]
    async fn what_waits_is_taken_together_and_the_end_comes_after_it() {
        let (sender, mut queue) = mpsc::channel(16);
        for item in [Some(1), Some(2), None] {
            sender.try_send(item).unwrap();
        }
        let mut items = Vec::new();
        assert!(Crowd::default().gather(&mut queue, &mut items).await);
        assert_eq!(items, [1, 2]);
        assert!(!Crowd::default().gather(&mut queue, &mut items).await);
        assert!(sender.try_send(Some(3)).is_err(), "nobody would ever answer it");
    }

    #[tokio::test]
    async fn no_more_than_the_bound_is_taken() {
        let (sender, mut queue) = mpsc::channel(MOST + 1);
        for item in 0..=MOST {
            sender.try_send(Some(item)).unwrap();
        }
        let mut items = Vec::new();
        assert!(Crowd::default().gather(&mut queue, &mut items).await);
        assert_eq!(items.len(), MOST);
    }

    #[tokio::test]
    async fn those_who_were_answered_are_expected_with_those_who_came_meanwhile() {
        let mut crowd = Crowd::default();
        crowd.served(3, 2, Duration::from_hours(1));
        assert_eq!(crowd.expected, 5);
        crowd.patience = Duration::from_hours(1);
        let (sender, mut queue) = mpsc::channel(16);
        sender.try_send(Some(0)).unwrap();
        let late = tokio::spawn(async move {
            for item in 1..5 {
                tokio::task::yield_now().await;
                sender.send(Some(item)).await.unwrap();
            }
        });
        let mut items = Vec::new();
        assert!(crowd.gather(&mut queue, &mut items).await);
        assert_eq!(items, [0, 1, 2, 3, 4]);
        late.await.unwrap();
    }

    #[tokio::test]
    async fn nobody_is_waited_for_in_vain_twice() {
        let mut crowd = Crowd::default();
        crowd.served(1, 1, Duration::from_micros(10));
        let (sender, mut queue) = mpsc::channel(16);
        sender.try_send(Some(0)).unwrap();
        let mut items = Vec::new();
        assert!(crowd.gather(&mut queue, &mut items).await, "it does not wait for ever");
        crowd.served(items.len(), 0, Duration::from_micros(10));
        assert_eq!(crowd.expected, 1);
    }
}
