//! Records in the log: each with a marker, its length, its kind and a CRC, so that a damaged one costs only itself.
//!
//! `00 FB` · length of the content (2 bytes) · kind (1) · CRC-32 of these three and the content (4) · content; numbers
//! have their lowest byte first. No name has a zero byte, so a name cannot hold what looks like a record.

use std::io::{self, Read};
use std::ops::Range;

use memchr::memmem;

const MARKER: [u8; 2] = [0x00, 0xFB];
const HEADER_BYTES: usize = 9;
const MAX_CONTENT: usize = 16 * 1024;
const MAX_BYTES: usize = HEADER_BYTES + MAX_CONTENT;
const READ_BYTES: usize = 256 * 1024;

/// Appends a record with the content that `write` appends; without one if that is too long for a record.
pub(super) fn append(out: &mut Vec<u8>, kind: u8, write: impl FnOnce(&mut Vec<u8>)) {
    let start = out.len();
    out.extend_from_slice(&MARKER);
    out.extend_from_slice(&[0, 0, kind, 0, 0, 0, 0]);
    let content = out.len();
    write(out);
    let length = out.len() - content;
    let Some(length) = u16::try_from(length).ok().filter(|_| length <= MAX_CONTENT) else {
        return out.truncate(start);
    };
    out[start + 2..start + 4].copy_from_slice(&length.to_le_bytes());
    let crc = checksum(&out[start..]);
    out[start + 5..content].copy_from_slice(&crc.to_le_bytes());
}

/// Of a record from its marker on.
fn checksum(record: &[u8]) -> u32 {
    let mut hasher = crc32fast::Hasher::new();
    hasher.update(&record[2..5]);
    hasher.update(&record[HEADER_BYTES..]);
    hasher.finalize()
}

/// The length of the whole record that `bytes` begin with, if they do.
fn whole(bytes: &[u8]) -> Option<usize> {
    let header = bytes.get(..HEADER_BYTES).filter(|header| header.starts_with(&MARKER))?;
    let content = usize::from(u16::from_le_bytes([header[2], header[3]]));
    let record = bytes.get(..HEADER_BYTES + content).filter(|_| content <= MAX_CONTENT)?;
    let crc = u32::from_le_bytes([header[5], header[6], header[7], header[8]]);
    (checksum(record) == crc).then_some(record.len())
}

/// What could not be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Gaps {
    /// How many runs of bytes are no records.
    pub(super) count: u64,
    /// Bytes in them.
    pub(super) bytes: u64,
    /// Where the first begins.
    pub(super) first: u64,
    /// Whether the last one goes to the end.
    pub(super) at_end: bool,
}

/// Takes records one after another, over whatever lies between them.
pub(super) struct Frames<R> {
    from: R,
    buffer: Vec<u8>,
    next: usize,
    /// Where the buffer begins.
    offset: u64,
    ended: bool,
    gaps: Gaps,
}

impl<R: Read> Frames<R> {
    /// Those of `from`, which stands at `offset`.
    pub(super) fn new(from: R, offset: u64) -> Self {
        Self { from, buffer: Vec::new(), next: 0, offset, ended: false, gaps: Gaps::default() }
    }

    /// What has not been readable so far.
    pub(super) fn gaps(&self) -> Gaps {
        self.gaps
    }

    /// Where the next record begins.
    pub(super) fn position(&self) -> u64 {
        self.offset + self.next as u64
    }

    /// The next whole record: its kind and content.
    pub(super) fn next(&mut self) -> io::Result<Option<(u8, &[u8])>> {
        let Some(record) = self.find()? else { return Ok(None) };
        let record = &self.buffer[record];
        Ok(Some((record[4], &record[HEADER_BYTES..])))
    }

    fn find(&mut self) -> io::Result<Option<Range<usize>>> {
        self.gaps.at_end = false;
        let mut in_gap = false;
        loop {
            self.fill()?;
            let rest = &self.buffer[self.next..];
            if let Some(length) = whole(rest) {
                self.next += length;
                return Ok(Some(self.next - length..self.next));
            }
            if rest.is_empty() {
                self.gaps.at_end = in_gap;
                return Ok(None);
            }
            let skipped = memmem::find(&rest[1..], &MARKER).map_or_else(|| no_marker(rest, self.ended), |at| at + 1);
            self.skip(skipped, in_gap);
            in_gap = true;
        }
    }

    fn skip(&mut self, bytes: usize, in_gap: bool) {
        if !in_gap {
            self.gaps.count += 1;
        }
        if self.gaps.bytes == 0 {
            self.gaps.first = self.position();
        }
        self.gaps.bytes += bytes as u64;
        self.next += bytes;
    }

    /// Makes sure that the longest record is in the buffer, if there is so much.
    fn fill(&mut self) -> io::Result<()> {
        if self.ended || self.buffer.len() - self.next >= MAX_BYTES {
            return Ok(());
        }
        self.buffer.drain(..self.next);
        self.offset += self.next as u64;
        self.next = 0;
        let wanted = (READ_BYTES - self.buffer.len()) as u64;
        let read = self.from.by_ref().take(wanted).read_to_end(&mut self.buffer)?;
        self.ended = (read as u64) < wanted;
        Ok(())
    }
}

/// How much may be passed where no marker is: the last byte may be the first of one.
fn no_marker(rest: &[u8], ended: bool) -> usize {
    if ended { rest.len() } else { rest.len() - 1 }
}
