//! The thread that reads: takes up what was found, looks at one file after the other, and lets nobody wait too long.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::chain::{Chain, ChainId};
use super::desk::Desk;
use super::event::Event;
use super::origin::{Known, Origin};
use super::retention::Retention;
use super::tally::Tally;
use super::truncation::Orphan;
use super::writer::{Now, Writer};
use super::{Options, Treatment};
use crate::checkpoint::State;
use crate::discover::{Found, Handles, SourceId, Stamp};
use crate::metrics::Metrics;
use crate::place::FileKey;
use crate::tail::{Buffer, Register};

/// How often what nobody tells of is looked at.
pub(super) const TICK: Duration = Duration::from_secs(1);

/// New bytes of a file in one turn; then it is another file's turn.
pub(super) const TURN: usize = 256 * 1024;

/// All that is known of what is read.
pub(super) struct Reader {
    pub(super) options: Options,
    pub(super) treatment: Treatment,
    pub(super) state: Arc<State>,
    pub(super) register: Register,
    pub(super) desk: Desk,
    pub(super) writer: Writer,
    pub(super) metrics: Metrics,
    pub(super) buffer: Buffer,
    pub(super) scratch: Vec<u8>,
    pub(super) origins: HashMap<SourceId, Origin>,
    pub(super) chains: HashMap<ChainId, Chain>,
    /// The chain of each file that is followed.
    pub(super) homes: HashMap<FileKey, ChainId>,
    /// The source of each file of which it is not known yet which it is.
    pub(super) undecided: HashMap<Stamp, SourceId>,
    /// The chains of containers that a new finder has not told of yet.
    pub(super) homeless: HashMap<String, ChainId>,
    pub(super) next_chain: u32,
    /// Counts down, where a finder's numbers count up.
    pub(super) next_gone: u32,
    /// Chains in which there may be something to read.
    pub(super) ready: VecDeque<ChainId>,
    /// Chains that wait for room in a batch.
    pub(super) blocked: Vec<ChainId>,
    /// Chains of which a file could not be read.
    pub(super) failing: HashSet<ChainId>,
    /// Chains in which a line is open that a time-out ends.
    pub(super) timed: HashSet<ChainId>,
    pub(super) orphans: Vec<Orphan>,
    /// What could not be looked at while everything was to be read.
    pub(super) refused: HashSet<String>,
    /// Files that are followed no longer, and up to where they have to be acknowledged.
    pub(super) leaving: Vec<(FileKey, u64)>,
    /// The lane of each container, and the chain that had it last.
    pub(super) lanes: HashMap<String, (usize, ChainId)>,
    /// The chain of standard input.
    pub(super) input: Option<ChainId>,
    pub(super) retention: Retention,
    pub(super) tally: Arc<Tally>,
    pub(super) handles: Handles,
    pub(super) complete: bool,
    pub(super) draining: bool,
}

impl Reader {
    pub(super) fn new(
        options: Options,
        treatment: Treatment,
        state: Arc<State>,
        register: Register,
        desk: Desk,
        metrics: Metrics,
    ) -> Self {
        let writer = Writer::new(Arc::clone(&treatment.masker), metrics.clone());
        Self {
            options,
            treatment,
            state,
            register,
            desk,
            writer,
            metrics,
            buffer: Buffer::new(TURN),
            scratch: Vec::new(),
            origins: HashMap::new(),
            chains: HashMap::new(),
            homes: HashMap::new(),
            undecided: HashMap::new(),
            homeless: HashMap::new(),
            next_chain: 0,
            next_gone: u32::MAX,
            ready: VecDeque::new(),
            blocked: Vec::new(),
            failing: HashSet::new(),
            timed: HashSet::new(),
            orphans: Vec::new(),
            refused: HashSet::new(),
            leaving: Vec::new(),
            lanes: HashMap::new(),
            input: None,
            retention: Retention::new(),
            tally: Arc::default(),
            handles: Handles::default(),
            complete: false,
            draining: false,
        }
    }

    /// Reads until it is told to stop, or, if it is told to drain, until everything is read.
    pub(super) fn run(mut self, events: &Receiver<Event>) {
        self.read(events);
        self.desk.hand_over_all();
        self.measure(Instant::now());
        self.see_followed();
        self.tally.finish();
    }

