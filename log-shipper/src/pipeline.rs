//! The way of a line, wired: the finder and the reader in threads of their own, the lanes in tasks.

mod arrange;
mod chain;
mod desk;
mod ends;
mod event;
mod gauges;
mod judging;
mod lanes;
#[cfg(test)]
mod model;
mod moves;
mod origin;
mod reader;
mod retention;
mod standard_input;
mod tally;
mod truncation;
mod turn;
mod turns;
mod upkeep;
mod writer;

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use tokio::task::block_in_place;

use crate::batch::{self, Pool};
use crate::checkpoint::{Known, State};
use crate::clock::Clock;
use crate::deliver::{self, BuildError, Exchange, Intent, Lanes, Seams};
use crate::discover::{Finder, Found, Handles, Inputs, Places, Running};
use crate::docker::Limits;
use crate::document::Agent;
use crate::mask::Masker;
use crate::metrics::Metrics;
use crate::place::Progress;
use crate::source::{Hints, Source};
use crate::tail::Register;
use desk::Desk;
use event::{Event, tell};
use reader::Reader;
pub use tally::Tally;

/// How lines are read and what becomes of them, as long as the program runs.
#[derive(Clone)]
pub struct Options {
    /// Who ships.
    pub agent: Agent,
    /// Where documents go that no label sends elsewhere.
    pub target: Arc<str>,
    /// Bytes of a line at most; what is longer is cut.
    pub max_line: usize,
    /// How pieces and lines are joined.
    pub joining: Limits,
    /// When a batch is full.
    pub batch: batch::Limits,
    /// Bytes of all batches at most.
    pub memory: usize,
    /// Files that are held open at most.
    pub max_open_files: usize,
    /// The time.
    pub clock: Clock,
}

/// How sources are treated; can change while the program runs.
#[derive(Clone)]
pub struct Treatment {
    /// Hides secrets.
    pub masker: Arc<Masker>,
    /// Which sources are wanted.
    pub wanted: Arc<dyn Fn(&Source) -> bool + Send + Sync>,
    /// How long a file is remembered that is gone.
    pub forget_after: Duration,
}

impl std::fmt::Debug for Treatment {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Treatment").finish_non_exhaustive()
    }
}

impl Treatment {
    fn wants(&self, source: &Source) -> bool {
        (self.wanted)(source)
    }
}

/// Where the pipeline keeps things, and whom it tells.
pub struct Kept {
    /// The positions.
    pub state: Arc<State>,
    /// What it knew at the start.
    pub known: Vec<Known>,
    /// What is counted.
    pub metrics: Metrics,
    /// Keeps documents that are refused for good.
    pub refused: Arc<deliver::Bury>,
    /// Is called after each request.
    pub observed: Arc<dyn Fn(&Exchange) + Send + Sync>,
}

/// The pipeline at work.
pub struct Pipeline {
    events: Sender<Event>,
    reader: JoinHandle<()>,
    finder: Running,
    lanes: Lanes,
    tally: Arc<Tally>,
}

