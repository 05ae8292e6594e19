//! One file that is followed: where reading goes on, and how it is told that it is still the same file.

use std::io;
use std::path::Path;
use std::sync::Arc;

use super::{Buffer, Content};
use crate::checkpoint::Known;
use crate::discover::Stamp;
use crate::place::{FileKey, OpenLines, Progress, Window};

/// Such a file.
#[derive(Debug)]
pub struct Followed {
    /// Its number in the state.
    pub key: FileKey,
    /// Where it was last seen.
    pub path: Arc<Path>,
    /// Which file of the disk it is.
    pub stamp: Stamp,
    /// The first 16 characters of the ids of its documents.
    pub id_prefix: [u8; 16],
    /// What an earlier run knew of it: lines that are done, that are in doubt, and where lines were cut.
    pub before: Known,
    content: Content,
    position: u64,
    guard: Guard,
    /// The beginning of a line that is longer than the limit, and where it is; the rest is passed over.
    overlong: Option<(u64, Vec<u8>)>,
    size: u64,
}

/// Bytes that were there, and must be there still.
#[derive(Clone, Copy, Debug)]
struct Guard {
    at: u64,
    window: Window,
}

/// What reading brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fresh {
    /// There are bytes in the buffer, from the position on.
    Bytes,
    /// There is nothing new.
    Nothing,
    /// It was truncated, or its content is another one.
    Replaced,
}

impl Followed {
    /// Follows a file from where an earlier run was, or from its beginning.
    #[must_use]
    pub fn new(known: Known, stamp: Stamp, content: Content) -> Self {
        let (key, path, id_prefix) = (known.key, Arc::clone(&known.identity.path), known.identity.id_prefix);
        let guard = match known.progress {
            Some(progress) if progress.position > 0 => Guard::before(progress.position, progress.window),
            _ => Guard { at: 0, window: known.identity.head },
        };
        let position = known.progress.map_or(0, |progress| progress.open.resume(progress.position));
        // A file that waits for its turn is behind too.
        let size = content.size().ok().flatten().unwrap_or_else(|| known.position());
        Self { key, path, stamp, id_prefix, before: known, content, position, guard, overlong: None, size }
    }

    /// The next byte that is not consumed.
    #[must_use]
    pub fn position(&self) -> u64 {
        self.position
    }

    /// Bytes that are there and not consumed, as far as is known.
    #[must_use]
    pub fn behind(&self) -> u64 {
        self.size.saturating_sub(self.position)
    }

    /// Whether it lies there as it is, and nothing came since it was looked at.
    #[must_use]
    pub fn is_still(&self) -> bool {
        matches!(self.content.size(), Ok(Some(size)) if size == self.size) && self.overlong.is_none()
    }

    /// Its size when it was last looked at.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Whether it still holds what it held before the position, as far as that can be seen at a glance.
    #[must_use]
    pub fn is_intact(&self) -> bool {
        self.content.has(self.guard.at, self.guard.window)
    }

    /// Whether these are its first bytes, as far as that can be seen at a glance.
    #[must_use]
    pub fn begins_with(&self, beginning: Window) -> bool {
        self.content.has(0, beginning)
    }

    /// Looks at its size without reading.
    pub fn look_at_size(&mut self) {
        if let Ok(Some(size)) = self.content.size() {
            self.size = self.size.max(size);
        }
    }

    /// Whether it can only end.
    #[must_use]
    pub fn is_final(&self) -> bool {
        self.content.is_final()
    }

    /// Why a compressed file cannot be read to its end, if reading has met that.
    #[must_use]
    pub fn damage(&self) -> Option<Arc<io::Error>> {
        self.content.damage().map(Arc::clone)
    }

    /// Bytes that are not consumed, by the largest size that it was ever seen to have.
    #[must_use]
    pub fn unread(&self) -> u64 {
        self.size.max(self.before.size_seen).saturating_sub(self.position)
    }

    /// Goes back to the beginning, because a line that is open began in an earlier file.
    pub fn reread(&mut self) {
        self.position = 0;
    }

