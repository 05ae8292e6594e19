//! Bytes that come once, from a thread that reads them, through a channel of limited length: who is not read does not read
//! on.

use std::io;
use std::sync::mpsc::{Receiver, TryRecvError};

/// The bytes that came, from the place on that was asked for last.
#[derive(Debug)]
pub struct Stream {
    chunks: Receiver<Vec<u8>>,
    taken: Vec<u8>,
    at: u64,
    ended: bool,
}

impl Stream {
    /// Of what comes through a channel, until that is closed.
    #[must_use]
    pub fn new(chunks: Receiver<Vec<u8>>) -> Self {
        Self { chunks, taken: Vec::new(), at: 0, ended: false }
    }

    /// Whether nothing more comes.
    pub(super) fn is_ended(&self) -> bool {
        self.ended
    }

    /// Gives what has come by now, from `offset` on; what is before that is gone afterwards. Never waits.
    pub(super) fn read_at(&mut self, offset: u64, into: &mut [u8]) -> io::Result<usize> {
        let stale = offset.checked_sub(self.at).and_then(|stale| usize::try_from(stale).ok());
        let stale = stale.filter(|stale| *stale <= self.taken.len());
        let stale = stale.ok_or_else(|| io::Error::other("what was read of a stream cannot be read again"))?;
        self.taken.drain(..stale);
        self.at = offset;
        while self.taken.len() < into.len() && !self.ended {
            match self.chunks.try_recv() {
                Ok(chunk) => self.taken.extend_from_slice(&chunk),
                Err(TryRecvError::Empty) => break,
                Err(TryRecvError::Disconnected) => self.ended = true,
            }
        }
        let length = into.len().min(self.taken.len());
        into[..length].copy_from_slice(&self.taken[..length]);
        Ok(length)
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::sync_channel;

    use super::*;

    #[test]
    fn what_has_come_is_given_from_the_place_that_is_asked_for_and_the_end_is_told() {
        let (sender, chunks) = sync_channel(4);
        let mut stream = Stream::new(chunks);
        let mut into = [0; 4];
        assert_eq!((stream.read_at(0, &mut into).unwrap(), stream.is_ended()), (0, false));
        sender.send(b"abc".to_vec()).unwrap();
        sender.send(b"defg".to_vec()).unwrap();
        assert_eq!((stream.read_at(0, &mut into).unwrap(), &into), (4, b"abcd"));
        assert_eq!((stream.read_at(2, &mut into).unwrap(), &into), (4, b"cdef"));
        drop(sender);
        assert_eq!((stream.read_at(5, &mut into).unwrap(), &into[..2]), (2, &b"fg"[..]));
        assert!(stream.is_ended() && stream.read_at(1, &mut into).is_err());
    }

    #[test]
    fn no_more_is_taken_out_of_the_channel_than_is_asked_for() {
        let (sender, chunks) = sync_channel(1);
        let mut stream = Stream::new(chunks);
        sender.send(vec![b'x'; 10]).unwrap();
        stream.read_at(0, &mut [0; 4]).unwrap();
        sender.send(vec![b'y'; 10]).unwrap();
        stream.read_at(4, &mut [0; 4]).unwrap();
        assert!(sender.try_send(vec![b'z']).is_err(), "the channel is full");
    }
}
