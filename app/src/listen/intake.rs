//! What a client sends, handed on one request at a time: before an answer is delivered hyper sees nothing of the request
//! after it, and so has nothing of its own to say in the middle of that answer.

use bytes::{Buf, Bytes};
use tokio::io::ReadBuf;

/// Where the client is in what it sends.
#[derive(Debug, Default)]
pub(super) struct Intake {
    head: Head,
    /// Bytes of the body that are still to be handed on.
    body: u64,
    /// What came before its turn.
    early: Bytes,
}

impl Intake {
    /// hyper has understood a head; a body of so many bytes follows.
    pub(super) fn request_began(&mut self, body: u64) {
        self.head = Head::Before;
        self.body = body;
    }

    /// A head has begun and is not complete. Empty lines before one are no beginning (RFC 9112, section 2.2).
    pub(super) fn in_head(&self) -> bool {
        self.head != Head::Before
    }

    /// Whether something came that must wait for its turn.
    pub(super) fn is_early(&self) -> bool {
        !self.early.is_empty()
    }

    /// Hands on what came early, as far as it is its turn: whether anything was.
    pub(super) fn hand_on(&mut self, into: &mut ReadBuf<'_>, next: bool) -> bool {
        let offered = self.early.slice(..self.early.len().min(into.remaining()));
        let due = self.due(&offered, next);
        into.put_slice(&offered[..due]);
        self.early.advance(due);
        due > 0
    }

    /// Keeps back what has just been read after the first `before` bytes and is not due: whether anything remains.
    pub(super) fn keep_back(&mut self, read: &mut ReadBuf<'_>, before: usize, next: bool) -> bool {
        let due = self.due(&read.filled()[before..], next);
        self.early = Bytes::copy_from_slice(&read.filled()[before + due..]);
        read.set_filled(before + due);
        due > 0
    }

    /// How many bytes belong to the request whose turn it is: the rest of its body, or, if it is the `next` one's turn, its
    /// head.
    fn due(&mut self, bytes: &[u8], next: bool) -> usize {
        if self.body > 0 {
            let due = bytes.len().min(usize::try_from(self.body).unwrap_or(usize::MAX));
            self.body -= due as u64;
            due
        } else if next {
            self.head.end(bytes).unwrap_or(bytes.len())
        } else {
            0
        }
    }
}

/// How much of a head has come. It ends with the first empty line (RFC 9112, section 2.1).
#[derive(Debug, Default, PartialEq, Eq)]
enum Head {
    #[default]
    Before,
    InLine,
    LineEnded,
}

impl Head {
    /// How many of the bytes belong to the head, if they have its end.
    fn end(&mut self, bytes: &[u8]) -> Option<usize> {
        let mut at = 0;
        loop {
            let rest = &bytes[at..];
            match self {
                Self::Before => {
                    at += rest.iter().position(|byte| !matches!(byte, b'\r' | b'\n'))?;
                    *self = Self::InLine;
                }
                Self::InLine => {
                    at += memchr::memchr(b'\n', rest)? + 1;
                    *self = Self::LineEnded;
                }
                Self::LineEnded => match rest.first()? {
                    b'\n' => {
                        *self = Self::Before;
                        return Some(at + 1);
                    }
                    b'\r' => at += 1,
                    _ => *self = Self::InLine,
                },
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_ends_with_its_first_empty_line_in_whatever_pieces_it_comes() {
        for (sent, head) in
            [("GET / HTTP/1.1\r\na: b\r\n\r\nGET", 24), ("\r\n\nGET /\na:b\n\nx", 14), ("PRI *\n\r\n\r\n", 8)]
        {
            assert_eq!(Head::default().end(sent.as_bytes()), Some(head), "{sent:?}");
            let mut piecemeal = Head::default();
            let ends = sent.as_bytes().chunks(1).position(|byte| piecemeal.end(byte).is_some());
            assert_eq!(ends, Some(head - 1), "{sent:?}");
        }
    }

    #[test]
    fn empty_lines_begin_nothing() {
        let mut intake = Intake::default();
        assert_eq!((intake.due(b"\r\n\n\r", true), intake.in_head()), (4, false));
        assert_eq!((intake.due(b"G", true), intake.in_head()), (1, true));
    }

    #[test]
    fn each_part_is_handed_on_in_its_turn() {
        let mut intake = Intake::default();
        let (mut space, mut small) = ([0; 64], [0; 2]);
        let mut read = ReadBuf::new(&mut space);
        read.put_slice(b"POST /\n\nabcGET /\n\n");
        assert!(intake.keep_back(&mut read, 0, true));
        assert_eq!(read.filled(), b"POST /\n\n");
        intake.request_began(3);
        for expected in [&b"ab"[..], b"c"] {
            let mut into = ReadBuf::new(&mut small);
            assert!(intake.hand_on(&mut into, false));
            assert_eq!(into.filled(), expected);
        }
        let mut into = ReadBuf::new(&mut space);
        assert!(!intake.hand_on(&mut into, false) && intake.is_early());
        assert!(intake.hand_on(&mut into, true) && !intake.is_early());
        assert_eq!(into.filled(), b"GET /\n\n");
    }
}
