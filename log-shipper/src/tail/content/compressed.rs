//! A compressed file, which can be read on cheaply and back only from its beginning.

use std::fs::File;
use std::io::{self, ErrorKind, Read, Seek, SeekFrom};
use std::sync::Arc;

use flate2::read::MultiGzDecoder;

use crate::discover::{Opened, Permit};

/// How much is taken out of it at once.
const STEP: usize = 128 * 1024;

/// Such a file.
#[derive(Debug)]
pub struct Compressed {
    file: File,
    /// It takes a tenth of a megabyte, so there is none before something is read.
    decoder: Option<MultiGzDecoder<File>>,
    /// What was taken out last; it begins at `at`.
    taken: Vec<u8>,
    at: u64,
    /// Why no more can be taken out.
    damage: Option<Arc<io::Error>>,
    _permit: Option<Permit>,
}

impl Compressed {
    pub(super) fn new(file: Opened) -> Self {
        let (file, permit) = file.into_parts();
        Self { file, decoder: None, taken: Vec::new(), at: 0, damage: None, _permit: permit }
    }

    /// Bytes that it takes on the disk.
    pub(super) fn stored(&self) -> io::Result<u64> {
        Ok(self.file.metadata()?.len())
    }

    pub(super) fn damage(&self) -> Option<&Arc<io::Error>> {
        self.damage.as_ref()
    }

    pub(super) fn read_at(&mut self, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        if offset < self.at {
            self.put_down();
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
        if let Some(damage) = &self.damage {
            return Err(again(damage));
        }
        let stale = self.taken.len().saturating_sub(STEP);
        self.taken.drain(..stale);
        self.at += stale as u64;
        let before = self.taken.len();
        self.taken.resize(before + STEP, 0);
        if self.decoder.is_none() {
            self.decoder = Some(self.anew()?);
        }
        let decoder = self.decoder.as_mut().expect("it was just made");
        let read = match decoder.read(&mut self.taken[before..]) {
            Err(error) if error.kind() != ErrorKind::Interrupted => self.last_bytes(before, error),
            read => read,
        };
        self.taken.truncate(before + *read.as_ref().unwrap_or(&0));
        Ok(read? > 0)
    }

    /// What can be taken out behind the first `before` bytes: a decoder that fails says nothing of what it had taken out by
    /// then, so it is asked for one byte after the other.
    fn last_bytes(&mut self, before: usize, error: io::Error) -> io::Result<usize> {
        // Where a file just ends, it has said everything.
        let good = if error.kind() == ErrorKind::UnexpectedEof { 0 } else { self.byte_by_byte(before)? };
        let damage = self.damage.insert(Arc::new(error));
        if good > 0 { Ok(good) } else { Err(again(damage)) }
    }

    fn byte_by_byte(&mut self, before: usize) -> io::Result<usize> {
        let mut anew = self.anew()?;
        io::copy(&mut anew.by_ref().take(self.at + before as u64), &mut io::sink())?;
        let mut is_good = |byte: &mut u8| anew.read_exact(std::slice::from_mut(byte)).is_ok();
        Ok(self.taken[before..].iter_mut().map_while(|byte| is_good(byte).then_some(())).count())
    }

    fn anew(&self) -> io::Result<MultiGzDecoder<File>> {
        let mut file = self.file.try_clone()?;
        file.seek(SeekFrom::Start(0))?;
        Ok(MultiGzDecoder::new(file))
    }

    /// Keeps nothing in memory: the next reading begins anew.
    pub(super) fn put_down(&mut self) {
        (self.decoder, self.taken, self.at, self.damage) = (None, Vec::new(), 0, None);
    }
}

fn again(damage: &Arc<io::Error>) -> io::Error {
    io::Error::new(damage.kind(), Arc::clone(damage))
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    fn compress(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn open(stored: &[u8]) -> Compressed {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(stored).unwrap();
        file.seek(SeekFrom::Start(0)).unwrap();
        Compressed::new(file.into())
    }

    /// Bytes that can hardly be compressed.
    fn noise() -> Vec<u8> {
        let next =
            |last: &u64| Some(last.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407));
        std::iter::successors(Some(1), next).take(400_000).map(|number| (number >> 56) as u8).collect()
    }

    /// As far as it can be read.
    fn all(file: &mut Compressed) -> (Vec<u8>, Option<ErrorKind>) {
        let (mut all, mut part) = (Vec::new(), vec![0; 50_000]);
        loop {
            match file.read_at(all.len() as u64, &mut part) {
                Ok(0) => return (all, None),
                Ok(read) => all.extend_from_slice(&part[..read]),
                Err(error) => return (all, Some(error.kind())),
            }
        }
    }

    #[test]
    fn it_is_read_forth_and_back() {
        let bytes: Vec<u8> = (0..1_000_000_u32).flat_map(u32::to_le_bytes).collect();
        let mut file = open(&compress(&bytes));
        for at in [0, 1_000_000, 999_000, 3_999_990, 17, 2_000_000] {
            let mut into = vec![0; 1_000];
            let read = file.read_at(at as u64, &mut into).unwrap();
            assert!(read > 0 && into[..read] == bytes[at..at + read], "{at}");
        }
        assert_eq!(file.read_at(4_000_000, &mut [0; 8]).unwrap(), 0);
        assert!(file.taken.len() <= 4 * STEP);
    }

    #[test]
    fn what_comes_before_the_missing_end_is_read() {
        let (bytes, mut stored) = (noise(), compress(&noise()));
        stored.truncate(stored.len() - 1_000);
        let mut file = open(&stored);
        let (read, error) = all(&mut file);
        assert!(read.len() > bytes.len() - 2_000 && read == bytes[..read.len()]);
        assert_eq!(error, Some(ErrorKind::UnexpectedEof));
    }

    #[test]
    fn what_comes_before_bytes_that_are_no_code_is_read() {
        let (first, mut encoder) = (noise(), GzEncoder::new(Vec::new(), Compression::fast()));
        encoder.write_all(&first).unwrap();
        encoder.flush().unwrap();
        let mut stored = encoder.get_ref().clone();
        // The last block, of a kind that there is not.
        stored.push(0b111);
        let mut file = open(&stored);
        let (read, error) = all(&mut file);
        assert_eq!((first.starts_with(&read), error), (true, Some(ErrorKind::InvalidInput)));
        assert!(read.len() + 1 >= first.len(), "only a byte that was taken out in the call that failed is missing");
        assert!(file.damage().is_some() && file.read_at(first.len() as u64, &mut [0]).is_err(), "it stays so");
        file.put_down();
        assert!(file.damage().is_none() && file.read_at(0, &mut [0]).is_ok());
    }
}
