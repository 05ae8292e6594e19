//! What is left of a batch: the items that are not finished, in the portions in which they are sent.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use crate::batch::Batch;

/// Items that are sent together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Portion {
    /// In their order.
    pub(super) items: Vec<u32>,
    /// How often it was sent and not answered.
    pub(super) cuts: u32,
    /// How many requests of all lanes had been answered item by item when this, or what it is a part of, was first said to
    /// be malformed.
    pub(super) malformed: Option<u64>,
}

impl Portion {
    pub(super) fn bytes(&self, batch: &Batch) -> usize {
        self.items.iter().map(|&item| batch.size(item)).sum()
    }

    /// Where all of it goes, if that is one target.
    pub(super) fn target<'a>(&self, batch: &'a Batch) -> Option<&'a str> {
        let target = batch.target_of(*self.items.first()?);
        self.items.iter().all(|&item| batch.target_of(item) == target).then_some(target)
    }
}

pub(super) struct Left {
    portions: VecDeque<Portion>,
    /// Items that may have been stored, and the write index at the time when they were first sent.
    pub(super) doubts: BTreeMap<u32, Arc<str>>,
}

impl Left {
    /// All of a batch.
    pub(super) fn new(batch: &Batch) -> Self {
        let items = (0_u32..).take(batch.len()).collect();
        let doubts = batch.doubtful.iter().map(|doubt| (doubt.item, Arc::clone(&doubt.since))).collect();
        Self { portions: VecDeque::from([Portion { items, ..Portion::default() }]), doubts }
    }

    /// The next portion, of at most `limit` bytes if it has more than one item.
    pub(super) fn next(&mut self, batch: &Batch, limit: usize) -> Option<Portion> {
        let mut portion = self.portions.pop_front()?;
        let mut bytes = 0;
        let mut fits = |&item: &u32| {
            bytes += batch.size(item);
            bytes <= limit
        };
        let count = portion.items.iter().take_while(|item| fits(item)).count().max(1);
        if count < portion.items.len() {
            let items = portion.items.split_off(count);
            self.put_back(Portion { items, cuts: portion.cuts, malformed: portion.malformed });
        }
        Some(portion)
    }

    /// To be sent before all others.
    pub(super) fn put_back(&mut self, portion: Portion) {
        if !portion.items.is_empty() {
            self.portions.push_front(portion);
        }
    }

    /// To be sent after all others.
    pub(super) fn put_behind(&mut self, portion: Portion) {
        self.portions.push_back(portion);
    }

    /// To be sent as two halves, before all others.
    pub(super) fn halve(&mut self, portion: Portion) {
        let mut first = portion.items;
        let second = first.split_off(first.len() / 2);
        for items in [second, first] {
            self.put_back(Portion { items, cuts: 0, malformed: portion.malformed });
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;
    use crate::batch::{Limits, Pool};

    /// Each item has 50 bytes and its document.
    fn batch(documents: &[usize]) -> Batch {
        let target = Arc::from("logs-app-default");
        let mut open = Pool::new(Limits::default(), 1 << 20).try_open(&target).unwrap();
        for &length in documents {
            open.begin(b"ABCDEFGHIJKLMNOPqrstuvwx", &target, Instant::now());
            open.buffer().extend(std::iter::repeat_n(b'x', length));
            open.end();
        }
        open.seal(Instant::now())
    }

    fn portions(left: &mut Left, batch: &Batch, limit: usize) -> Vec<Vec<u32>> {
        std::iter::from_fn(|| left.next(batch, limit)).map(|portion| portion.items).collect()
    }

    #[test]
    fn a_batch_is_cut_at_the_limit_and_its_order_stays() {
        let batch = batch(&[10, 10, 10, 500, 10]);
        assert_eq!(portions(&mut Left::new(&batch), &batch, usize::MAX), [vec![0, 1, 2, 3, 4]]);
        assert_eq!(portions(&mut Left::new(&batch), &batch, 130), [vec![0, 1], vec![2], vec![3], vec![4]]);
    }

    #[test]
    fn halves_come_before_the_rest() {
        let batch = batch(&[10; 5]);
        let mut left = Left::new(&batch);
        let portion = left.next(&batch, 200).unwrap();
        assert_eq!(portion.items, [0, 1, 2]);
        left.halve(portion);
        assert_eq!(portions(&mut left, &batch, usize::MAX), [vec![0], vec![1, 2], vec![3, 4]]);
    }
}
