//! The thread that finds.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::containers::Containers;
use super::globs::Glob;
use super::running::{Exchange, Orders, Running};
use super::watch::{Happened, Watch};
use super::{Found, Handles, SourceId, Stamp, Unwatched};
use crate::source::Hints;

/// How soon a stop is noticed, and a description that was not there is looked for again.
const ATTENTION: Duration = Duration::from_millis(100);

/// Where to look.
#[derive(Clone, Debug)]
pub struct Inputs {
    /// Docker's folder of containers.
    pub docker_root: Option<PathBuf>,
    /// Patterns of plain files.
    pub files: Vec<String>,
    /// How the lines of plain files are treated.
    pub hints: Hints,
    /// For how long the lines of a container wait for its description.
    pub patience: Duration,
    /// How often everything is looked through where the kernel watches; ten times as often elsewhere.
    pub look: Duration,
}

/// Where to look, opened.
pub struct Places {
    containers: Option<Containers>,
    globs: Vec<Glob>,
    look: Duration,
}

impl Places {
    /// Opens the folders. Errors name the one that cannot be opened.
    pub fn open(inputs: &Inputs) -> io::Result<Self> {
        let named = |name: &str, error: io::Error| io::Error::new(error.kind(), format!("{name}: {error}"));
        let containers = inputs.docker_root.as_deref().map(|root| {
            Containers::open(root, inputs.patience).map_err(|error| named(&root.display().to_string(), error))
        });
        let glob = |pattern: &String| Glob::open(pattern, &inputs.hints).map_err(|error| named(pattern, error));
        let globs = inputs.files.iter().map(glob).collect::<io::Result<_>>()?;
        Ok(Self { containers: containers.transpose()?, globs, look: inputs.look })
    }

