//! The bytes of one file that are being looked at, by their offsets in it. One buffer serves all files.

use std::io;

use super::Content;
use crate::place::Window;

/// Such a buffer.
#[derive(Debug)]
pub struct Buffer {
    bytes: Vec<u8>,
    filled: usize,
    wanted: usize,
    at: u64,
    fresh: usize,
}

impl Buffer {
    /// One that takes `fresh` new bytes at a time.
    #[must_use]
    pub fn new(fresh: usize) -> Self {
        Self { bytes: Vec::new(), filled: 0, wanted: 0, at: 0, fresh }
    }

    /// Reads from `at` on, up to the usual number of bytes beyond `position`.
    pub fn fill(&mut self, content: &mut Content, at: u64, position: u64) -> io::Result<()> {
        let ahead = usize::try_from(position.saturating_sub(at)).map_err(io::Error::other)?;
        self.wanted = ahead + self.fresh;
        if self.bytes.len() < self.wanted || self.bytes.len() > 4 * self.wanted {
            self.bytes = vec![0; self.wanted];
        }
        (self.at, self.filled) = (at, 0);
        self.filled = content.read_at(at, &mut self.bytes[..self.wanted])?;
        Ok(())
    }

    /// New bytes at a time at most, from now on.
    pub fn take_at_most(&mut self, fresh: usize) {
        self.fresh = fresh;
    }

    /// Whether there may be more behind what was taken.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.filled == self.wanted
    }

    /// Where the bytes end.
    #[must_use]
    pub fn end(&self) -> u64 {
        self.at + self.filled as u64
    }

    /// What there is from `offset` on.
    #[must_use]
    pub fn from(&self, offset: u64) -> &[u8] {
        let from = usize::try_from(offset.saturating_sub(self.at)).unwrap_or(usize::MAX).min(self.filled);
        &self.bytes[from..self.filled]
    }

    /// What there is before `offset`, which has to be in the buffer.
    #[must_use]
    pub fn window(&self, offset: u64) -> Window {
        let end = usize::try_from(offset.saturating_sub(self.at)).unwrap_or(usize::MAX).min(self.filled);
        Window::of(&self.bytes[end.saturating_sub(Window::LIMIT)..end])
    }
}
