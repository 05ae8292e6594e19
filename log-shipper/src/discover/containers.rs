//! Docker's folder of containers: one folder for each, with its log, the log's rotated files and `config.v2.json`.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::handles::Admission;
use super::logs::Logs;
use super::watch::Watch;
use super::{Found, Handles, Listed, Root, SourceId, Stamp, container, logs};
use crate::source::{Container, Hints, Source};

/// Docker's file is a few kilobytes; a container with very many settings has more.
const CONFIG_LIMIT: u64 = 4 << 20;

/// The folder, and what is known of the containers in it.
pub(super) struct Containers {
    root: Root,
    folders: HashMap<String, Folder>,
    /// For how long a container's lines wait for its description.
    patience: Duration,
    /// Files that were seen before this began to look.
    before: HashMap<String, Vec<Stamp>>,
    handles: Handles,
}

/// One container.
struct Folder {
    source: SourceId,
    since: Instant,
    told: Told,
    stamps: Vec<Stamp>,
    /// Logs that are there and have to wait: until fewer files are open, or until they can be opened.
    waiting: Vec<Stamp>,
    /// Logs that were seen by those who looked before.
    before: Vec<Stamp>,
}

/// What was told of a container.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Told {
    Nothing,
    /// That it is there, with its id alone.
    Id,
    Everything,
}

impl Containers {
    pub(super) fn open(path: &Path, patience: Duration) -> io::Result<Self> {
        let (folders, before) = (HashMap::new(), HashMap::new());
        Ok(Self { root: Root::open(path)?, folders, patience, before, handles: Handles::default() })
    }

    /// What others have seen in the same folder is not new.
    pub(super) fn inherit(&mut self, other: &Self) {
        if self.root.path() == other.root.path() {
            let seen = |folder: &Folder| folder.stamps.iter().chain(&folder.waiting).copied().collect();
            self.before = other.folders.iter().map(|(id, folder)| (id.clone(), seen(folder))).collect();
        }
    }

    pub(super) fn share(&mut self, handles: &Handles) {
        self.handles = handles.clone();
    }

    pub(super) fn path(&self) -> &Path {
        self.root.path()
    }

