//! The shipper in the model, as long as it runs.

use std::path::Path;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use super::disk::Disk;
use crate::batch::{self, Batch, Pool};
use crate::checkpoint::State;
use crate::clock::Clock;
use crate::deliver::{LaneByHand, Seams};
use crate::discover::{Finder, Found, Handles, Inputs};
use crate::docker;
use crate::document::Agent;
use crate::mask::Masker;
use crate::metrics::Metrics;
use crate::pipeline::desk::Desk;
use crate::pipeline::event::{Event, tell};
use crate::pipeline::reader::Reader;
use crate::pipeline::{Kept, Options, Treatment, seams};
use crate::source::Hints;
use crate::tail::Register;

pub(super) const LANES: usize = 2;

/// More turns than there is to do.
pub(super) const ENOUGH: usize = 1_000;

/// The shipper, as long as it runs.
pub(super) struct Run {
    pub(super) finder: Finder<Box<dyn FnMut(Found) + Send>>,
    pub(super) reader: Reader,
    pub(super) events: Receiver<Event>,
    pub(super) lanes: Vec<Lane>,
    pub(super) state: Arc<State>,
    pub(super) seams: Seams,
}

pub(super) struct Lane {
    pub(super) by_hand: LaneByHand,
    /// What was sent and has no answer, and the write index when that was first done.
    pub(super) sent: Option<(Batch, usize)>,
}

impl Run {
    pub(super) fn start(files: &Disk, state: &Path, batch: batch::Limits, handles: usize, clock: &Clock) -> Self {
        let (state, known, _) = State::open(state).unwrap();
        let state = Arc::new(state);
        let (events, received) = channel();
        let metrics = Metrics::new("1", "a");
        let (refused, observed): (Arc<crate::deliver::Bury>, _) = (Arc::new(|_| Ok(())), Arc::new(|_: &_| ()));
        let kept = Kept { state: Arc::clone(&state), known: Vec::new(), metrics: metrics.clone(), refused, observed };
        let seams = seams(&kept, &events, clock.clone(), Arc::default());
        let (queue, lanes) = LaneByHand::start(LANES);
        let pool = Pool::new(batch, 4 * batch.bytes);
        let desk = Desk::new(pool, queue, "logs".into(), 4);
        let register = Register::new(Arc::clone(&state), known);
        let (options, treatment) = (options(batch, clock), treatment());
        let handles = Handles::new(handles);
        let mut reader = Reader::new(options, treatment, Arc::clone(&state), register, desk, metrics);
        reader.handles = handles.clone();
        let mut finder = Finder::new(&inputs(files), told(events)).unwrap().with(&handles);
        finder.begin();
        let lanes = lanes.into_iter().map(|by_hand| Lane { by_hand, sent: None }).collect();
        Self { finder, reader, events: received, lanes, state, seams }
    }

    pub(super) fn read(&mut self, turns: usize) -> bool {
        self.reader.round(&self.events, turns)
    }

    pub(super) fn is_drained(&mut self) -> bool {
        self.read(ENOUGH) && self.reader.blocked.is_empty() && self.reader.drained()
    }
}

fn told(events: std::sync::mpsc::Sender<Event>) -> Box<dyn FnMut(Found) + Send> {
    Box::new(move |found| tell(&events, Event::Found(found)))
}

pub(in super::super) fn options(batch: batch::Limits, clock: &Clock) -> Options {
    let patient = Duration::from_hours(1);
    Options {
        agent: Agent { host: "node".into(), version: "1".into() },
        target: "logs".into(),
        max_line: 1 << 20,
        joining: docker::Limits { piece: patient, line: patient, ..docker::Limits::default() },
        batch,
        memory: 4 * batch.bytes,
        max_open_files: usize::MAX,
        clock: clock.clone(),
    }
}

pub(in super::super) fn treatment() -> Treatment {
    let forget_after = Duration::from_hours(1);
    Treatment { masker: Arc::new(Masker::new(&[]).unwrap()), wanted: Arc::new(|_| true), forget_after }
}

fn inputs(disk: &Disk) -> Inputs {
    let pattern = |name: &str| disk.path().join(name).to_str().unwrap().to_owned();
    Inputs {
        docker_root: Some(disk.path().join("containers")),
        files: vec![pattern("plain/site.log*"), pattern("bare/site.log")],
        hints: Hints::default(),
        patience: Duration::from_hours(1),
        look: Duration::from_hours(1),
    }
}
