//! What a file holds, read at any place: as it is, or out of its compression.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::FileExt;

use flate2::read::MultiGzDecoder;

use super::Stream;
use crate::discover::{Opened, Permit};
use crate::place::Window;

/// How much is taken out of a compressed file at once.
const STEP: usize = 128 * 1024;

/// A file that is open.
#[derive(Debug)]
pub enum Content {
    /// As it is.
    Plain(Opened),
    /// Compressed with gzip.
    Compressed(Box<Compressed>),
    /// As it comes.
    Stream(Box<Stream>),
}

impl Content {
    /// Takes an open file.
    #[must_use]
    pub fn new(file: impl Into<Opened>, compressed: bool) -> Self {
        let file = file.into();
        if compressed { Self::Compressed(Box::new(Compressed::new(file))) } else { Self::Plain(file) }
    }

    /// Reads into the whole of `into` from `offset` on, as far as there is anything; returns how much.
    pub fn read_at(&mut self, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        if let Self::Stream(stream) = self {
            return stream.read_at(offset, into);
        }
        let mut filled = 0;
        while filled < into.len() {
            let rest = &mut into[filled..];
            let read = match self {
                Self::Plain(file) => file.read_at(rest, offset + filled as u64),
                Self::Compressed(file) => file.read_at(offset + filled as u64, rest),
                Self::Stream(_) => Ok(0),
            };
            match read {
                Ok(0) => break,
                Ok(read) => filled += read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    // What is being compressed may be whole at the next try.
                    if let Self::Compressed(file) = self {
                        file.rewind()?;
                    }
                    return Err(error);
                }
            }
        }
        Ok(filled)
    }

    /// Whether a file that lies there as it is has these bytes at `offset`; of any other it is taken for granted.
    #[must_use]
    pub fn has(&self, offset: u64, window: Window) -> bool {
        let Self::Plain(file) = self else { return true };
        let mut bytes = vec![0; window.length as usize];
        file.read_exact_at(&mut bytes, offset).is_ok() && Window::of(&bytes) == window
    }

    /// Bytes, as far as that is known without reading: nothing is known of a compressed file or a
    /// stream.
    pub fn size(&self) -> io::Result<Option<u64>> {
        match self {
            Self::Plain(file) => Ok(Some(file.metadata()?.len())),
            Self::Compressed(_) | Self::Stream(_) => Ok(None),
        }
    }

    /// Bytes that it takes on the disk; of a stream nothing.
    pub fn stored(&self) -> io::Result<u64> {
        match self {
            Self::Plain(file) => Ok(file.metadata()?.len()),
            Self::Compressed(file) => Ok(file.decoder.get_ref().metadata()?.len()),
            Self::Stream(_) => Ok(0),
        }
    }

    /// Whether nothing is ever added.
    #[must_use]
    pub fn is_final(&self) -> bool {
        match self {
            Self::Plain(_) => false,
            Self::Compressed(_) => true,
            Self::Stream(stream) => stream.is_ended(),
        }
    }
}

/// A compressed file, which can be read on cheaply and back only from its beginning.
#[derive(Debug)]
pub struct Compressed {
    decoder: MultiGzDecoder<File>,
    /// What was taken out last; it begins at `at`.
    taken: Vec<u8>,
    at: u64,
    permit: Option<Permit>,
}

impl Compressed {
    fn new(file: Opened) -> Self {
        let (file, permit) = file.into_parts();
        Self { decoder: MultiGzDecoder::new(file), taken: Vec::new(), at: 0, permit }
    }

    fn read_at(&mut self, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        if offset < self.at {
            self.rewind()?;
        }
        while self.end() <= offset {
            if !self.step()? {
                return Ok(0);
            }
        }
        let from = usize::try_from(offset - self.at).map_err(io::Error::other)?;
        let length = into.len().min(self.taken.len() - from);
        into[..length].copy_from_slice(&self.taken[from..from + length]);
        Ok(length)
    }

    fn end(&self) -> u64 {
        self.at + self.taken.len() as u64
    }

    /// Takes the next part out; the one before it stays, since readers go back a little.
    fn step(&mut self) -> io::Result<bool> {
        let stale = self.taken.len().saturating_sub(STEP);
        self.taken.drain(..stale);
        self.at += stale as u64;
        let before = self.taken.len();
        self.taken.resize(before + STEP, 0);
        let read = self.decoder.read(&mut self.taken[before..]);
        self.taken.truncate(before + *read.as_ref().unwrap_or(&0));
        Ok(read? > 0)
    }

    fn rewind(&mut self) -> io::Result<()> {
        let mut file = self.decoder.get_ref().try_clone()?;
        file.seek(SeekFrom::Start(0))?;
        let permit = self.permit.take();
        *self = Self { permit, ..Self::new(file.into()) };
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn compressed(bytes: &[u8]) -> Content {
        let mut encoder = GzEncoder::new(tempfile::tempfile().unwrap(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        let mut file = encoder.finish().unwrap();
        file.seek(SeekFrom::Start(0)).unwrap();
        Content::new(file, true)
    }

    #[test]
    fn a_compressed_file_is_read_forth_and_back() {
        let bytes: Vec<u8> = (0..1_000_000_u32).flat_map(u32::to_le_bytes).collect();
        let mut content = compressed(&bytes);
        for at in [0, 1_000_000, 999_000, 3_999_990, 17, 2_000_000] {
            let mut into = vec![0; 300_000];
            let read = content.read_at(at as u64, &mut into).unwrap();
            assert_eq!(read, into.len().min(bytes.len() - at));
            assert_eq!(into[..read], bytes[at..at + read], "{at}");
        }
        assert_eq!(content.read_at(4_000_000, &mut [0; 8]).unwrap(), 0);
        assert!(content.taken() <= 4 * STEP);
    }

    #[test]
    fn half_a_compressed_file_is_an_error_after_what_it_holds() {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::none());
        encoder.write_all(&[b'x'; 1_000]).unwrap();
        let whole = encoder.finish().unwrap();
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&whole[..whole.len() - 12]).unwrap();
        file.seek(SeekFrom::Start(0)).unwrap();
        let mut content = Content::new(file, true);
        assert!(content.read_at(0, &mut [0; 2_000]).is_err());
    }

    impl Content {
        fn taken(&self) -> usize {
            match self {
                Self::Plain(_) | Self::Stream(_) => 0,
                Self::Compressed(file) => file.taken.len(),
            }
        }
    }
}
