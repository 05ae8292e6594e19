//! Joins what belongs together, for one source.

use std::time::Instant;

use regex::bytes::Regex;

use super::cut::{Cut, Known};
use super::entry::{Entry, parse};
use super::multiline::{Group, Limits, Rules};
use super::piece::Piece;
use super::resume::Resume;
use super::unescape;
use crate::line::{Line, Marks, Stream};
use crate::place::{FileKey, OpenLines, Place, Progress};

/// A line of a file as it was read.
#[derive(Clone, Copy, Debug)]
pub struct Raw<'a> {
    /// Its bytes, without the newline.
    pub text: &'a [u8],
    /// Where the first of them is.
    pub start: Place,
    /// The offset after it and its newline, in the same file.
    pub end: u64,
}

impl Raw<'_> {
    const fn end(&self) -> Place {
        Place { file: self.start.file, offset: self.end }
    }
}

/// Makes whole lines of what is read from the files of one source, in their order.
///
/// At most one line for each output is open: two buffers of [`Limits::bytes`]. Which pieces become a line depends on
/// their bytes alone, and on the cuts: each line that is ended by anything else is told together with its [`Cut`], which
/// has to be kept before the line is sent, and given to the joiner that reads the file again.
#[derive(Debug)]
pub struct Joiner {
    rules: Rules,
    cuts: Known,
    resume: Resume,
    open: [Option<Group>; 2],
}

impl Joiner {
    /// One that joins lines by the pattern `multiline`, if there is one: a line that does not match it belongs to the one
    /// before. Of a line over 16 KiB it sees the first piece. `cuts` were made when the files were read before.
    #[must_use]
    pub fn new(limits: Limits, multiline: Option<Regex>, cuts: Vec<Cut>) -> Self {
        let rules = Rules { limits, start: multiline };
        Self { rules, cuts: Known::new(cuts), resume: Resume::default(), open: [None, None] }
    }

    /// One that reads files again, each from [`OpenLines::resume`], or from its beginning if a line of an earlier file is
    /// open: it passes over what was `done` with, so that all lines it makes are wanted.
    #[must_use]
    pub fn resuming(self, done: Vec<Progress>) -> Self {
        Self { resume: Resume::new(done), ..self }
    }

    /// Joins lines by this pattern from now on.
    pub fn joins_by(&mut self, multiline: Option<Regex>) {
        self.rules.start = multiline;
    }

    /// Adds what is known of a file that turned up later: where lines of it were ended before, and how far it was done.
    pub fn knows(&mut self, cuts: impl IntoIterator<Item = Cut>, done: Option<Progress>) {
        self.cuts.extend(cuts);
        self.resume.extend(done);
    }

    /// Forgets what was known of a file that is read to its end.
    pub fn ends(&mut self, file: FileKey) {
        self.cuts.end(file);
        self.resume.end(file);
    }

