//! A batch while it is being filled.

use std::sync::Arc;
use std::time::Instant;

use jiff::Timestamp;

use super::action::{self, Id};
use super::pool::Charge;
use super::{Batch, Dataset, Doubt, Limits, Second, Since, Step};
use crate::place::Progress;

/// A batch that takes documents: `begin`, then write the document into the buffer, then `end`.
#[derive(Debug)]
pub struct Open {
    body: Vec<u8>,
    ends: Vec<u32>,
    datasets: Vec<Dataset>,
    targets: Vec<Arc<str>>,
    steps: Vec<Step>,
    doubtful: Vec<Doubt>,
    oldest: Option<Instant>,
    /// When the earliest of its lines was printed, and what time it was when that was first said.
    printed: Option<(Second, Timestamp)>,
    limits: Limits,
    charge: Charge,
}

impl Open {
    pub(super) fn new(target: Arc<str>, body: Vec<u8>, limits: Limits, charge: Charge) -> Self {
        Self {
            body,
            ends: Vec::new(),
            datasets: Vec::new(),
            targets: vec![target],
            steps: Vec::new(),
            doubtful: Vec::new(),
            oldest: None,
            printed: None,
            limits,
            charge,
        }
    }

    /// Begins an item: writes its action line. A target that is not the batch's own is named there.
    pub fn begin(&mut self, id: &Id, target: &Arc<str>, now: Instant) {
        let index = (**target != *self.targets[0]).then_some(target);
        if let Some(index) = index
            && !self.targets.contains(index)
        {
            self.targets.push(Arc::clone(index));
        }
        action::write(&mut self.body, id, index.map(|index| &**index));
        self.oldest.get_or_insert(now);
    }

    /// Notes when the item's line was printed, by Docker's text, and what time it is now.
    pub fn printed(&mut self, time: &str, now: Timestamp) {
        let Some(second) = Second::of(time) else { return };
        let (earliest, _) = self.printed.get_or_insert((second, now));
        *earliest = second.min(*earliest);
    }

    /// Where the document is written: one line of JSON, appended, without the end of the line.
    pub fn buffer(&mut self) -> &mut Vec<u8> {
        &mut self.body
    }

    /// Ends the item.
    ///
    /// # Panics
    /// The batch has 4 GiB; the limits of a batch and of a line are far below.
    pub fn end(&mut self) {
        let begin = self.begin_of_next();
        self.datasets.push(Dataset::of(&self.body[begin..]));
        self.body.push(b'\n');
        self.ends.push(u32::try_from(self.body.len()).expect("a batch is smaller than 4 GiB"));
        self.charge.at_least(self.body.len());
    }

    /// Ends the item, which an earlier run may have sent already, when `since` was the write index (empty: not known).
    pub fn end_in_doubt(&mut self, since: &Arc<str>) {
        self.end();
        self.doubtful.push(Doubt { item: self.last(), since: Arc::clone(since) });
    }

    /// Takes back what was written since `begin`.
    pub fn abandon(&mut self) {
        self.body.truncate(self.begin_of_next());
        if self.ends.is_empty() && self.steps.is_empty() {
            (self.oldest, self.printed) = (None, None);
        }
    }

    /// Notes how far a file is done when the batch is finished; replaces what was noted for the same file. Once per file
    /// and batch is enough, before the batch is sealed.
    pub fn reach(&mut self, progress: Progress, target: &Arc<str>, now: Instant) {
        self.oldest.get_or_insert(now);
        match self.steps.iter_mut().rev().find(|step| step.progress.file == progress.file) {
            Some(step) => step.progress = progress,
            None => self.steps.push(Step { progress, target: Arc::clone(target) }),
        }
    }

    /// Whether it has neither documents nor positions.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty() && self.steps.is_empty()
    }

    /// Documents so far.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether it should be handed over now.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.body.len() >= self.limits.bytes || self.ends.len() >= self.limits.count
    }

    /// Since when the oldest of its lines waits; `None` while it is empty.
    #[must_use]
    pub fn since(&self) -> Option<Since> {
        let printed = |read| match &self.printed {
            Some((second, now)) => Since::printed(second, read, *now),
            None => Since::read(read),
        };
        self.oldest.map(printed)
    }

    /// When it should be handed over even if it is not full; `None` while it is empty.
    #[must_use]
    pub fn due(&self) -> Option<Instant> {
        self.oldest.map(|oldest| oldest + self.limits.age)
    }

    /// Closes it. `now` is its age if it holds nothing.
    #[must_use]
    pub fn seal(self, now: Instant) -> Batch {
        let since = self.since().unwrap_or_else(|| Since::read(now));
        Batch {
            target: Arc::clone(&self.targets[0]),
            body: self.body.into(),
            ends: self.ends,
            datasets: self.datasets,
            targets: self.targets,
            steps: self.steps,
            doubtful: self.doubtful,
            since,
            charge: self.charge,
        }
    }

    /// Where the item begins that is not ended.
    fn begin_of_next(&self) -> usize {
        self.ends.last().map_or(0, |&end| end as usize)
    }

    fn last(&self) -> u32 {
        u32::try_from(self.ends.len()).unwrap_or(u32::MAX).saturating_sub(1)
    }
}