    /// The container whose folder this is.
    pub(super) fn id<'p>(&self, folder: &'p Path) -> Option<&'p str> {
        (folder.parent() == Some(self.root.path())).then(|| folder.file_name()?.to_str()).flatten()
    }

    pub(super) fn folder(&self, id: &str) -> PathBuf {
        self.root.path().join(id)
    }

    pub(super) fn source(&self, id: &str) -> Option<SourceId> {
        self.folders.get(id).map(|folder| folder.source)
    }

    /// The containers that are there now: those that are new, and those that are gone.
    pub(super) fn look(&mut self) -> io::Result<(Vec<String>, Vec<String>)> {
        self.root.renew()?;
        let mut there = Vec::new();
        for entry in std::fs::read_dir(self.root.path())? {
            let entry = entry?;
            if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
                there.extend(entry.file_name().into_string());
            }
        }
        there.sort();
        let gone = self.folders.keys().filter(|id| there.binary_search(id).is_err()).cloned().collect();
        there.retain(|id| !self.folders.contains_key(id));
        Ok((there, gone))
    }

    pub(super) fn add(&mut self, id: &str, source: SourceId) {
        let (since, told, stamps, waiting) = (Instant::now(), Told::Nothing, Vec::new(), Vec::new());
        let before = self.before.remove(id).unwrap_or_default();
        let folder = Folder { source, since, told, stamps, waiting, before };
        self.folders.insert(id.to_owned(), folder);
    }

    pub(super) fn remove(&mut self, id: &str) -> Option<SourceId> {
        let folder = self.folders.remove(id)?;
        folder.stamps.iter().chain(&folder.waiting).for_each(|stamp| self.handles.forget(*stamp));
        Some(folder.source)
    }

    pub(super) fn sources(&self) -> Vec<SourceId> {
        self.folders.values().map(|folder| folder.source).collect()
    }

    pub(super) fn ids(&self) -> Vec<String> {
        self.folders.keys().cloned().collect()
    }

    /// Those of which not everything was told.
    pub(super) fn unknown(&self) -> Vec<String> {
        let unknown = self.folders.iter().filter(|(_, folder)| folder.told != Told::Everything);
        unknown.map(|(id, _)| id.clone()).collect()
    }

    /// What is new about who the container is; without a description, its id after a time, or `now`.
    pub(super) fn describe(&mut self, id: &str, now: bool) -> Option<Found> {
        let folder = self.folders.get_mut(id).filter(|folder| folder.told != Told::Everything)?;
        let config = self.root.text(&Path::new(id).join("config.v2.json"), CONFIG_LIMIT);
        let known = config.ok().and_then(|config| container::describe(id, &config));
        folder.told = match known {
            Some(_) => Told::Everything,
            None if folder.told == Told::Nothing && (now || folder.since.elapsed() >= self.patience) => Told::Id,
            None => return None,
        };
        let container = known.unwrap_or_else(|| Container { id: id.to_owned(), ..Container::default() });
        // A wish that cannot be understood does not stand in the way of the lines.
        let hints = container::hints(&container.labels).0;
        let hints = if container.known { hints } else { Hints::default() };
        let source = Source { name: format!("container/{id}"), container: Some(container), hints };
        Some(Found::Source(folder.source, Box::new(source)))
    }

    /// Log files of a container are gone together with its folder.
    pub(super) fn missed(&mut self, id: &str, watch: &mut Watch) -> Option<Found> {
        let folder = self.folders.get(id)?;
        watch.hear();
        let missed = self.take_created(id, watch);
        (missed > 0).then(|| Found::Listing { source: folder.source, files: Vec::new(), missed })
    }

    /// How often the log that a container writes to was created.
    fn take_created(&self, id: &str, watch: &mut Watch) -> u32 {
        let folder = self.folder(id);
        let log = folder.join(format!("{id}-json.log"));
        watch.created().take(&folder, |path| path == log)
    }

    /// The container's files, oldest first, and those that cannot be opened.
    pub(super) fn list(&mut self, id: &str, watch: &mut Watch) -> io::Result<Vec<Found>> {
        let Some(folder) = self.folders.get_mut(id) else { return Ok(Vec::new()) };
        folder.stamps.retain(|stamp| !self.handles.is_resting(*stamp));
        let logs = logs::open(&self.root, id, &folder.stamps, || watch.hear())?;
        let created = self.take_created(id, watch);
        let Some(folder) = self.folders.get_mut(id) else { return Ok(Vec::new()) };
        let (waited, before) = (&folder.waiting, std::mem::take(&mut folder.before));
        let is_seen =
            |stamp: &Stamp| waited.contains(stamp) || before.contains(stamp) || self.handles.is_resting(*stamp);
        let seen = logs.unknown_of_newest(created).filter(|stamp| !is_seen(stamp)).count();
        let gone = waited.iter().filter(|stamp| logs.all().all(|listed| listed.stamp != **stamp));
        let gone = gone.map(|stamp| self.handles.forget(*stamp)).count();
        let missed = (created as usize).saturating_sub(seen) + gone;
        let Logs { files, refused } = logs;
        let Admitted { mut files, known, mut waiting } = admit(&self.handles, files)?;
        waiting.extend(refused.iter().map(|(listed, _)| listed.stamp));
        (folder.stamps, folder.waiting) = (known, waiting);
        let mut complaints = Vec::with_capacity(refused.len());
        for (listed, error) in refused {
            complaints.push(Found::Refused(format!("{}: {error}", listed.path.display())));
            files.push(listed);
        }
        let missed = u32::try_from(missed).unwrap_or(u32::MAX);
        let listing = Found::Listing { source: folder.source, files, missed };
        Ok(std::iter::once(listing).chain(complaints).collect())
    }
}

/// What becomes of the files of a container.
#[derive(Default)]
struct Admitted {
    /// All; those that need not be held open, and those that have to wait, are closed.
    files: Vec<Listed>,
    /// Those of them that need not be handed over again.
    known: Vec<Stamp>,
    /// Those that have to wait, and with them all that are newer.
    waiting: Vec<Stamp>,
}

fn admit(handles: &Handles, files: Vec<Listed>) -> io::Result<Admitted> {
    let mut admitted = Admitted::default();
    for mut listed in files {
        let admission = match &mut listed.file {
            None => Admission::Held,
            Some(file) if admitted.waiting.is_empty() => handles.admit(listed.stamp, file)?,
            Some(_) => Admission::Waits,
        };
        if admission != Admission::Held {
            listed.file = None;
        }
        match admission {
            Admission::Held | Admission::Rests => admitted.known.push(listed.stamp),
            // Who has it open may close it without another look.
            Admission::Open => {}
            Admission::Waits => {
                listed.waits = true;
                admitted.waiting.push(listed.stamp);
            }
        }
        admitted.files.push(listed);
    }
    Ok(admitted)
}