    fn read(&mut self, events: &Receiver<Event>) {
        let mut tick = Instant::now() + TICK;
        loop {
            let now = Instant::now();
            if now >= tick {
                self.tick(now);
                tick = Instant::now() + TICK;
            }
            self.expire(now);
            self.desk.hand_over_due(now);
            let wait = if self.ready.is_empty() { self.pause(now, tick) } else { Duration::ZERO };
            match events.recv_timeout(wait) {
                Ok(event) => {
                    if !self.take(event) {
                        return;
                    }
                    while let Ok(event) = events.try_recv() {
                        if !self.take(event) {
                            return;
                        }
                    }
                }
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => return,
            }
            if let Some(chain) = self.ready.pop_front() {
                self.turn(chain);
            } else if self.may_end() && self.drained() {
                return;
            }
        }
    }

    /// Whether everything that there is to read may be read.
    fn may_end(&self) -> bool {
        self.draining && self.complete && self.blocked.is_empty() && !self.handles.are_scarce()
    }

    fn pause(&self, now: Instant, tick: Instant) -> Duration {
        if self.may_end() {
            return Duration::ZERO;
        }
        let waits = |id| self.chains.get(id).filter(|chain| !chain.queued);
        let open = self.timed.iter().filter_map(|id| waits(id)?.joiner.deadline()).min();
        let next = [Some(tick), self.desk.due(), open].into_iter().flatten().min();
        next.map_or(TICK, |next| next.saturating_duration_since(now))
    }

    /// Whether reading goes on.
    fn take(&mut self, event: Event) -> bool {
        match event {
            Event::Found(found) => self.found(found),
            Event::Room => self.unblock(),
            Event::Input(input) => self.take_input(input),
            Event::Settings(treatment) => self.treat(*treatment),
            Event::Drain => self.drain(),
            Event::Stop => return false,
        }
        true
    }

    fn found(&mut self, found: Found) {
        match found {
            Found::Source(id, source) => self.introduce(id, &Arc::new(*source)),
            Found::Listing { source, files, missed } => self.list(source, files, missed),
            Found::Missed(files) => {
                self.miss(files.into(), 0);
                tracing::warn!(count = files, "files vanished before they could be opened: lines are missing");
            }
            Found::Written(sources) => self.written(&sources),
            Found::Gone(source) => self.gone(source),
            Found::Complete => self.complete(),
            Found::Unwatched(why) => self.unwatched(why),
            Found::Refused(what) => self.refused(what),
        }
    }

    /// Who wants everything that there is lacks what cannot be looked at, also if the first look was earlier than the wish.
    fn refused(&mut self, what: String) {
        tracing::warn!(file = what, "a file or folder cannot be looked at");
        let counts = self.draining || !self.complete;
        if counts && self.refused.insert(what) && self.draining {
            self.miss(1, 0);
        }
    }

    fn drain(&mut self) {
        self.draining = true;
        self.miss(self.refused.len() as u64, 0);
    }

    fn written(&mut self, sources: &[SourceId]) {
        if self.draining {
            return;
        }
        for source in sources {
            self.judge_short(*source);
            let Some(origin) = self.origins.get(source) else { continue };
            let mut chains = origin.chains.clone();
            // A plain file can have several names, and its chain is that of one of them.
            if let (Known::Wanted(source), [(stamp, _)]) = (&origin.source, &origin.lie[..]) {
                chains.extend(self.register.followed(&source.name, *stamp).and_then(|key| self.homes.get(&key)));
            }
            for chain in chains {
                self.enqueue(chain);
            }
        }
    }

    /// A chain's turn comes when those before it had theirs.
    pub(super) fn enqueue(&mut self, id: ChainId) {
        if let Some(chain) = self.chains.get_mut(&id).filter(|chain| !chain.queued) {
            chain.queued = true;
            self.ready.push_back(id);
        }
    }

    fn unblock(&mut self) {
        for id in std::mem::take(&mut self.blocked) {
            if let Some(chain) = self.chains.get_mut(&id) {
                chain.queued = false;
            }
            self.enqueue(id);
        }
    }

    pub(super) fn now(&self) -> Now {
        Now {
            instant: Instant::now(),
            timestamp: Timestamp::from_microsecond(self.options.clock.now()).unwrap_or(Timestamp::UNIX_EPOCH),
        }
    }
}

#[cfg(test)]
impl Reader {
    /// Takes up what it was told, and has so many turns if there is so much to do; whether it had fewer.
    pub(super) fn round(&mut self, events: &Receiver<Event>, turns: usize) -> bool {
        for _ in 0..turns {
            while let Ok(event) = events.try_recv() {
                self.take(event);
            }
            let Some(chain) = self.ready.pop_front() else { return true };
            self.turn(chain);
        }
        false
    }
}