    fn share(&mut self, handles: &Handles) {
        self.containers.iter_mut().for_each(|containers| containers.share(handles));
        self.globs.iter_mut().for_each(|glob| glob.share(handles));
        handles.begin();
    }
}

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
    /// How often the kernel's words were read.
    reading: u64,
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
            reading: 0,
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
            self.reading += 1;
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

    fn look_through(&mut self) {
        let began = Instant::now();
        self.look_for_containers();
        let ids = self.containers.as_ref().map(Containers::ids).unwrap_or_default();
        for id in ids {
            self.list_container(&id, 0);
        }
        for at in 0..self.globs.len() {
            for folder in self.globs[at].folders() {
                self.watch(&folder, true);
                self.look_into(at, &folder, 0);
            }
        }
        self.unwatched.retain(|folder| folder.is_dir());
        self.tell_unwatched_as_written();
        self.looked = began.elapsed();
    }

    /// Where nobody tells of writes, each file is asked.
    fn tell_unwatched_as_written(&mut self) {
        let mut sources = Vec::new();
        for folder in &self.unwatched {
            let containers = self.containers.as_ref();
            sources.extend(containers.and_then(|all| all.source(all.id(folder)?)));
            for glob in &self.globs {
                sources.extend(glob.look(folder).0.iter().filter_map(|path| glob.source(path)));
            }
        }
        sources.extend(self.globs.iter().flat_map(Glob::links));
        if !sources.is_empty() {
            (self.tell)(Found::Written(sources));
        }
    }

    fn look_for_containers(&mut self) {
        let Some(containers) = &mut self.containers else { return };
        let root = containers.path().to_owned();
        match containers.look() {
            Ok((new, gone)) => {
                self.watch(&root, false);
                for id in new {
                    self.add_container(&id);
                }
                for id in gone {
                    self.remove_container(&id);
                }
            }
            Err(error) => (self.tell)(Found::Refused(format!("{}: {error}", root.display()))),
        }
    }

    /// The watch comes first, so that nothing happens unseen between the look and it.
    fn add_container(&mut self, id: &str) {
        let source = self.new_source();
        let Some(containers) = &mut self.containers else { return };
        containers.add(id, source);
        let folder = containers.folder(id);
        self.watch(&folder, true);
        self.list_container(id, 0);
        self.describe(id);
    }

    fn remove_container(&mut self, id: &str) {
        let Some(containers) = &mut self.containers else { return };
        // Its lines wait for a description that will not come.
        containers.describe(id, true).into_iter().for_each(&mut self.tell);
        let folder = containers.folder(id);
        let source = containers.remove(id);
        self.watch.remove(&folder);
        self.unwatched.remove(&folder);
        if let Some(source) = source {
            (self.tell)(Found::Gone(source));
        }
    }

    fn list_container(&mut self, id: &str, created: u32) {
        let Some(containers) = &mut self.containers else { return };
        match containers.list(id, created, self.reading) {
            Ok(found) => {
                found.into_iter().for_each(&mut self.tell);
                self.handles.are_told();
            }
            // The folder went meanwhile; that is told when its own folder is looked at.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                containers.missed(id, created, self.reading).into_iter().for_each(&mut self.tell);
            }
            Err(error) => (self.tell)(Found::Refused(format!("container {id}: {error}"))),
        }
    }

    fn describe(&mut self, id: &str) {
        let found = self.containers.as_mut().and_then(|containers| containers.describe(id, false));
        found.into_iter().for_each(&mut self.tell);
    }

    fn describe_unknown(&mut self) {
        let unknown = self.containers.as_ref().map(Containers::unknown).unwrap_or_default();
        for id in unknown {
            self.describe(&id);
        }
    }

    /// `created` of its files appeared since the last time, by the kernel's words.
    fn look_into(&mut self, glob: usize, folder: &Path, created: u32) {
        let (there, gone) = self.globs[glob].look(folder);
        self.globs[glob].begin();
        for path in gone {
            let source = self.globs[glob].remove(&path);
            source.map(Found::Gone).into_iter().for_each(&mut self.tell);
        }
        let mut opened = 0;
        for path in &there {
            if self.globs[glob].source(path).is_none() {
                let source = self.new_source();
                let found = self.globs[glob].add(path, source);
                (self.tell)(found);
            }
            match self.globs[glob].list(path) {
                Ok((found, is_first)) => {
                    opened += u32::from(is_first);
                    found.into_iter().for_each(&mut self.tell);
                }
                // If it was created just now, the kernel tells of that.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => (self.tell)(Found::Refused(format!("{}: {error}", path.display()))),
            }
        }
        let missed = self.globs[glob].missed(folder, created, opened, self.reading)
            + self.globs[glob].waited_in_vain(folder, &there)
            + self.globs[glob].closed_in_vain();
        self.handles.are_told();
        if missed > 0 {
            (self.tell)(Found::Missed(missed));
        }
    }

    fn follow(&mut self, happened: &Happened) {
        let woken = self.wake(&happened.written);
        let mut created = HashMap::<&Path, Vec<&Path>>::new();
        for path in &happened.created {
            if let Some(folder) = path.parent() {
                created.entry(folder).or_default().push(path);
            }
        }
        // The root comes last: what happened in a container's folder happened before that went.
        let mut changed: Vec<&Path> = happened.changed.iter().map(PathBuf::as_path).collect();
        changed.sort_by_key(|folder| (self.containers.as_ref().is_some_and(|all| all.path() == *folder), *folder));
        for folder in changed {
            self.follow_folder(folder, created.get(folder).map(Vec::as_slice).unwrap_or_default());
        }
        for folder in woken {
            self.follow_folder(&folder, &[]);
        }
        let mut written = BTreeSet::<SourceId>::new();
        for path in &happened.written {
            match self.source_of(path) {
                Some(source) => _ = written.insert(source),
                None => written.extend(self.globs.iter().flat_map(Glob::links)),
            }
        }
        if !written.is_empty() {
            (self.tell)(Found::Written(written.into_iter().collect()));
        }
    }

    /// Files that were closed, because others had to wait, are opened again when they are written to: the folders of those.
    /// One that is gone already is noted as written, too.
    fn wake(&self, written: &HashSet<PathBuf>) -> BTreeSet<PathBuf> {
        if !self.handles.any_rests() {
            return BTreeSet::new();
        }
        let stamp = |path: &Path| Stamp::at(path).ok().or_else(|| self.globs.iter().find_map(|glob| glob.stamp(path)));
        let rested = |path: &&PathBuf| stamp(path).is_some_and(|stamp| self.handles.wake(stamp));
        written.iter().filter(rested).filter_map(|path| Some(path.parent()?.to_owned())).collect()
    }

    fn follow_folder(&mut self, folder: &Path, created: &[&Path]) {
        if self.containers.as_ref().is_some_and(|containers| containers.path() == folder) {
            self.look_for_containers();
        }
        let id = self.containers.as_ref().and_then(|containers| containers.id(folder)).map(str::to_owned);
        if let Some(id) = id {
            self.list_container(&id, count(created.iter().filter(|path| is_log_of(path, folder)).count()));
            self.describe(&id);
        }
        for at in 0..self.globs.len() {
            let is_first = |path: &&&Path| self.globs.iter().position(|glob| glob.matches(path)) == Some(at);
            self.look_into(at, folder, count(created.iter().filter(is_first).count()));
            for new in self.globs[at].folders_in(folder) {
                self.watch(&new, true);
                self.look_into(at, &new, 0);
            }
        }
    }

    fn source_of(&self, path: &Path) -> Option<SourceId> {
        let container = self.containers.as_ref().and_then(|all| all.source(all.id(path.parent()?)?));
        container.or_else(|| self.globs.iter().find_map(|glob| glob.source(path)))
    }
}