    /// Reads what is new, as much as the buffer takes.
    pub fn read(&mut self, buffer: &mut Buffer) -> io::Result<Fresh> {
        if let Some(size) = self.content.size()? {
            let shrunk = size < self.guard.end().max(self.position);
            if shrunk {
                return Ok(Fresh::Replaced);
            }
            self.size = size;
        }
        // After a restart the guard may lie behind the place where reading goes on.
        if self.guard.at > self.position || self.guard.end() < self.position {
            if !self.guard.holds(&mut self.content, buffer)? {
                return Ok(Fresh::Replaced);
            }
            return self.read_from(self.position, buffer);
        }
        let fresh = self.read_from(self.guard.at, buffer)?;
        Ok(if self.guard.is(buffer.from(self.guard.at)) { fresh } else { Fresh::Replaced })
    }

    fn read_from(&mut self, at: u64, buffer: &mut Buffer) -> io::Result<Fresh> {
        buffer.fill(&mut self.content, at, self.position)?;
        if self.content.is_final() {
            self.size = self.size.max(buffer.end());
        }
        Ok(if buffer.end() > self.position { Fresh::Bytes } else { Fresh::Nothing })
    }

    /// Notes that everything before `position`, which the buffer has, is consumed.
    pub fn consume(&mut self, position: u64, buffer: &Buffer) {
        self.position = position;
        self.guard = Guard::before(position, buffer.window(position));
    }

    /// Where everything is settled, and the bytes before it; none before a line that is too long and not at its end. Nothing
    /// before something was read: what an earlier run has reached stands, although lines that were open are read once more.
    #[must_use]
    pub fn reached(&self) -> Option<(u64, Window)> {
        match &self.overlong {
            Some((start, _)) => Some((*start, Window::default())),
            None if self.position < self.guard.end() => None,
            None => Some((self.position, self.guard.window)),
        }
    }

    /// Takes the beginning of a line that is too long; the rest of it is passed over.
    pub fn begin_overlong(&mut self, start: u64, text: &[u8]) {
        self.overlong = Some((start, text.to_vec()));
    }

    /// Where the line begins that is not consumed: at the position, if it is not such a line.
    #[must_use]
    pub fn line_start(&self) -> u64 {
        self.overlong.as_ref().map_or(self.position, |(start, _)| *start)
    }

    /// Whether the rest of such a line is being passed over.
    #[must_use]
    pub fn in_overlong(&self) -> bool {
        self.overlong.is_some()
    }

    /// Such a line, at its end.
    pub fn end_overlong(&mut self) -> Option<(u64, Vec<u8>)> {
        self.overlong.take()
    }

    /// By what it is told from another file: the bytes before a place that was reached at some time.
    #[must_use]
    pub fn likeness(&self) -> Progress {
        let Guard { window, .. } = self.guard;
        Progress { file: self.key, position: self.guard.end(), open: OpenLines::default(), window }
    }

    /// From where it can be followed again later; `open` are the lines that are open in it.
    #[must_use]
    pub fn rest(&self, open: OpenLines) -> Option<Progress> {
        // What is read once more after a restart is done up to where it was.
        let Some((position, window)) = self.reached() else { return self.before.progress };
        Some(Progress { file: self.key, position, open, window })
    }

    /// Whether an earlier run, or an earlier look at it, has got anywhere.
    #[must_use]
    pub fn is_resumed(&self) -> bool {
        self.before.progress.is_some()
    }

    /// Where it is, what it holds: for a file that begins anew in the same place.
    #[must_use]
    pub fn into_parts(self) -> (Arc<Path>, Stamp, Content) {
        (self.path, self.stamp, self.content)
    }

    /// Lines that began here and were not complete when the earlier run ended.
    #[must_use]
    pub fn open_before(&self) -> OpenLines {
        self.before.progress.map(|progress| progress.open).unwrap_or_default()
    }
}

impl Guard {
    fn before(position: u64, window: Window) -> Self {
        Self { at: position.saturating_sub(u64::from(window.length)), window }
    }

    fn end(&self) -> u64 {
        self.at + u64::from(self.window.length)
    }

    fn is(&self, bytes: &[u8]) -> bool {
        bytes.get(..self.window.length as usize).is_some_and(|bytes| Window::of(bytes) == self.window)
    }

    fn holds(&self, content: &mut Content, buffer: &mut Buffer) -> io::Result<bool> {
        buffer.fill(content, self.at, self.at)?;
        Ok(self.is(buffer.from(self.at)))
    }
}
