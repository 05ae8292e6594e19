//! Takes together what waits together, for a task that serves many requests with one question to the database.

use tokio::sync::mpsc::Receiver;

/// Items taken together at most.
pub(super) const MOST: usize = 256;
/// How often the task lets others run, to gather as many items as it had the last time.
const PATIENCE: usize = 16;

/// Waits for an item and puts it into `items` with the others that wait; `None` in the queue, or its end, ends the task: then
/// this is `false`.
///
/// `expected` is how many there were the last time: those who were answered then are about to ask again, and serving the
/// first of them alone would make the others wait for two turns.
pub(super) async fn gather<T>(queue: &mut Receiver<Option<T>>, items: &mut Vec<T>, expected: usize) -> bool {
    match queue.recv().await {
        Some(Some(first)) => items.push(first),
        _ => return false,
    }
    for _ in 0..PATIENCE {
        while items.len() < MOST {
            match queue.try_recv() {
                Ok(Some(item)) => items.push(item),
                Ok(None) => {
                    // The end is for the next turn: what was taken is served first.
                    queue.close();
                    return true;
                }
                Err(_) => break,
            }
        }
        if items.len() >= expected {
            break;
        }
        tokio::task::yield_now().await;
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
        assert!(gather(&mut queue, &mut items, 0).await);
        assert_eq!(items, [1, 2]);
        assert!(!gather(&mut queue, &mut items, 2).await);
        assert!(sender.try_send(Some(3)).is_err(), "nobody would ever answer it");
    }

    #[tokio::test]
    async fn no_more_than_the_bound_is_taken() {
        let (sender, mut queue) = mpsc::channel(MOST + 1);
        for item in 0..=MOST {
            sender.try_send(Some(item)).unwrap();
        }
        let mut items = Vec::new();
        assert!(gather(&mut queue, &mut items, 0).await);
        assert_eq!(items.len(), MOST);
    }
}
