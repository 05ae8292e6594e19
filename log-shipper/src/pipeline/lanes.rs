//! Which lane a chain has.

use super::chain::ChainId;
use super::reader::Reader;
use crate::place::FileKey;
use crate::source::Source;

impl Reader {
    /// A container's target can become known late: as long as something of it may be on its way, it keeps its lane.
    pub(super) fn lane(&mut self, source: &Source, file: FileKey, chain: ChainId) -> usize {
        let dataset = source.hints.dataset.as_deref();
        if source.container.is_none() {
            return self.desk.lane(dataset, file);
        }
        let kept = self.lanes.get(&source.name).map(|(lane, _)| *lane);
        let lane = kept.unwrap_or_else(|| self.desk.lane(dataset, file));
        self.lanes.insert(source.name.clone(), (lane, chain));
        lane
    }

    /// Forgets those of containers that are followed no longer, once nothing is on its way.
    pub(super) fn forget_lanes(&mut self) {
        if self.leaving.is_empty() {
            self.lanes.retain(|_, (_, chain)| self.chains.contains_key(chain));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use super::super::desk::Desk;
    use super::super::model::{options, treatment};
    use super::*;
    use crate::batch::{Limits, Pool};
    use crate::checkpoint::State;
    use crate::clock::Clock;
    use crate::deliver::LaneByHand;
    use crate::metrics::Metrics;
    use crate::source::{Container, Hints};
    use crate::tail::Register;

    #[test]
    fn a_container_keeps_its_lane_until_nothing_of_it_can_be_on_its_way() {
        let folder = tempfile::tempdir().unwrap();
        let (state, known, _) = State::open(folder.path()).unwrap();
        let (state, limits) = (Arc::new(state), Limits { bytes: 4_096, count: 9, age: Duration::ZERO });
        let desk = Desk::new(Pool::new(limits, 1 << 20), LaneByHand::start_with(1, 1).0, "logs".into(), 8);
        let options = options(limits, &Clock::fixed(0));
        let register = Register::new(Arc::clone(&state), known);
        let mut reader = Reader::new(options, treatment(), state, register, desk, Metrics::new("1", "a"));
        let container = Some(Container::default());
        let mut source = Source { name: "container/a".to_owned(), container, hints: Hints::default() };
        let (file, chain) = (FileKey(1), ChainId(1));
        assert_eq!(reader.lane(&source, file, chain), 0);
        source.hints.dataset = Some("odd".to_owned());
        reader.leaving.push((file, 1));
        reader.forget_lanes();
        assert_eq!(reader.lane(&source, file, chain), 0);
        reader.leaving.clear();
        reader.forget_lanes();
        assert_eq!(reader.lane(&source, file, chain), 1);
    }
}
