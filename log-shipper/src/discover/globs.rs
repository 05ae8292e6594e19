//! Plain line files that match a pattern.

use std::collections::HashMap;
use std::io;
use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};

use super::{Found, Listed, Root, SourceId, Stamp};
use crate::source::{Hints, Source};

/// Folders below the pattern's fixed part at most.
const DEPTH: usize = 16;

/// A pattern, and the files that match it.
pub(super) struct Glob {
    root: Root,
    matcher: GlobMatcher,
    /// Whether the pattern reaches into folders.
    deep: bool,
    hints: Hints,
    sources: HashMap<PathBuf, (SourceId, Option<Stamp>)>,
}

impl Glob {
    /// Reads the pattern: `*` and `?` stay within a name, `**` does not.
    pub(super) fn open(pattern: &str, hints: &Hints) -> io::Result<Self> {
        let pattern = std::path::absolute(pattern)?;
        let text = pattern.to_str().ok_or_else(|| io::Error::other("is not UTF-8"))?;
        let glob = GlobBuilder::new(text).literal_separator(true).backslash_escape(true).build();
        let matcher = glob.map_err(|error| io::Error::other(error.kind().to_string()))?.compile_matcher();
        let fixed = |part: &Path| !part.to_string_lossy().contains(['*', '?', '[', '{', '\\']);
        let folder = pattern.ancestors().skip(1).find(|part| fixed(part)).unwrap_or(Path::new("/"));
        let deep = pattern.parent() != Some(folder);
        Ok(Self { root: Root::open(folder)?, matcher, deep, hints: hints.clone(), sources: HashMap::new() })
    }

    /// The folders whose files may match.
    pub(super) fn folders(&self) -> Vec<PathBuf> {
        self.below(vec![self.root.path().to_owned()])
    }

    /// Those of them that lie in a folder in which something changed: they may be new.
    pub(super) fn folders_in(&self, folder: &Path) -> Vec<PathBuf> {
        if !self.deep || !folder.starts_with(self.root.path()) {
            return Vec::new();
        }
        self.below(Self::entries(folder, std::fs::FileType::is_dir))
    }

    fn below(&self, mut folders: Vec<PathBuf>) -> Vec<PathBuf> {
        let (mut from, mut depth) = (0, 0);
        while self.deep && from < folders.len() && depth < DEPTH {
            let until = folders.len();
            for at in from..until {
                folders.extend(Self::entries(&folders[at], std::fs::FileType::is_dir));
            }
            (from, depth) = (until, depth + 1);
        }
        folders
    }

    fn entries(folder: &Path, wanted: impl Fn(&std::fs::FileType) -> bool) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        entries.filter(|entry| entry.file_type().is_ok_and(|kind| wanted(&kind))).map(|entry| entry.path()).collect()
    }

    /// The matching files of a folder, and those that match no longer, because they are gone.
    pub(super) fn look(&self, folder: &Path) -> (Vec<PathBuf>, Vec<PathBuf>) {
        let mut there = Self::entries(folder, |kind| kind.is_file() || kind.is_symlink());
        there.retain(|path| self.matcher.is_match(path));
        there.sort();
        let known = self.sources.keys().filter(|path| path.parent() == Some(folder));
        let gone = known.filter(|path| there.binary_search(path).is_err()).cloned().collect();
        (there, gone)
    }

    pub(super) fn source(&self, path: &Path) -> Option<SourceId> {
        self.sources.get(path).map(|(source, _)| *source)
    }

    /// All that there are.
    pub(super) fn all(&self) -> impl Iterator<Item = SourceId> {
        self.sources.values().map(|(source, _)| *source)
    }

    /// The source for a path that is new.
    pub(super) fn add(&mut self, path: &Path, source: SourceId) -> Found {
        self.sources.insert(path.to_owned(), (source, None));
        let name = format!("file{}", path.display());
        Found::Source(source, Box::new(Source { name, container: None, hints: self.hints.clone() }))
    }

    pub(super) fn remove(&mut self, path: &Path) -> Option<SourceId> {
        self.sources.remove(path).map(|(source, _)| source)
    }

    /// The file at a path, if it is another one than before.
    pub(super) fn list(&mut self, path: &Path) -> io::Result<Option<Found>> {
        let Some((source, known)) = self.sources.get_mut(path) else { return Ok(None) };
        let below = path.strip_prefix(self.root.path()).map_err(io::Error::other)?;
        let file = self.root.file(below)?;
        let stamp = Stamp::of(&file)?;
        if *known == Some(stamp) {
            return Ok(None);
        }
        *known = Some(stamp);
        let compressed = path.extension().is_some_and(|extension| extension == "gz");
        let listed = Listed { path: path.to_owned(), stamp, rank: 0, compressed, file: Some(file) };
        Ok(Some(Found::Listing { source: *source, files: vec![listed], missed: 0 }))
    }
}
