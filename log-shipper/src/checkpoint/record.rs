//! What the log says: each record is one fact about one file, and absolute, so that a lost one does not harm the next.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use super::frame;
use super::known::{Cut, Identity};
use crate::line::Stream;
use crate::place::{FileKey, OpenLines, Place, Progress, Window};

const IDENTITY: u8 = 1;
const PROGRESS: u8 = 2;
const SENT: u8 = 3;
const CUT: u8 = 4;
const SEEN: u8 = 5;
const FORGOTTEN: u8 = 6;

const COMPRESSED: u8 = 1;
const IS_OPEN: [u8; 2] = [1, 2];

/// Longest name of an index or a source, and longest path: what the system allows, and room for `file/`.
const MAX_NAME: usize = 4_096 + 64;

/// A fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Record<'a> {
    /// Which file a key stands for; the first one of a key makes it known.
    Identity(FileKey, Names<'a>),
    /// A file is acknowledged so far, at this second.
    Progress(Progress, u64),
    /// Lines that begin before `upto` may be sent to `index` from now on.
    Sent { file: FileKey, upto: u64, index: &'a str },
    /// A time-out ended a line.
    Cut(Cut),
    /// A file was there with this size, at this second.
    Seen { file: FileKey, size: u64, at: u64 },
    /// A file is no longer followed.
    Forgotten(FileKey),
}

/// An [`Identity`] that borrows its names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Names<'a> {
    pub(super) source: &'a str,
    pub(super) path: &'a Path,
    pub(super) rest: Fixed,
}

/// The parts of an [`Identity`] that are no names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fixed {
    pub(super) device: u64,
    pub(super) inode: u64,
    pub(super) head: Window,
    pub(super) generation: u32,
    pub(super) id_prefix: [u8; 16],
    pub(super) compressed: bool,
}

impl<'a> From<&'a Identity> for Names<'a> {
    fn from(identity: &'a Identity) -> Self {
        let Identity { device, inode, head, generation, id_prefix, compressed, .. } = *identity;
        let rest = Fixed { device, inode, head, generation, id_prefix, compressed };
        Self { source: &identity.source, path: &identity.path, rest }
    }
}

impl Names<'_> {
    /// Whether a record can hold it.
    pub(super) fn fit(&self) -> bool {
        fits(self.source) && self.path.as_os_str().len() <= MAX_NAME
    }
}

impl<'a> Record<'a> {
    /// Appends it to a log.
    pub(super) fn append(&self, out: &mut Vec<u8>) {
        frame::append(out, self.kind(), |out| self.content(out));
    }

    fn kind(&self) -> u8 {
        match self {
            Self::Identity(..) => IDENTITY,
            Self::Progress(..) => PROGRESS,
            Self::Sent { .. } => SENT,
            Self::Cut(_) => CUT,
            Self::Seen { .. } => SEEN,
            Self::Forgotten(_) => FORGOTTEN,
        }
    }

    fn content(&self, out: &mut Vec<u8>) {
        match self {
            Self::Identity(key, names) => identity(out, *key, names),
            Self::Progress(progress, at) => acknowledged(out, progress, *at),
            Self::Sent { file, upto, index } => {
                numbers(out, file.0, &[*upto]);
                out.extend_from_slice(index.as_bytes());
            }
            Self::Cut(cut) => {
                numbers(out, cut.start.file.0, &[cut.start.offset]);
                numbers(out, cut.end.file.0, &[cut.end.offset]);
                out.push(cut.stream as u8);
            }
            Self::Seen { file, size, at } => numbers(out, file.0, &[*size, *at]),
            Self::Forgotten(file) => numbers(out, file.0, &[]),
        }
    }

    /// Reads one; none if it is of no known kind or not whole.
    pub(super) fn read(kind: u8, content: &'a [u8]) -> Option<Self> {
        let mut from = Content(content);
        let file = FileKey(from.u32()?);
        let record = match kind {
            IDENTITY => Self::Identity(file, from.names()?),
            PROGRESS => from.progress(file)?,
            SENT => Self::Sent { file, upto: from.u64()?, index: from.rest().and_then(text)? },
            CUT => from.cut(file)?,
            SEEN => Self::Seen { file, size: from.u64()?, at: from.u64()? },
            FORGOTTEN => Self::Forgotten(file),
            _ => return None,
        };
        from.0.is_empty().then_some(record)
    }

