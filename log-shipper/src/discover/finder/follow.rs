//! What the kernel tells, and what is looked at because of it.

use std::collections::{BTreeSet, HashSet};
use std::path::{Path, PathBuf};

use super::Finder;
use crate::discover::globs::Glob;
use crate::discover::watch::Happened;
use crate::discover::{Found, SourceId, Stamp};

impl<F: FnMut(Found) + Send + 'static> Finder<F> {
    pub(super) fn follow(&mut self, happened: &Happened) {
        let woken = self.wake(&happened.written);
        // The root comes last: what happened in a container's folder happened before that went.
        let mut changed: Vec<&Path> = happened.changed.iter().map(PathBuf::as_path).collect();
        changed.sort_by_key(|folder| (self.containers.as_ref().is_some_and(|all| all.path() == *folder), *folder));
        for folder in changed {
            self.follow_folder(folder);
            self.watch.looked_at(folder);
        }
        for folder in woken {
            self.follow_folder(&folder);
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

    fn follow_folder(&mut self, folder: &Path) {
        if self.containers.as_ref().is_some_and(|containers| containers.path() == folder) {
            self.look_for_containers();
        }
        let id = self.containers.as_ref().and_then(|containers| containers.id(folder)).map(str::to_owned);
        if let Some(id) = id {
            self.list_container(&id);
            self.describe(&id);
        }
        for at in 0..self.globs.len() {
            self.look_into(at, folder);
            for new in self.globs[at].folders_in(folder) {
                self.watch(&new, true);
                self.look_into(at, &new);
            }
        }
    }

    fn source_of(&self, path: &Path) -> Option<SourceId> {
        let container = self.containers.as_ref().and_then(|all| all.source(all.id(path.parent()?)?));
        container.or_else(|| self.globs.iter().find_map(|glob| glob.source(path)))
    }
}