    /// Takes an entry of Docker's. What is none becomes a line of its own. `scratch` is for its text; sources can share it.
    pub fn push(&mut self, raw: Raw<'_>, now: Instant, scratch: &mut Vec<u8>, sink: &mut impl FnMut(Line<'_>)) {
        let Some(entry) = parse(raw.text) else { return self.push_malformed(&raw, sink) };
        if self.resume.is_done(Some(slot(Some(entry.stream))), raw.start) {
            return;
        }
        scratch.clear();
        let marks = unescape(self.needed(&entry), scratch);
        let piece = Piece {
            text: scratch,
            start: raw.start,
            end: raw.end(),
            stream: Some(entry.stream),
            time: Some(entry.time),
            complete: entry.complete,
            marks,
        };
        self.add(&piece, now, sink);
    }

    /// As much of an entry's text as the limit lets through, however it is escaped.
    fn needed<'a>(&self, entry: &Entry<'a>) -> &'a [u8] {
        const LONGEST_ESCAPE: usize = r"\u001b".len();
        let text = entry.text();
        &text[..text.len().min((self.rules.limits.bytes + 2).saturating_mul(LONGEST_ESCAPE))]
    }

    /// Which output it was is not known, so it ends no line and belongs to none.
    fn push_malformed(&mut self, raw: &Raw<'_>, sink: &mut impl FnMut(Line<'_>)) {
        if !self.resume.is_done(None, raw.start) {
            sink(Piece { marks: Marks::MALFORMED_ENTRY, ..whole(raw) }.alone(&self.rules.limits));
        }
    }

    /// Takes a line of a plain file, with what has happened to it already. Only a start pattern joins such lines.
    pub fn push_plain(&mut self, raw: Raw<'_>, marks: Marks, now: Instant, sink: &mut impl FnMut(Line<'_>)) {
        self.add_plain(Piece { marks, ..whole(&raw) }, now, sink);
    }

    /// Takes what a plain file has after its last newline, and ends it there: it has been waited for long enough. What is
    /// written later is another line.
    pub fn push_unended(
        &mut self,
        raw: Raw<'_>,
        marks: Marks,
        now: Instant,
        sink: &mut impl FnMut(Line<'_>, Option<Cut>),
    ) {
        self.add_plain(Piece { marks, complete: false, ..whole(&raw) }, now, &mut |line| sink(line, None));
        self.end(|group| group.end() == raw.end(), &mut |line, cut| sink(line, Some(cut)));
    }

    /// The cut that [`Self::push_unended`] will tell of the same bytes.
    #[must_use]
    pub fn unended(&self, raw: Raw<'_>) -> Cut {
        let mut rest = Piece { complete: false, ..whole(&raw) };
        while let Some((_, after)) = self.cut_inside(&rest) {
            rest = after;
        }
        let open = self.open[slot(None)].as_ref().filter(|_| rest.start == raw.start);
        let start = open.filter(|group| group.would_take(&rest, &self.rules)).map_or(rest.start, Group::start);
        Cut { stream: None, start, end: rest.end }
    }

    fn cut_inside<'a>(&self, piece: &Piece<'a>) -> Option<(Piece<'a>, Piece<'a>)> {
        self.cuts.inside(piece.start, piece.end).and_then(|cut| piece.split(cut))
    }

    /// Where the line was ended before its newline came, it ends again.
    fn add_plain(&mut self, piece: Piece<'_>, now: Instant, sink: &mut impl FnMut(Line<'_>)) {
        let mut rest = piece;
        while let Some((ended, after)) = self.cut_inside(&rest) {
            self.add_wanted(&ended, now, sink);
            rest = after;
        }
        self.add_wanted(&rest, now, sink);
    }

    fn add_wanted(&mut self, piece: &Piece<'_>, now: Instant, sink: &mut impl FnMut(Line<'_>)) {
        if !self.resume.is_done(Some(slot(None)), piece.start) {
            self.add(piece, now, sink);
        }
    }

    fn add(&mut self, piece: &Piece<'_>, now: Instant, sink: &mut impl FnMut(Line<'_>)) {
        let Self { rules, cuts, open, .. } = self;
        let open = &mut open[slot(piece.stream)];
        if let Some(ended) = open.take_if(|group| !group.takes(piece, rules)) {
            sink(ended.line());
        }
        if let Some(group) = open {
            group.append(piece, rules, now);
        } else if piece.complete && rules.start.is_none() {
            return sink(piece.alone(&rules.limits));
        } else {
            cuts.pass(piece.start);
            *open = Some(Group::begin(piece, rules, now));
        }
        if let Some(ended) = open.take_if(|group| group.is_full(rules) || cuts.has(group.start(), group.end())) {
            sink(with_end(ended).line());
        }
    }

    /// When [`Self::expire`] has something to do.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        self.open.iter().flatten().map(|group| group.deadline(&self.rules.limits)).min()
    }

    /// The cuts that [`Self::finish`] will tell, or, of what is late at `now`, [`Self::expire`].
    pub fn cuts(&self, now: Option<Instant>) -> impl Iterator<Item = Cut> {
        let is_due = move |group: &&Group| now.is_none_or(|now| group.deadline(&self.rules.limits) <= now);
        self.open.iter().flatten().filter(is_due).map(cut_of)
    }

    /// What has waited too long waits once more: its cut could not be kept.
    pub fn wait(&mut self, now: Instant) {
        let limits = self.rules.limits;
        let late = self.open.iter_mut().flatten().filter(|group| group.deadline(&limits) <= now);
        late.for_each(|group| group.wait(now));
    }

    /// Ends what has waited too long. To be called only when all that the files hold has been read.
    pub fn expire(&mut self, now: Instant, sink: &mut impl FnMut(Line<'_>, Cut)) {
        let limits = self.rules.limits;
        self.end(|group| group.deadline(&limits) <= now, sink);
    }

    /// Ends all: the container is gone, and its files have been read.
    pub fn finish(&mut self, sink: &mut impl FnMut(Line<'_>, Cut)) {
        self.end(|_| true, sink);
    }

    fn end(&mut self, which: impl Fn(&Group) -> bool, sink: &mut impl FnMut(Line<'_>, Cut)) {
        for open in &mut self.open {
            if let Some(ended) = open.take_if(|group| which(group)).map(with_end) {
                sink(ended.line(), cut_of(&ended));
            }
        }
    }

    /// Where lines began, in this file, that are not complete.
    #[must_use]
    pub fn open_lines(&self, file: FileKey) -> OpenLines {
        let began = |group: &Group| Some(group.start()).filter(|start| start.file == file).map(|start| start.offset);
        OpenLines(self.open.each_ref().map(|open| open.as_ref().and_then(began)))
    }
}

/// Where what an output has printed is kept; a plain file has but one.
const fn slot(stream: Option<Stream>) -> usize {
    match stream {
        None | Some(Stream::Stdout) => 0,
        Some(Stream::Stderr) => 1,
    }
}

const fn whole<'a>(raw: &Raw<'a>) -> Piece<'a> {
    let Raw { text, start, .. } = *raw;
    Piece { text, start, end: raw.end(), stream: None, time: None, complete: true, marks: Marks::none() }
}

const fn cut_of(group: &Group) -> Cut {
    Cut { stream: group.stream(), start: group.start(), end: group.end() }
}

fn with_end(mut group: Group) -> Group {
    group.end_line();
    group
}

#[cfg(test)]
mod tests;

#[cfg(test)]
mod resumption;

#[cfg(test)]
mod plain_resumption;
