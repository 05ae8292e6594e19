//! Pieces that become one line, and lines that become one document.

use std::time::{Duration, Instant};

use regex::bytes::Regex;

use super::piece::{FULL, Piece, fitting, without_return};
use crate::line::{Line, Marks, Stream};
use crate::place::Place;

/// How much is joined, and how long is waited for more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a line, or of lines that are joined; the rest of a longer line is left out.
    pub bytes: usize,
    /// Lines that are joined by a start pattern.
    pub lines: usize,
    /// How long the next piece of a line is waited for.
    pub piece: Duration,
    /// How long another line is waited for, if a start pattern may join it.
    pub line: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 1 << 20, lines: 500, piece: Duration::from_secs(5), line: Duration::from_secs(2) }
    }
}

/// What is joined: pieces, and with a start pattern lines.
#[derive(Debug)]
pub(super) struct Rules {
    pub limits: Limits,
    pub start: Option<Regex>,
}

/// What was printed to one output and is not complete: lines, of which the last may lack pieces.
#[derive(Debug)]
pub(super) struct Group {
    start: Place,
    end: Place,
    stream: Option<Stream>,
    time: Option<String>,
    text: Vec<u8>,
    marks: Marks,
    /// Lines begun.
    lines: usize,
    /// Pieces, or whole lines.
    pieces: usize,
    /// The last line, if it is not complete.
    tail: Option<Tail>,
    touched: Instant,
}

/// A line of which pieces are to come.
#[derive(Debug)]
struct Tail {
    /// The time that all its pieces have.
    time: Option<String>,
    /// Whether its last piece says that there is more.
    goes_on: bool,
}

impl Group {
    pub(super) fn begin(piece: &Piece<'_>, rules: &Rules, now: Instant) -> Self {
        let mut group = Self {
            start: piece.start,
            end: piece.end,
            stream: piece.stream,
            time: piece.time.map(str::to_owned),
            text: Vec::with_capacity(piece.text.len().min(rules.limits.bytes)),
            marks: Marks::none(),
            lines: 0,
            pieces: 0,
            tail: None,
            touched: now,
        };
        group.append(piece, rules, now);
        group
    }

    pub(super) const fn start(&self) -> Place {
        self.start
    }

    pub(super) const fn end(&self) -> Place {
        self.end
    }

    pub(super) const fn stream(&self) -> Option<Stream> {
        self.stream
    }

    /// Whether `piece` belongs to it. A piece of another time shows that no more comes of the line before.
    pub(super) fn takes(&mut self, piece: &Piece<'_>, rules: &Rules) -> bool {
        if !self.goes_on_with(piece) {
            self.end_line();
        }
        self.would_take(piece, rules)
    }

    /// The same, and nothing is changed by it.
    pub(super) fn would_take(&self, piece: &Piece<'_>, rules: &Rules) -> bool {
        let begins = |start: &Regex| !self.has_room(piece.text.len(), &rules.limits) || start.is_match(piece.text);
        self.goes_on_with(piece) || rules.start.as_ref().is_some_and(|start| !begins(start))
    }

    fn goes_on_with(&self, piece: &Piece<'_>) -> bool {
        self.tail.as_ref().is_some_and(|tail| tail.time.as_deref() == piece.time)
    }

    /// Whether another line fits, at least its first piece.
    fn has_room(&self, length: usize, limits: &Limits) -> bool {
        self.lines < limits.lines && self.text.len() + length < limits.bytes && !self.marks.has(Marks::TRUNCATED)
    }

    /// Adds a piece that it takes.
    pub(super) fn append(&mut self, piece: &Piece<'_>, rules: &Rules, now: Instant) {
        if self.tail.is_none() {
            if self.lines > 0 {
                self.text.push(b'\n');
                self.marks.add(Marks::MULTILINE);
            }
            self.lines += 1;
        }
        self.pieces += 1;
        self.append_text(piece, rules.limits.bytes);
        self.end = piece.end;
        self.touched = now;
        if piece.complete {
            self.tail = None;
            self.text.truncate(without_return(&self.text).len());
        } else {
            let goes_on = piece.time.is_some() && piece.text.len() >= FULL;
            let tail = self.tail.get_or_insert_with(|| Tail { time: piece.time.map(str::to_owned), goes_on });
            tail.goes_on = goes_on;
        }
    }

    fn append_text(&mut self, piece: &Piece<'_>, limit: usize) {
        if self.marks.has(Marks::TRUNCATED) {
            return;
        }
        let kept = fitting(piece.text, limit - self.text.len());
        self.text.extend_from_slice(kept);
        self.marks.add(piece.marks);
        if kept.len() < piece.text.len() {
            self.marks.add(Marks::TRUNCATED);
        }
    }

    /// No more comes of its last line.
    pub(super) fn end_line(&mut self) {
        if self.tail.take().is_some_and(|tail| tail.goes_on) {
            self.marks.add(Marks::PARTIAL);
        }
    }

    /// Whether nothing can be added to it.
    pub(super) fn is_full(&self, rules: &Rules) -> bool {
        self.tail.is_none() && (rules.start.is_none() || !self.has_room(0, &rules.limits))
    }

    /// When waiting for more ends.
    pub(super) fn deadline(&self, limits: &Limits) -> Instant {
        self.touched + if self.tail.is_some() { limits.piece } else { limits.line }
    }

    /// Waiting begins anew.
    pub(super) const fn wait(&mut self, now: Instant) {
        self.touched = now;
    }

    /// As it is now.
    pub(super) fn line(&self) -> Line<'_> {
        Line {
            start: self.start,
            text: &self.text,
            stream: self.stream,
            time: self.time.as_deref(),
            marks: self.marks,
            joined: self.pieces > 1,
        }
    }
}
