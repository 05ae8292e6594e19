//! Segments of letters: the folder that they are in, its lock, and the end that is appended to.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, BufRead, BufReader, Read, Take, Write};
use std::os::unix::fs::{DirBuilderExt, FileExt, MetadataExt, OpenOptionsExt, fchown};
use std::path::{Path, PathBuf};

use super::{Error, Number, Stored, is_missing};

/// A segment that has so much gets no more letters.
pub(super) const SEGMENT_BYTES: u64 = 4 * 1024 * 1024;

const FOLDER_MODE: u32 = 0o700;
const FILE_MODE: u32 = 0o600;

/// Where the segments are.
#[derive(Debug)]
pub(super) struct Folder(PathBuf);

/// A file with letters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Segment {
    pub(super) number: u32,
    pub(super) bytes: u64,
}

impl Folder {
    pub(super) fn new(path: PathBuf) -> Self {
        Self(path)
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    pub(super) fn file(&self, segment: u32) -> PathBuf {
        self.0.join(format!("{segment:06}.ndjson"))
    }

    /// Waits until nobody else changes anything here; makes the folder where it is missing.
    pub(super) fn lock(&self) -> Result<Guard<'_>, Error> {
        self.make().map_err(Error::io("create", &self.0))?;
        let path = self.0.join("lock");
        let file = OpenOptions::new().write(true).create(true).truncate(false).mode(FILE_MODE).open(&path);
        // A disk that has become read-only can still be looked at.
        let file = file.or_else(|error| File::open(&path).map_err(|_| error)).map_err(Error::io("open", &path))?;
        file.lock().map_err(Error::io("lock", &path))?;
        give_away(&file, &self.0);
        Ok(Guard { folder: self, _lock: file })
    }

    fn make(&self) -> io::Result<()> {
        if self.0.is_dir() {
            return Ok(());
        }
        DirBuilder::new().recursive(true).mode(FOLDER_MODE).create(&self.0)?;
        let state = self.0.parent().unwrap_or(&self.0);
        File::open(&self.0).map(|folder| give_away(&folder, state))
    }

    /// All segments, the oldest first.
    pub(super) fn segments(&self) -> Result<Vec<Segment>, Error> {
        let entries = match fs::read_dir(&self.0) {
            Err(error) if is_missing(&error) => return Ok(Vec::new()),
            entries => entries.map_err(Error::io("read", &self.0))?,
        };
        let mut segments = Vec::new();
        for entry in entries {
            let entry = entry.map_err(Error::io("read", &self.0))?;
            segments.extend(segment(&entry).map_err(Error::io("look at", &entry.path()))?);
        }
        segments.sort_unstable();
        Ok(segments)
    }

    /// What all segments take.
    pub(super) fn bytes(&self) -> Result<u64, Error> {
        Ok(self.segments()?.iter().map(|segment| segment.bytes).sum())
    }

    /// The lines that a segment has now; none if it is gone.
    pub(super) fn lines(&self, segment: u32) -> Result<Option<Lines>, Error> {
        // Locked, so that no line is seen half written.
        let _guard = self.lock()?;
        let path = self.file(segment);
        let file = match File::open(&path) {
            Err(error) if is_missing(&error) => return Ok(None),
            file => file.map_err(Error::io("open", &path))?,
        };
        let bytes = file.metadata().map_err(Error::io("look at", &path))?.len();
        let from = BufReader::with_capacity(64 * 1024, file).take(bytes);
        Ok(Some(Lines { from, path, number: Number { segment, line: 0 }, line: Vec::new() }))
    }

    /// A letter, if there is one with this number.
    pub(super) fn letter(&self, number: Number) -> Result<Option<Stored>, Error> {
        if !self.segments()?.iter().any(|segment| segment.number == number.segment) {
            return Ok(None);
        }
        let Some(mut lines) = self.lines(number.segment)? else { return Ok(None) };
        while let Some((at, line)) = lines.next()? {
            if at == number {
                return Stored::read(at, line).map(Some).ok_or(Error::Damaged(at));
            }
        }
        Ok(None)
    }

    /// Makes sure that the names of the segments, and of the folder, are on the disk.
    pub(super) fn sync(&self) -> Result<(), Error> {
        for folder in self.0.ancestors().take(2) {
            File::open(folder).and_then(|folder| folder.sync_all()).map_err(Error::io("sync", folder))?;
        }
        Ok(())
    }
}

/// Gives a file to the owner of a folder: an administrator who tidies up must not lock the shipper out.
pub(super) fn give_away(file: &File, folder: &Path) {
    let (Ok(metadata), Ok(owner)) = (file.metadata(), fs::metadata(folder)) else { return };
    if metadata.uid() != owner.uid() {
        // Nobody else can, and nobody else's files need it.
        let _ = fchown(file, Some(owner.uid()), Some(owner.gid()));
    }
}

