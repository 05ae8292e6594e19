//! A look at everything, and at one folder.

use std::fs;
use std::io;
use std::path::Path;
use std::time::Instant;

use super::Finder;
use crate::discover::Found;
use crate::discover::containers::Containers;
use crate::discover::globs::Glob;

impl<F: FnMut(Found) + Send + 'static> Finder<F> {
    pub(super) fn look_through(&mut self) {
        let began = Instant::now();
        self.look_for_containers();
        let ids = self.containers.as_ref().map(Containers::ids).unwrap_or_default();
        for id in ids {
            self.list_container(&id);
        }
        for at in 0..self.globs.len() {
            for folder in self.globs[at].folders() {
                self.watch(&folder, true);
                self.look_into(at, &folder);
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

    pub(super) fn look_for_containers(&mut self) {
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
        self.list_container(id);
        self.describe(id);
    }

    fn remove_container(&mut self, id: &str) {
        // What came and went in it may not have been told of yet.
        self.list_container(id);
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

    pub(super) fn list_container(&mut self, id: &str) {
        let Some(containers) = &mut self.containers else { return };
        match containers.list(id, &mut self.watch) {
            Ok(found) => {
                found.into_iter().for_each(&mut self.tell);
                self.handles.are_told();
            }
            // The folder went meanwhile; that is told when its own folder is looked at.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                containers.missed(id, &mut self.watch).into_iter().for_each(&mut self.tell);
            }
            Err(error) => (self.tell)(Found::Refused(format!("container {id}: {error}"))),
        }
    }

    pub(super) fn describe(&mut self, id: &str) {
        let found = self.containers.as_mut().and_then(|containers| containers.describe(id, false));
        found.into_iter().for_each(&mut self.tell);
    }

    pub(super) fn describe_unknown(&mut self) {
        let unknown = self.containers.as_ref().map(Containers::unknown).unwrap_or_default();
        for id in unknown {
            self.describe(&id);
        }
    }

    pub(super) fn look_into(&mut self, glob: usize, folder: &Path) {
        self.watch.hear();
        let created = self.created_in(glob, folder);
        let (there, gone) = self.globs[glob].look(folder);
        self.globs[glob].begin();
        for path in gone {
            let source = self.globs[glob].remove(&path);
            source.map(Found::Gone).into_iter().for_each(&mut self.tell);
        }
        for path in &there {
            if self.globs[glob].source(path).is_none() {
                let source = self.new_source();
                let found = self.globs[glob].add(path, source);
                (self.tell)(found);
            }
            match self.globs[glob].list(path) {
                Ok(found) => found.into_iter().for_each(&mut self.tell),
                // If it was created just now, the kernel tells of that.
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => (self.tell)(Found::Refused(format!("{}: {error}", path.display()))),
            }
        }
        let missed = self.missed_in(glob, folder, created)
            + self.globs[glob].waited_in_vain(folder, &there)
            + self.globs[glob].closed_in_vain();
        self.handles.are_told();
        if missed > 0 {
            (self.tell)(Found::Missed(missed));
        }
    }

    /// How many files of a folder came and went without having been opened, after a look at it. `created` had been created
    /// before the look; one that came later may still be there, so that nothing is certain before the next look.
    fn missed_in(&mut self, glob: usize, folder: &Path, created: u32) -> u32 {
        // The kernel tells of a creation before it lets anybody read the folder; a file is open sooner.
        let _ = fs::read_dir(folder).map(|mut entries| entries.next());
        self.watch.hear();
        if self.created_in(glob, folder) > created {
            return 0;
        }
        let is_one = |path: &Path| is_first(&self.globs, glob, path);
        let created = self.watch.created().take(folder, is_one);
        created.saturating_sub(self.globs[glob].take_opened(folder))
    }

    fn created_in(&mut self, glob: usize, folder: &Path) -> u32 {
        self.watch.created().count(folder, |path| is_first(&self.globs, glob, path))
    }
}

/// Whether this is the first one of the patterns that a file matches.
fn is_first(globs: &[Glob], glob: usize, path: &Path) -> bool {
    globs.iter().position(|one| one.matches(path)) == Some(glob)
}