/// Why it cannot start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// Elasticsearch cannot be reached with these settings.
    #[error(transparent)]
    Delivery(#[from] BuildError),
    /// A folder cannot be opened, or a thread not be started.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl Pipeline {
    /// Starts it, inside a runtime with several threads.
    ///
    /// # Errors
    /// A folder cannot be opened; Elasticsearch cannot be reached with these settings.
    pub fn start(
        options: Options,
        treatment: Treatment,
        inputs: &Inputs,
        delivery: deliver::Settings,
        kept: Kept,
    ) -> Result<Self, StartError> {
        Self::start_with(options, treatment, inputs, |seams| Lanes::start(delivery, seams), kept)
    }

    /// Starts it with other lanes than those to Elasticsearch.
    ///
    /// # Errors
    /// A folder cannot be opened; the lanes cannot be started.
    pub fn start_with(
        options: Options,
        treatment: Treatment,
        inputs: &Inputs,
        lanes: impl FnOnce(Seams) -> Result<Lanes, BuildError>,
        kept: Kept,
    ) -> Result<Self, StartError> {
        let (events, received) = channel();
        let tally = Arc::<Tally>::default();
        let lanes = lanes(seams(&kept, &events, options.clock.clone(), Arc::clone(&tally)))?;
        let pool = Pool::new(options.batch, options.memory);
        let batches = options.memory / options.batch.bytes.max(1);
        let desk = Desk::new(pool, lanes.queue(), Arc::clone(&options.target), batches);
        let register = Register::new(Arc::clone(&kept.state), kept.known);
        let handles = Handles::new(options.max_open_files);
        let mut reader = Reader::new(options, treatment, kept.state, register, desk, kept.metrics);
        (reader.tally, reader.handles) = (Arc::clone(&tally), handles.clone());
        let finder = finder(inputs, &events)?.with(&handles).start()?;
        let reader = thread::Builder::new().name("reader".into()).spawn(move || reader.run(&received))?;
        Ok(Self { events, reader, finder, lanes, tally })
    }

    /// The lanes: their counts and their health.
    #[must_use]
    pub fn lanes(&self) -> &Lanes {
        &self.lanes
    }

    /// What has been done.
    #[must_use]
    pub fn tally(&self) -> Arc<Tally> {
        Arc::clone(&self.tally)
    }

    /// Reads `from` to its end; then everything else is read to its end, as after [`Self::drain`].
    ///
    /// # Errors
    /// There is no thread for it.
    pub fn feed(&self, from: impl Read + Send + 'static, hints: Hints) -> io::Result<()> {
        standard_input::feed(from, hints, &self.events)
    }

    /// Waits until a lane ends by itself: a defect, unless it is one that prints.
    pub async fn lane_ended(&mut self) {
        self.lanes.ended().await;
    }

    /// The part that has ended by itself, which only a defect of the program makes it do.
    #[must_use]
    pub fn defect(&self) -> Option<&'static str> {
        let finder = self.finder.is_ended().then_some("the finder of files");
        // It ends by itself when everything is read, but then it returns.
        let reader = (self.reader.is_finished() && !self.tally.is_finished()).then_some("the reader");
        reader.or(finder)
    }

    /// Treats sources in another way, from when `begun` is called on: what is told of the old ones comes before that.
    ///
    /// # Errors
    /// A folder cannot be opened; then all stays as it was.
    pub fn treat(
        &self,
        treatment: Treatment,
        inputs: &Inputs,
        begun: impl FnOnce() + Send + 'static,
    ) -> io::Result<()> {
        let (places, events) = (Places::open(inputs)?, self.events.clone());
        self.finder.look_elsewhere(places, move || {
            tell(&events, Event::Settings(Box::new(treatment)));
            begun();
        });
        Ok(())
    }

    /// Reads everything to its end, and nothing after that.
    pub fn drain(&self) {
        tell(&self.events, Event::Drain);
    }

    /// Whether reading has ended.
    #[must_use]
    pub fn is_drained(&self) -> bool {
        self.reader.is_finished()
    }

    /// Stops reading, and sends what is in hand. Gives the number of batches that were not finished by `deadline`.
    pub async fn stop(self, deadline: Option<tokio::time::Instant>) -> usize {
        match deadline {
            Some(deadline) => self.stop_until(tokio::time::sleep_until(deadline)).await,
            None => self.stop_until(std::future::pending()).await,
        }
    }

    /// The same, where everything that has not ended is given up when `given_up` comes: also a reader or a finder that waits
    /// for a disk which does not answer. Its thread ends with the process.
    pub async fn stop_until(self, given_up: impl Future<Output = ()>) -> usize {
        tell(&self.events, Event::Stop);
        let Self { reader, finder, lanes, .. } = self;
        let ended = tokio::task::spawn_blocking(move || {
            drop(finder);
            // A panic of the reader was told when it happened.
            let _ = reader.join();
        });
        tokio::pin!(given_up);
        tokio::select! {
            _ = ended => return lanes.finish_until(given_up).await,
            () = &mut given_up => tracing::warn!("reading does not end, since a disk does not answer: it is given up"),
        }
        lanes.finish_until(std::future::ready(())).await
    }
}

fn finder(inputs: &Inputs, events: &Sender<Event>) -> io::Result<Finder<impl FnMut(Found) + Send + 'static>> {
    let events = events.clone();
    Finder::new(inputs, move |found| tell(&events, Event::Found(found)))
}

/// What the lanes do beside sending.
fn seams(kept: &Kept, events: &Sender<Event>, clock: Clock, tally: Arc<Tally>) -> Seams {
    let (sent, finished) = (Arc::clone(&kept.state), Arc::clone(&kept.state));
    let events = events.clone();
    Seams {
        // The disk may take its time: the thread hands its other tasks on.
        sent: Arc::new(move |intents| block_in_place(|| note_intents(&sent, intents))),
        finished: Arc::new(move |batch| {
            let progress: Vec<Progress> = batch.steps.iter().map(|step| step.progress).collect();
            let now = u64::try_from(clock.now() / 1_000_000).unwrap_or_default();
            block_in_place(|| {
                tally.acknowledge(finished.advance(&progress));
                complain(finished.acknowledged(&progress, now));
            });
        }),
        freed: Arc::new(move || tell(&events, Event::Room)),
        refused: Arc::clone(&kept.refused),
        observed: Arc::clone(&kept.observed),
    }
}

fn note_intents(state: &State, intents: &[Intent<'_>]) {
    for of_one_index in intents.chunk_by(|one, other| one.index == other.index) {
        let files: Vec<_> = of_one_index.iter().map(|intent| (intent.file, intent.position)).collect();
        complain(state.sent(&files, of_one_index[0].index));
    }
}

/// Memory has it, and the next write brings it to the disk; until then a crash would repeat lines.
fn complain(written: io::Result<()>) {
    if let Err(error) = written {
        tracing::warn!(error = %error, "the state cannot be written");
    }
}
