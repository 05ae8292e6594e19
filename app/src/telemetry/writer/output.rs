//! Writes batches of lines in few pieces, and knows after an error which lines arrived.

use std::io::{self, ErrorKind, Write};
use std::thread;
use std::time::Duration;

/// At most so much goes into one `write`, so that room grows steadily while a long batch is written.
const PART_BYTES: usize = 64 * 1024;

/// How long a full pipe that does not block is left alone.
const PAUSE: Duration = Duration::from_millis(1);

/// Where lines go.
pub(super) struct Output<W> {
    out: W,
    /// The last line was cut by an error: the next one must not continue it.
    torn: bool,
}

impl<W: Write> Output<W> {
    pub(super) fn new(out: W) -> Self {
        Self { out, torn: false }
    }

    /// Writes a batch of whole lines; after each part `done` gets the part's bytes, and how many of its lines were
    /// written and lost. What cannot be written is given up; later parts are tried again. Returns the number of lines.
    pub(super) fn write(&mut self, mut batch: &[u8], mut done: impl FnMut(usize, u64, u64)) -> u64 {
        let mut total = 0;
        while !batch.is_empty() {
            let (part, rest) = batch.split_at(part_end(batch));
            let written = self.part(part);
            let (arrived, lost) = (lines(&part[..written]), lines(&part[written..]));
            done(part.len(), arrived, lost);
            total += arrived + lost;
            batch = rest;
        }
        total
    }

    /// Writes a part; returns how many of its bytes arrived.
    fn part(&mut self, part: &[u8]) -> usize {
        if self.torn && self.all(b"\n") == 0 {
            return 0;
        }
        let written = self.all(part);
        self.torn = !part[..written].is_empty() && !part[..written].ends_with(b"\n");
        written
    }

    fn all(&mut self, bytes: &[u8]) -> usize {
        let mut written = 0;
        while written < bytes.len() {
            match self.out.write(&bytes[written..]) {
                Ok(0) => break,
                Ok(more) => written += more,
                Err(error) if must_retry(&error) => {}
                Err(_) => break,
            }
        }
        // What a buffering writer keeps has not arrived anywhere; ours does not buffer.
        let _ = self.out.flush();
        written
    }
}

/// Whether the write may be tried again at once, or after the pause that this makes.
fn must_retry(error: &io::Error) -> bool {
    match error.kind() {
        ErrorKind::Interrupted => true,
        ErrorKind::WouldBlock => {
            thread::sleep(PAUSE);
            true
        }
        _ => false,
    }
}

/// The last line's end within the part's size; a longer line is a part of its own.
fn part_end(batch: &[u8]) -> usize {
    let end = |at: usize| at + 1;
    let within = memchr::memrchr(b'\n', &batch[..batch.len().min(PART_BYTES)]).map(end);
    within.or_else(|| memchr::memchr(b'\n', batch).map(end)).unwrap_or(batch.len())
}

/// How many lines end in `bytes`.
fn lines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Takes `room` bytes, then fails until `room` grows.
    struct Disk {
        room: usize,
        data: Vec<u8>,
    }

    impl Write for &mut Disk {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let taken = bytes.len().min(self.room).min(3);
            self.room -= taken;
            self.data.extend_from_slice(&bytes[..taken]);
            if taken == 0 { Err(ErrorKind::StorageFull.into()) } else { Ok(taken) }
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_line_that_a_full_disk_cut_does_not_run_into_the_next() {
        let mut disk = Disk { room: 8, data: Vec::new() };
        let (mut counted, mut torn) = (Vec::new(), false);
        for batch in [&b"one\ntwo two\nthree\n"[..], b"four\n", b"five\n"] {
            let mut output = Output { out: &mut disk, torn };
            assert_eq!(output.write(batch, |bytes, written, lost| counted.push((bytes, written, lost))), lines(batch));
            torn = output.torn;
            disk.room += if batch == b"four\n" { 100 } else { 0 };
        }
        assert_eq!(String::from_utf8(disk.data).unwrap(), "one\ntwo \nfive\n");
        assert_eq!(counted, [(18, 1, 2), (5, 0, 1), (5, 1, 0)]);
    }

    #[test]
    fn a_batch_is_cut_at_the_end_of_a_line() {
        let line = [&[b'x'; 1000][..], b"\n"].concat();
        assert_eq!(part_end(&line.repeat(100)), 65 * line.len());
        assert_eq!(part_end(&[&vec![b'x'; 100_000][..], b"\ny\n"].concat()), 100_001);
    }
}
