//! Plain files that have to wait until fewer are open.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use super::Stamp;

/// Which, and where.
#[derive(Default)]
pub(super) struct Waiting {
    paths: HashMap<Stamp, PathBuf>,
    stamps: HashMap<PathBuf, Stamp>,
}

impl Waiting {
    /// A file waits at this path, and at no other one.
    pub(super) fn add(&mut self, stamp: Stamp, path: &Path) {
        self.remove(stamp);
        self.paths.insert(stamp, path.to_owned());
        self.stamps.insert(path.to_owned(), stamp);
    }

    pub(super) fn has(&self, stamp: Stamp) -> bool {
        self.paths.contains_key(&stamp)
    }

    pub(super) fn stamps(&self) -> impl Iterator<Item = Stamp> {
        self.paths.keys().copied()
    }

    /// It waits no more.
    pub(super) fn remove(&mut self, stamp: Stamp) {
        if let Some(path) = self.paths.remove(&stamp)
            && self.stamps.get(&path) == Some(&stamp)
        {
            self.stamps.remove(&path);
        }
    }

    /// What waited at a path where another file is now.
    pub(super) fn take_replaced(&mut self, path: &Path, by: Stamp) -> Option<Stamp> {
        let stamp = self.stamps.get(path).copied().filter(|stamp| *stamp != by)?;
        self.remove(stamp);
        Some(stamp)
    }

    /// What waited in a folder, and is not among what lies there now, which is sorted.
    pub(super) fn take_gone(&mut self, folder: &Path, there: &[PathBuf]) -> Vec<Stamp> {
        let is_gone =
            |path: &Path| path.parent() == Some(folder) && there.binary_search_by(|it| (**it).cmp(path)).is_err();
        let gone: Vec<Stamp> = self.stamps.iter().filter(|(path, _)| is_gone(path)).map(|(_, stamp)| *stamp).collect();
        for stamp in &gone {
            self.remove(*stamp);
        }
        gone
    }
}
