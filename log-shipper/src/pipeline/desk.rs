//! The batches that are being filled, one for each lane.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::batch::{Open, Pool};
use crate::deliver::Queue;
use crate::place::FileKey;

/// Where documents are put.
pub(super) struct Desk {
    pool: Pool,
    queue: Queue,
    target: Arc<str>,
    /// Other targets, each with a lane of its own, behind those that are for all files.
    own: Vec<Arc<str>>,
    open: Vec<Option<Open>>,
    /// Batches that there may be.
    batches: usize,
}

/// Batches of a lane at least: one is sent while another one is being filled.
const FEWEST: usize = 2;

impl Desk {
    pub(super) fn new(pool: Pool, queue: Queue, target: Arc<str>, batches: usize) -> Self {
        let lanes = queue.lanes();
        let open = std::iter::repeat_with(|| None).take(lanes).collect();
        Self { pool, queue, target, own: Vec::new(), open, batches }
    }

    /// The lane for a file with such documents. A target that is not most files' gets a lane of its own, or shares one with
    /// others like it if there are too many: so one that is denied or missing holds up none of the others' lines.
    pub(super) fn lane(&mut self, dataset: Option<&str>, file: FileKey) -> usize {
        let (shared, own) = (self.queue.shared(), self.open.len() - self.queue.shared());
        let target = dataset.map(data_stream).filter(|target| own > 0 && *target != self.target);
        let Some(target) = target else { return file.0 as usize % shared };
        let place = self.own.iter().position(|known| *known == target);
        shared + place.unwrap_or_else(|| self.give_lane(target, own, file))
    }

    fn give_lane(&mut self, target: Arc<str>, own: usize, file: FileKey) -> usize {
        if self.own.len() == own {
            return file.0 as usize % own;
        }
        self.own.push(target);
        self.own.len() - 1
    }

    /// Batches that may wait for one lane, so that one which is stuck leaves room for the others.
    fn waiting_limit(&self, lane: usize) -> usize {
        let shared = self.queue.shared();
        let left = self.batches.saturating_sub(FEWEST * self.own.len());
        if lane < shared { (left / shared).max(FEWEST) } else { FEWEST }
    }

    /// The lane's batch, unless it has to wait for room.
    pub(super) fn batch(&mut self, lane: usize) -> Option<&mut Open> {
        if self.open[lane].is_none() && self.queue.waiting(lane) < self.waiting_limit(lane) {
            let own = lane.checked_sub(self.queue.shared()).and_then(|place| self.own.get(place));
            self.open[lane] = self.pool.try_open(own.unwrap_or(&self.target));
        }
        self.open[lane].as_mut()
    }

    pub(super) fn is_full(&self, lane: usize) -> bool {
        self.open[lane].as_ref().is_some_and(Open::is_full)
    }

    /// Hands the lane's batch over, whatever is in it.
    pub(super) fn hand_over(&mut self, lane: usize) {
        if let Some(open) = self.open[lane].take().filter(|open| !open.is_empty()) {
            self.queue.hand_over(lane, open.seal(Instant::now()));
        }
    }

    pub(super) fn hand_over_all(&mut self) {
        (0..self.open.len()).for_each(|lane| self.hand_over(lane));
    }

    /// Hands over what has waited long enough.
    pub(super) fn hand_over_due(&mut self, now: Instant) {
        for lane in 0..self.open.len() {
            if self.open[lane].as_ref().and_then(Open::due).is_some_and(|due| due <= now) {
                self.hand_over(lane);
            }
        }
    }

    /// When something will have waited long enough.
    pub(super) fn due(&self) -> Option<Instant> {
        self.open.iter().flatten().filter_map(Open::due).min()
    }

    /// Bytes of all batches.
    pub(super) fn used(&self) -> usize {
        self.pool.used()
    }

    /// How old the oldest line is that was read and is not acknowledged.
    pub(super) fn age(&self, now: Instant) -> Option<Duration> {
        let filling = self.open.iter().flatten().filter_map(Open::since).map(|since| since.age(now));
        filling.chain(self.queue.age(now)).max()
    }
}

/// The data stream of a data set that a label names.
pub(super) fn data_stream(dataset: &str) -> Arc<str> {
    format!("logs-{dataset}-default").into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::Limits;
    use crate::deliver::LaneByHand;

    fn desk(shared: usize, own: usize, batches: usize) -> Desk {
        let (queue, _) = LaneByHand::start_with(shared, own);
        Desk::new(Pool::new(Limits::default(), 1 << 30), queue, "logs-app-default".into(), batches)
    }

    #[test]
    fn each_target_but_the_usual_one_has_a_lane_of_its_own_as_long_as_there_are_some() {
        let mut desk = desk(2, 2, 8);
        let lanes = [None, Some("app"), Some("odd"), Some("rare"), Some("odd"), Some("more"), None];
        assert_eq!(lanes.map(|dataset| desk.lane(dataset, FileKey(5))), [1, 1, 2, 3, 2, 3, 1]);
    }

    #[test]
    fn without_lanes_of_their_own_all_targets_share() {
        assert_eq!(desk(2, 0, 8).lane(Some("odd"), FileKey(5)), 1);
    }

    #[test]
    fn lanes_of_their_own_that_are_stuck_leave_room_for_the_others() {
        let mut desk = desk(2, 2, 8);
        assert_eq!(desk.waiting_limit(0), 4);
        for dataset in ["odd", "rare", "more"] {
            desk.lane(Some(dataset), FileKey(5));
        }
        assert_eq!([0, 1, 2, 3].map(|lane| desk.waiting_limit(lane)), [2; 4]);
    }
}
