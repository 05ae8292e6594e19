//! The thread that finds.

mod follow;
mod look;

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::containers::Containers;
use super::globs::Glob;
use super::running::{Exchange, Orders, Running};
use super::watch::Watch;
use super::{Found, Handles, Inputs, Places, SourceId, Unwatched};

/// How soon a stop is noticed, and a description that was not there is looked for again.
const ATTENTION: Duration = Duration::from_millis(100);

/// Looks and watches.
pub struct Finder<F> {
    containers: Option<Containers>,
    globs: Vec<Glob>,
    watch: Watch,
    /// Folders that the kernel does not watch.
    unwatched: HashSet<PathBuf>,
    look: Duration,
    /// How long the last look took.
    looked: Duration,
    next_source: u32,
    handles: Handles,
    tell: F,
}

impl<F: FnMut(Found) + Send + 'static> Finder<F> {
    /// Opens the folders. Errors name the one that cannot be opened.
    pub fn new(inputs: &Inputs, tell: F) -> io::Result<Self> {
        let Places { containers, globs, look } = Places::open(inputs)?;
        Ok(Self {
            containers,
            globs,
            watch: Watch::new()?,
            unwatched: HashSet::new(),
            look,
            looked: Duration::ZERO,
            next_source: 0,
            handles: Handles::default(),
            tell,
        })
    }

    /// With no more open files than that.
    #[must_use]
    pub fn with(mut self, handles: &Handles) -> Self {
        self.handles = handles.clone();
        let (containers, globs) = (self.containers.take(), std::mem::take(&mut self.globs));
        let mut places = Places { containers, globs, look: self.look };
        places.share(handles);
        let Places { containers, globs, look } = places;
        Self { containers, globs, look, ..self }
    }

    /// Begins to look, in a thread of its own.
    pub fn start(mut self) -> io::Result<Running> {
        Running::start(move |orders| self.run(orders))
    }

    fn run(&mut self, orders: &Orders) {
        self.look_through();
        (self.tell)(Found::Complete);
        let (mut next, mut turn) = (Instant::now() + self.pause(), Instant::now());
        while !orders.is_over() {
            let happened = self.watch.wait(next.min(Instant::now() + ATTENTION));
            self.follow(&happened);
            self.describe_unknown();
            let exchange = orders.take_exchange();
            if exchange.is_some() || happened.overflow || Instant::now() >= next {
                match exchange {
                    Some(exchange) => self.exchange(exchange),
                    None => self.look_through(),
                }
                next = Instant::now() + self.pause();
            } else if self.handles.are_scarce() && self.handles.have_room() && Instant::now() >= turn {
                // It is their turn.
                self.look_through();
                turn = Instant::now() + ATTENTION.max(self.looked * 4);
            }
            if happened.overflow {
                (self.tell)(Found::Unwatched(Unwatched::Overflow));
                self.tell_all_as_written();
            }
        }
    }

    /// Looks in other places. What was seen before is not seen for the first time.
    fn exchange(&mut self, Exchange { mut places, begin }: Exchange) {
        places.share(&self.handles);
        if let (Some(new), Some(old)) = (&mut places.containers, &self.containers) {
            new.inherit(old);
        }
        for new in &mut places.globs {
            self.globs.iter().for_each(|old| new.inherit(old));
        }
        begin();
        (self.containers, self.globs, self.look) = (places.containers, places.globs, places.look);
        self.watch.begin_anew();
        self.unwatched.clear();
        self.look_through();
        self.watch.end_stale();
        (self.tell)(Found::Complete);
    }

    /// Looking takes no more than a hundredth of the time where the kernel watches.
    fn pause(&self) -> Duration {
        if self.unwatched.is_empty() { self.look.max(self.looked * 100) } else { (self.look / 10).max(self.looked * 4) }
    }

    /// Nobody knows which words of writes were lost.
    fn tell_all_as_written(&mut self) {
        let containers = self.containers.as_ref().map(Containers::sources).unwrap_or_default();
        let files = self.globs.iter().flat_map(Glob::all);
        let mut all: Vec<SourceId> = containers.into_iter().chain(files).collect();
        all.sort_unstable();
        (self.tell)(Found::Written(all));
    }

    fn new_source(&mut self) -> SourceId {
        self.next_source += 1;
        SourceId(self.next_source)
    }

    fn watch(&mut self, folder: &Path, writes: bool) {
        // One that is gone again need not be looked through.
        if self.watch.add(folder, writes) || !folder.is_dir() {
            self.unwatched.remove(folder);
        } else {
            self.unwatched.insert(folder.to_owned());
        }
        if self.watch.take_limited() {
            (self.tell)(Found::Unwatched(Unwatched::Limit));
        }
    }
}

#[cfg(test)]
impl<F: FnMut(Found) + Send + 'static> Finder<F> {
    /// Takes up what the kernel has told by now, without waiting, of writes too if they are gathered, and looks through
    /// everything if that is wanted.
    pub(crate) fn round(&mut self, gathered: bool, looks: bool) {
        self.watch.gather(gathered);
        let happened = self.watch.wait(Instant::now());
        self.follow(&happened);
        self.describe_unknown();
        if looks {
            self.look_through();
        }
        self.tell_all_as_written();
    }

    /// What a finder does first.
    pub(crate) fn begin(&mut self) {
        self.look_through();
        (self.tell)(Found::Complete);
    }
}

#[cfg(test)]
mod tests;
