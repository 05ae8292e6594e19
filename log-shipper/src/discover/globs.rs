//! Plain line files that match a pattern.

use std::collections::{HashMap, HashSet};
use std::io;
use std::path::{Path, PathBuf};

use globset::{GlobBuilder, GlobMatcher};

use super::handles::Admission;
use super::waiting::Waiting;
use super::{Found, Handles, Listed, Opened, Root, SourceId, Stamp};
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
    /// By folder, and by path.
    sources: HashMap<PathBuf, HashMap<PathBuf, (SourceId, Option<Stamp>)>>,
    /// At how many paths a file lies that was handed over.
    handed: HashMap<Stamp, usize>,
    /// Files that were seen by those who looked before.
    before: HashSet<Stamp>,
    waiting: Waiting,
    /// How many of these are gone because others are in their places.
    replaced: u32,
    /// Files that lay at another path at the last look into a folder.
    moved: HashSet<Stamp>,
    /// Sources that are links to files: what is written to these is told of under other names, or not at all.
    links: HashMap<PathBuf, SourceId>,
    /// By folder: how many files of it were opened for the first time, of which no account is taken yet.
    opened: HashMap<PathBuf, u32>,
    handles: Handles,
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
        Ok(Self {
            root: Root::open(folder)?,
            matcher,
            deep,
            hints: hints.clone(),
            sources: HashMap::new(),
            handed: HashMap::new(),
            before: HashSet::new(),
            waiting: Waiting::default(),
            replaced: 0,
            moved: HashSet::new(),
            links: HashMap::new(),
            opened: HashMap::new(),
            handles: Handles::default(),
        })
    }

    pub(super) fn share(&mut self, handles: &Handles) {
        self.handles = handles.clone();
    }

    /// What others have seen is not new.
    pub(super) fn inherit(&mut self, other: &Self) {
        self.before
            .extend(other.handed.keys().chain(other.before.iter().filter(|stamp| self.handles.is_open(**stamp))));
        self.before.extend(other.waiting.stamps());
        if self.matcher.glob() == other.matcher.glob() {
            self.opened.clone_from(&other.opened);
        }
    }

    pub(super) fn matches(&self, path: &Path) -> bool {
        self.matcher.is_match(path)
    }

    /// The folders whose files may match.
    pub(super) fn folders(&mut self) -> Vec<PathBuf> {
        // Where there is none just now, there are no files either.
        let _ = self.root.renew();
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
        let mut there = self.there(folder);
        there.sort();
        let known = self.sources.get(folder).into_iter().flat_map(HashMap::keys);
        let gone = known.filter(|path| there.binary_search(path).is_err()).cloned().collect();
        (there, gone)
    }

    fn there(&self, folder: &Path) -> Vec<PathBuf> {
        let mut there = Self::entries(folder, |kind| kind.is_file() || kind.is_symlink());
        there.retain(|path| self.matches(path));
        there
    }

    /// How many files of a folder were opened for the first time, of which account is taken thereby.
    pub(super) fn take_opened(&mut self, folder: &Path) -> u32 {
        self.opened.remove(folder).unwrap_or_default()
    }

    /// How many files of a folder are gone that had to wait; `there` is what lies in it now.
    pub(super) fn waited_in_vain(&mut self, folder: &Path, there: &[PathBuf]) -> u32 {
        let gone = self.waiting.take_gone(folder, there);
        for stamp in &gone {
            self.handles.forget(*stamp);
        }
        u32::try_from(gone.len()).unwrap_or(u32::MAX) + std::mem::take(&mut self.replaced)
    }

    /// How many files were closed, were written to since, and lie nowhere any more after the look into a folder.
    pub(super) fn closed_in_vain(&self) -> u32 {
        let gone = self.moved.iter().filter(|stamp| !self.handed.contains_key(stamp));
        gone.map(|stamp| u32::from(self.handles.is_lost(*stamp))).sum()
    }

    /// The file that was handed over as the one at a path.
    pub(super) fn stamp(&self, path: &Path) -> Option<Stamp> {
        self.known(path)?.1
    }

    /// Whether a file was handed over, under whatever name.
    fn is_elsewhere(&self, stamp: Stamp) -> bool {
        self.moved.contains(&stamp) || self.handed.contains_key(&stamp)
    }

    pub(super) fn source(&self, path: &Path) -> Option<SourceId> {
        self.known(path).map(|(source, _)| source)
    }

    fn known(&self, path: &Path) -> Option<(SourceId, Option<Stamp>)> {
        self.sources.get(path.parent()?)?.get(path).copied()
    }

    /// Those that are links.
    pub(super) fn links(&self) -> impl Iterator<Item = SourceId> {
        self.links.values().copied()
    }

    /// All that there are.
    pub(super) fn all(&self) -> impl Iterator<Item = SourceId> {
        self.sources.values().flat_map(HashMap::values).map(|(source, _)| *source)
    }

    /// The source for a path that is new.
    pub(super) fn add(&mut self, path: &Path, source: SourceId) -> Found {
        self.set(path, source, None);
        let name = format!("file{}", path.display());
        Found::Source(source, Box::new(Source { name, container: None, hints: self.hints.clone() }))
    }

    /// Before the files of a folder are listed.
    pub(super) fn begin(&mut self) {
        self.moved.clear();
    }

    pub(super) fn remove(&mut self, path: &Path) -> Option<SourceId> {
        self.links.remove(path);
        let folder = self.sources.get_mut(path.parent()?)?;
        let (source, stamp) = folder.remove(path)?;
        self.left(stamp);
        self.moved.extend(stamp);
        Some(source)
    }

    fn set(&mut self, path: &Path, source: SourceId, stamp: Option<Stamp>) {
        let folder = path.parent().unwrap_or(path).to_owned();
        let before = self.sources.entry(folder).or_default().insert(path.to_owned(), (source, stamp));
        if let Some(stamp) = stamp {
            *self.handed.entry(stamp).or_default() += 1;
        }
        self.left(before.and_then(|(_, stamp)| stamp));
    }

    fn left(&mut self, stamp: Option<Stamp>) {
        let Some(stamp) = stamp else { return };
        if let Some(paths) = self.handed.get_mut(&stamp) {
            *paths -= 1;
            if *paths == 0 {
                self.handed.remove(&stamp);
            }
        }
    }

    /// The file at a path, if it is another one than before.
    pub(super) fn list(&mut self, path: &Path) -> io::Result<Option<Found>> {
        let Some((source, known)) = self.known(path) else { return Ok(None) };
        if path.is_symlink() {
            self.links.insert(path.to_owned(), source);
        } else {
            self.links.remove(path);
        }
        let below = path.strip_prefix(self.root.path()).map_err(io::Error::other)?;
        let mut file = Opened::from(self.root.file(below)?);
        let stamp = Stamp::of(&file)?;
        if let Some(replaced) = self.waiting.take_replaced(path, stamp) {
            self.handles.forget(replaced);
            self.replaced += 1;
        }
        if known == Some(stamp) && !self.handles.is_resting(stamp) {
            return Ok(None);
        }
        let (is_elsewhere, waits) = (self.is_elsewhere(stamp), self.waiting.has(stamp));
        let is_first = !self.before.contains(&stamp) && !is_elsewhere && !waits;
        let file = match self.handles.admit(stamp, &mut file)? {
            Admission::Held => Some(file),
            Admission::Rests => None,
            // It is just renamed, and open already.
            Admission::Waits | Admission::Open if is_elsewhere && !waits => {
                self.handles.forget(stamp);
                Some(file)
            }
            // It is still there. Who has it open may close it without another look: it is not known before it was handed over.
            Admission::Open => return Ok(Some(listing(source, path, stamp, None))),
            Admission::Waits => {
                self.waiting.add(stamp, path);
                self.opened(path, is_first);
                return Ok(None);
            }
        };
        self.waiting.remove(stamp);
        if file.is_none() && known == Some(stamp) {
            return Ok(None);
        }
        self.set(path, source, Some(stamp));
        self.opened(path, is_first);
        Ok(Some(listing(source, path, stamp, file)))
    }

    fn opened(&mut self, path: &Path, is_first: bool) {
        if let Some(folder) = path.parent().filter(|_| is_first) {
            *self.opened.entry(folder.to_owned()).or_default() += 1;
        }
    }
}

fn listing(source: SourceId, path: &Path, stamp: Stamp, file: Option<Opened>) -> Found {
    let compressed = path.extension().is_some_and(|extension| extension == "gz");
    let listed = Listed { path: path.to_owned(), stamp, rank: 0, compressed, file, waits: false };
    Found::Listing { source, files: vec![listed], missed: 0 }
}