#[cfg(test)]
impl<F: FnMut(Found) + Send + 'static> Finder<F> {
    /// Takes up what the kernel has told by now, without waiting, of writes too if they are gathered, and looks through
    /// everything if that is wanted.
    pub(crate) fn round(&mut self, gathered: bool, looks: bool) {
        self.watch.gather(gathered);
        let happened = self.watch.wait(Instant::now());
        self.reading += 1;
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

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Whether this is the log that a container writes to.
fn is_log_of(path: &Path, folder: &Path) -> bool {
    let name = |path: &Path| path.file_name().and_then(|name| name.to_str()).map(str::to_owned);
    name(folder).zip(name(path)).is_some_and(|(id, file)| file.strip_prefix(&id) == Some("-json.log"))
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::sync::mpsc::channel;

    use super::*;

    #[test]
    fn a_file_that_was_closed_and_is_written_to_and_gone_before_it_is_opened_again_is_missed() {
        let (folder, handles, (tell, found)) = (tempfile::tempdir().unwrap(), Handles::new(9), channel());
        let paths = ["rests.log", "is-written.log", "is-renamed.log"].map(|name| folder.path().join(name));
        for path in &paths {
            fs::write(path, "x\n").unwrap();
        }
        let inputs = Inputs {
            docker_root: None,
            files: vec![format!("{}/*.log", folder.path().display())],
            hints: Hints::default(),
            patience: Duration::from_secs(1),
            look: Duration::from_hours(1),
        };
        let mut finder = Finder::new(&inputs, move |found| tell.send(found).unwrap()).unwrap().with(&handles);
        finder.begin();
        for listed in found
            .try_iter()
            .filter_map(|found| if let Found::Listing { files, .. } = found { Some(files) } else { None })
            .flatten()
        {
            handles.rest(listed.stamp, 2);
        }
        fs::remove_file(&paths[0]).unwrap();
        fs::write(&paths[1], "x\ny\n").unwrap();
        fs::remove_file(&paths[1]).unwrap();
        fs::write(&paths[2], "x\ny\n").unwrap();
        fs::rename(&paths[2], folder.path().join("new-name.log")).unwrap();
        finder.round(true, false);
        let missed: u32 = found.try_iter().map(|found| if let Found::Missed(files) = found { files } else { 0 }).sum();
        assert_eq!(missed, 1);
    }
}
