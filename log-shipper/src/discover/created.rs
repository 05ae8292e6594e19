//! How often files were created, by the kernel's word.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Creations of which nobody has taken account yet: by folder, and by file.
#[derive(Debug, Default)]
pub(super) struct Created(HashMap<PathBuf, HashMap<PathBuf, u32>>);

impl Created {
    pub(super) fn add(&mut self, folder: &Path, file: PathBuf) {
        *self.0.entry(folder.to_owned()).or_default().entry(file).or_default() += 1;
    }

    /// How often files of a folder were created.
    pub(super) fn count(&self, folder: &Path, is_one: impl Fn(&Path) -> bool) -> u32 {
        let files = self.0.get(folder).into_iter().flatten();
        files.filter(|(path, _)| is_one(path)).map(|(_, times)| times).sum()
    }

    /// How often files of a folder were created, of which account is taken thereby.
    pub(super) fn take(&mut self, folder: &Path, is_one: impl Fn(&Path) -> bool) -> u32 {
        let Some(files) = self.0.get_mut(folder) else { return 0 };
        files.extract_if(|path, _| is_one(path)).map(|(_, times)| times).sum()
    }

    /// What is left of a folder matters to nobody.
    pub(super) fn forget(&mut self, folder: &Path) {
        self.0.remove(folder);
    }
}