    /// The file that it is about.
    pub(super) fn file(&self) -> FileKey {
        match self {
            Self::Identity(file, _)
            | Self::Sent { file, .. }
            | Self::Seen { file, .. }
            | Self::Forgotten(file)
            | Self::Progress(Progress { file, .. }, _)
            | Self::Cut(Cut { start: Place { file, .. }, .. }) => *file,
        }
    }
}

/// Whether a name is short enough, and cannot hold what looks like a record.
pub(super) fn fits(name: &str) -> bool {
    name.len() <= MAX_NAME && !name.contains('\0')
}

fn numbers(out: &mut Vec<u8>, file: u32, numbers: &[u64]) {
    out.extend_from_slice(&file.to_le_bytes());
    for number in numbers {
        out.extend_from_slice(&number.to_le_bytes());
    }
}

fn identity(out: &mut Vec<u8>, key: FileKey, names: &Names<'_>) {
    let Fixed { device, inode, head, generation, id_prefix, compressed } = &names.rest;
    numbers(out, key.0, &[*device, *inode, head.hash]);
    out.extend_from_slice(&head.length.to_le_bytes());
    out.extend_from_slice(&generation.to_le_bytes());
    out.extend_from_slice(id_prefix);
    out.push(if *compressed { COMPRESSED } else { 0 });
    let source = u16::try_from(names.source.len()).unwrap_or(u16::MAX);
    out.extend_from_slice(&source.to_le_bytes());
    out.extend_from_slice(names.source.as_bytes());
    out.extend_from_slice(names.path.as_os_str().as_bytes());
}

fn acknowledged(out: &mut Vec<u8>, progress: &Progress, at: u64) {
    numbers(out, progress.file.0, &[progress.position, at, progress.window.hash]);
    out.extend_from_slice(&progress.window.length.to_le_bytes());
    let open = progress.open.0;
    out.push(open.iter().zip(IS_OPEN).filter(|(line, _)| line.is_some()).map(|(_, bit)| bit).sum());
    for offset in open.iter().flatten() {
        out.extend_from_slice(&offset.to_le_bytes());
    }
}

fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok().filter(|text| fits(text))
}

/// What is left of a record's content.
struct Content<'a>(&'a [u8]);

impl<'a> Content<'a> {
    fn take(&mut self, bytes: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(bytes)?;
        self.0 = rest;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    fn u8(&mut self) -> Option<u8> {
        self.array().map(u8::from_le_bytes)
    }

    fn u32(&mut self) -> Option<u32> {
        self.array().map(u32::from_le_bytes)
    }

    fn u64(&mut self) -> Option<u64> {
        self.array().map(u64::from_le_bytes)
    }

    fn rest(&mut self) -> Option<&'a [u8]> {
        self.take(self.0.len())
    }

    fn names(&mut self) -> Option<Names<'a>> {
        let (device, inode, hash) = (self.u64()?, self.u64()?, self.u64()?);
        let head = Window { length: self.u32()?, hash };
        let (generation, id_prefix) = (self.u32()?, self.array()?);
        let compressed = self.u8()? == COMPRESSED;
        let source = self.array().map(u16::from_le_bytes)?;
        let source = self.take(usize::from(source)).and_then(text)?;
        let path = Path::new(OsStr::from_bytes(self.rest()?));
        Some(Names { source, path, rest: Fixed { device, inode, head, generation, id_prefix, compressed } })
    }

    fn progress(&mut self, file: FileKey) -> Option<Record<'a>> {
        let (position, at, hash) = (self.u64()?, self.u64()?, self.u64()?);
        let window = Window { length: self.u32()?, hash };
        let bits = self.u8()?;
        let mut open = OpenLines::default();
        for (line, bit) in open.0.iter_mut().zip(IS_OPEN) {
            *line = if bits & bit == 0 { None } else { Some(self.u64()?) };
        }
        Some(Record::Progress(Progress { file, position, open, window }, at))
    }

    fn cut(&mut self, file: FileKey) -> Option<Record<'a>> {
        let start = Place { file, offset: self.u64()? };
        let end = Place { file: FileKey(self.u32()?), offset: self.u64()? };
        let stream = self.u8()?;
        let stream = Stream::ALL.into_iter().find(|known| *known as u8 == stream)?;
        Some(Record::Cut(Cut { stream, start, end }))
    }
}
