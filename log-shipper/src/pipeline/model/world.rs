//! The shipper between its files and its server, one step after the other.

use std::fs;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::disk::Disk;
use super::run::{ENOUGH, LANES, Lane, Run};
use super::server::Server;
use super::steps::{Answer, Fault, Plan, Step};
use crate::batch::{self, Batch};
use crate::clock::Clock;
use crate::deliver::{Intent, Seams};

/// In microseconds, as the clock has it.
const HOUR: i64 = 3_600_000_000;

/// Some day of 2026, in microseconds.
const NOW: i64 = 1_795_600_000_000_000;

/// Everything.
pub(super) struct World {
    disk: Disk,
    state: TempDir,
    server: Server,
    fault: Fault,
    handles: usize,
    batch: batch::Limits,
    run: Option<Run>,
    /// What time it is, and what the clock says.
    now: Instant,
    clock: Clock,
}

impl World {
    pub(super) fn new(plan: &Plan) -> Self {
        let batch = batch::Limits { bytes: 4_096, count: plan.batch, age: Duration::from_hours(1) };
        // What has to be brought to the disk is there at once where there is no disk.
        let state = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
        let (disk, server) = (Disk::new(plan.banner), Server::new());
        let Plan { fault, handles, .. } = *plan;
        let (now, clock) = (Instant::now(), Clock::fixed(NOW));
        let mut world = Self { disk, state, server, fault, handles, batch, run: None, now, clock };
        world.start();
        world
    }

    pub(super) fn play(mut self, steps: &[Step]) {
        for step in steps {
            self.step(step);
        }
        self.settle();
        self.disk.check(&self.server.messages);
        self.restart();
        let received = self.server.received;
        self.settle();
        assert_eq!(self.server.received, received, "everything is done: another run sends nothing");
        self.end();
    }

    pub(super) fn step(&mut self, step: &Step) {
        match *step {
            Step::Write(whose, lines) => self.disk.write(whose, lines),
            // The beginning of a line in a file that is closed, so that others have a turn, waits for the rest.
            Step::Half(whose) if self.handles == usize::MAX => self.disk.half(whose),
            Step::Half(whose) => self.disk.write(whose, 1),
            // A line that is open keeps its file open, and where that is the only one, no later one has a turn.
            Step::Piece(is_last) => self.disk.piece(is_last || self.handles < usize::MAX),
            Step::Rotate(whose, compress) => self.disk.rotate(whose, compress),
            Step::CopyTruncate(whose) => self.disk.copy_truncate(whose),
            Step::Delete(whose) => self.disk.delete(whose),
            Step::Prune(whose) => self.disk.prune(whose),
            Step::Find(gathered, looks) => self.find(gathered, looks),
            Step::Read(turns) => _ = self.run().read(turns.into()),
            Step::Judge => self.run().reader.judge_now(),
            Step::Turns => self.run().reader.take_turns(),
            Step::HandOver => self.run().reader.desk.hand_over_all(),
            Step::Answer(lane, answer) => _ = self.answer(lane, answer),
            Step::Sync => self.sync(),
            Step::RollOver if self.fault == Fault::Rollover => self.server.roll_over(),
            Step::RollOver => {}
            Step::Crash(lost) => self.crash(lost),
            Step::Restart => self.restart(),
            Step::SetClock(hours) => self.clock.advance(i64::from(hours) * HOUR),
            Step::Forget => self.forget(self.now),
        }
    }

    fn run(&mut self) -> &mut Run {
        self.run.as_mut().unwrap()
    }

    fn log(&self) -> PathBuf {
        self.state.path().join("positions")
    }

    fn start(&mut self) {
        self.run = Some(Run::start(&self.disk, self.state.path(), self.batch, self.handles, &self.clock));
        self.is_found();
    }

    /// Just after a look at everything, as at the start.
    fn forget(&mut self, at: Instant) {
        self.find(true, true);
        let run = self.run();
        run.read(ENOUGH);
        if run.reader.is_settled() {
            run.reader.forget_gone(at);
        }
    }

    /// Some hours go by, and at the end of them what has been gone for long is forgotten; how many files are known then.
    pub(super) fn after_hours(&mut self, hours: u8) -> usize {
        self.now += Duration::from_hours(hours.into());
        self.clock.advance(i64::from(hours) * HOUR);
        self.forget(self.now);
        self.run().state.snapshot().len()
    }

    fn find(&mut self, gathered: bool, looks: bool) {
        self.run().finder.round(gathered, looks);
        self.is_found();
    }

    /// Where everything is opened that is found, it arrives though it goes.
    fn is_found(&mut self) {
        if self.handles == usize::MAX {
            self.disk.is_found();
        }
    }

    /// The server's answer to the oldest batch of a lane, if there is one.
    fn answer(&mut self, lane: usize, answer: Answer) -> bool {
        let Self { server, run: Some(run), .. } = self else { return false };
        let Lane { by_hand, sent } = &mut run.lanes[lane];
        if sent.is_none() {
            let Some(batch) = by_hand.next() else { return false };
            announce(&run.seams, &batch, &server.name());
            *sent = Some((batch, server.current()));
        }
        let Some((batch, since)) = sent else { return false };
        if answer != Answer::Refused {
            server.store(batch, *since);
        }
        if let (Answer::Acknowledged, Some((batch, _))) = (answer, sent.take_if(|_| answer == Answer::Acknowledged)) {
            (run.seams.finished)(&batch);
            by_hand.done(batch);
            (run.seams.freed)();
        }
        true
    }

    fn answer_all(&mut self) -> bool {
        let mut any = false;
        for lane in 0..LANES {
            while self.answer(lane, Answer::Acknowledged) {
                any = true;
            }
        }
        any
    }

    fn sync(&mut self) {
        self.run().state.sync().unwrap();
    }

    /// The process is gone. The kernel takes its time to end watches.
    fn end(&mut self) {
        if let Some(Run { finder, .. }) = self.run.take() {
            thread::spawn(move || drop(finder));
        }
        self.disk.is_closed();
    }

    fn crash(&mut self, lost: u8) {
        let sure = self.run().state.sure();
        self.end();
        let log = fs::OpenOptions::new().write(true).open(self.log()).unwrap();
        let length = log.metadata().unwrap().len();
        if self.fault == Fault::Unsynced {
            log.set_len(length - (length - sure) * u64::from(lost) / 256).unwrap();
        }
        self.start();
    }

    /// It ends as it should, while the server answers.
    fn restart(&mut self) {
        self.run().reader.desk.hand_over_all();
        self.run().reader.see_followed();
        self.answer_all();
        self.sync();
        self.end();
        self.start();
    }

    /// Everything is found, read and stored.
    pub(super) fn settle(&mut self) {
        for round in 0.. {
            assert!(round < ENOUGH, "it never comes to rest");
            self.find(true, true);
            self.run().reader.end_lingering();
            let idle = self.run().read(ENOUGH);
            self.run().reader.desk.hand_over_all();
            self.run().reader.take_turns();
            if !self.answer_all() && idle && !self.run().reader.handles.are_scarce() {
                break;
            }
        }
        self.run().reader.draining = true;
        while !self.run().is_drained() {
            self.run().reader.desk.hand_over_all();
            self.answer_all();
        }
        self.run().reader.desk.hand_over_all();
        self.answer_all();
    }
}

fn announce(seams: &Seams, batch: &Batch, index: &str) {
    let intent = |step: &batch::Step| Intent { file: step.progress.file, position: step.progress.position, index };
    if !batch.is_empty() {
        (seams.sent)(&batch.steps.iter().map(intent).collect::<Vec<_>>());
    }
}