fn segment(entry: &fs::DirEntry) -> io::Result<Option<Segment>> {
    let name = entry.file_name();
    let number = name.to_str().and_then(|name| name.strip_suffix(".ndjson")).and_then(|name| name.parse().ok());
    match (number, entry.metadata()) {
        (Some(number), Ok(metadata)) => Ok(Some(Segment { number, bytes: metadata.len() })),
        (Some(_), Err(error)) if !is_missing(&error) => Err(error),
        _ => Ok(None),
    }
}

/// The lines of a segment that are letters, or should be: those that are not empty.
pub(super) struct Lines {
    from: Take<BufReader<File>>,
    path: PathBuf,
    number: Number,
    line: Vec<u8>,
}

impl Lines {
    /// The next letter's number and its line, without the end of the line.
    pub(super) fn next(&mut self) -> Result<Option<(Number, &[u8])>, Error> {
        loop {
            self.line.clear();
            let read = self.from.read_until(b'\n', &mut self.line).map_err(Error::io("read", &self.path))?;
            if read == 0 {
                return Ok(None);
            }
            self.number.line += 1;
            if self.line != b"\n" {
                return Ok(Some((self.number, self.line.trim_ascii_end())));
            }
        }
    }
}

/// The right to change something in the folder.
pub(super) struct Guard<'a> {
    pub(super) folder: &'a Folder,
    _lock: File,
}

impl Guard<'_> {
    /// The end of the newest segment, to append to while all of them have at most `limit` bytes.
    pub(super) fn end(&self, limit: u64) -> Result<End<'_>, Error> {
        let segments = self.folder.segments()?;
        let total = segments.iter().map(|segment| segment.bytes).sum();
        let number = segments.last().map_or(1, |newest| newest.number);
        let mut end = End { folder: self.folder, open: self.open(number)?, total, limit };
        if end.open.is_torn {
            // What a power cut left of a line must not become the beginning of the next letter.
            end.write(b"\n")?;
        }
        end.open.start = end.open.length;
        Ok(end)
    }

    fn open(&self, number: u32) -> Result<Open, Error> {
        open(&self.folder.file(number), number).map_err(Error::io("open", &self.folder.file(number)))
    }

    /// Begins the segment after `number`.
    pub(super) fn begin_after(&self, number: u32) -> Result<(), Error> {
        self.open(number + 1)?;
        self.folder.sync()
    }
}

fn open(path: &Path, number: u32) -> io::Result<Open> {
    let file = OpenOptions::new().read(true).append(true).create(true).mode(FILE_MODE).open(path)?;
    if let Some(folder) = path.parent() {
        give_away(&file, folder);
    }
    let length = file.metadata()?.len();
    let mut last = [b'\n'];
    if length > 0 {
        file.read_exact_at(&mut last, length - 1)?;
    }
    Ok(Open { file, number, length, start: length, is_torn: last != [b'\n'] })
}

/// The newest segment.
struct Open {
    file: File,
    number: u32,
    length: u64,
    /// Its length before anything was appended.
    start: u64,
    is_torn: bool,
}

/// Where letters are appended.
pub(super) struct End<'a> {
    folder: &'a Folder,
    open: Open,
    total: u64,
    limit: u64,
}

impl End<'_> {
    /// Whether there is room for a line.
    pub(super) fn check_room(&self, line: &[u8]) -> Result<(), Error> {
        if self.total + line.len() as u64 > self.limit {
            return Err(Error::Full { folder: self.folder.path().to_owned(), limit: self.limit });
        }
        Ok(())
    }

    /// Whether the segment has enough letters.
    pub(super) fn is_long(&self) -> bool {
        self.open.length >= SEGMENT_BYTES
    }

    /// Goes on in a new segment; the present one has to be on the disk.
    pub(super) fn begin_next(&mut self) -> Result<(), Error> {
        let number = self.open.number + 1;
        let path = self.folder.file(number);
        self.open = open(&path, number).map_err(Error::io("open", &path))?;
        Ok(())
    }

    /// Appends a line, all of it or nothing.
    pub(super) fn write(&mut self, line: &[u8]) -> Result<(), Error> {
        let Open { file, length, number, .. } = &mut self.open;
        if let Err(error) = file.write_all(line) {
            // If this fails as well, a damaged letter stays, and is reported.
            let _ = file.set_len(*length);
            return Err(Error::io("write", &self.folder.file(*number))(error));
        }
        *length += line.len() as u64;
        self.total += line.len() as u64;
        Ok(())
    }

    /// Brings what was appended to the disk; if that fails, takes it back.
    pub(super) fn sync(&mut self) -> Result<(), Error> {
        let Open { file, number, start, length, .. } = &self.open;
        if let Err(error) = file.sync_data() {
            let _ = file.set_len(*start);
            return Err(Error::io("sync", &self.folder.file(*number))(error));
        }
        // It may be new, and so may the folder.
        let is_new = *start == 0 && *length > 0;
        if is_new { self.folder.sync() } else { Ok(()) }
    }
}
