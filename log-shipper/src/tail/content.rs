//! What a file holds, read at any place: as it is, or out of its compression.

mod compressed;

use std::io;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::sync::Arc;

use super::Stream;
use crate::discover::Opened;
use crate::place::Window;
use compressed::Compressed;

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

    /// Reads into the whole of `into` from `offset` on, as far as there is anything; returns how much. Of a compressed file
    /// that is damaged, that is what comes before the damage, see [`Self::damage`]; there, it is an error.
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
                Err(_) if filled > 0 && self.damage().is_some() => break,
                Err(error) => return Err(error),
            }
        }
        Ok(filled)
    }

    /// What is wrong with a compressed file, if reading has met that.
    #[must_use]
    pub fn damage(&self) -> Option<&Arc<io::Error>> {
        match self {
            Self::Compressed(file) => file.damage(),
            Self::Plain(_) | Self::Stream(_) => None,
        }
    }

    /// Forgets a damage: what was being compressed may be whole by now.
    pub fn try_again(&mut self) {
        if let Self::Compressed(file) = self
            && file.damage().is_some()
        {
            file.put_down();
        }
    }

    /// Keeps nothing in memory until it is read again, for a file whose turn may be far away: of a compressed one, reading
    /// then begins anew.
    pub fn put_down(&mut self) {
        if let Self::Compressed(file) = self {
            file.put_down();
        }
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
            Self::Compressed(file) => file.stored(),
            Self::Stream(_) => Ok(0),
        }
    }

    /// Whether it has no name on the disk any more.
    #[must_use]
    pub fn is_nameless(&self) -> bool {
        matches!(self, Self::Plain(file) if file.metadata().is_ok_and(|metadata| metadata.nlink() == 0))
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

#[cfg(test)]
mod tests {
    use std::io::{Seek, SeekFrom, Write};

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    #[test]
    fn half_a_compressed_file_is_an_error_after_what_it_holds() {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::none());
        encoder.write_all(&[b'x'; 1_000]).unwrap();
        let whole = encoder.finish().unwrap();
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&whole[..whole.len() - 12]).unwrap();
        file.seek(SeekFrom::Start(0)).unwrap();
        let mut content = Content::new(file, true);
        assert_eq!(content.read_at(0, &mut [0; 2_000]).unwrap(), 996);
        assert!(content.damage().is_some() && content.read_at(996, &mut [0; 2_000]).is_err());
        content.try_again();
        assert!(content.damage().is_none());
    }
}
