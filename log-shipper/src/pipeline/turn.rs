//! One look at one file: its new bytes become lines, and these documents.

use std::io;
use std::time::Instant;

use super::chain::{Chain, ChainId, Part, imprint, place};
use super::desk::Desk;
use super::reader::{Reader, TURN};
use crate::docker::Raw;
use crate::line::{Line, Marks};
use crate::place::{Progress, Window};
use crate::tail::Fresh;

/// How a turn ended.
enum Outcome {
    /// There may be more.
    More,
    /// There is no whole line any more.
    End,
    /// A line is longer than what was taken.
    Wider,
    /// There is no room for documents.
    Blocked,
    /// The file is another one now.
    Replaced,
    /// There is no file.
    Idle,
}

impl Reader {
    /// Reads a part of a chain's first file.
    pub(super) fn turn(&mut self, id: ChainId) {
        let Some(chain) = self.chains.get_mut(&id) else { return };
        (chain.queued, chain.read) = (false, Instant::now());
        let mut outcome = self.look(id);
        if matches!(outcome, Ok(Outcome::Wider)) {
            self.buffer.take_at_most(self.options.max_line.max(TURN) + TURN);
            outcome = self.look(id);
            self.buffer.take_at_most(TURN);
        }
        match outcome {
            Ok(Outcome::More | Outcome::Wider) => self.enqueue(id),
            Ok(Outcome::End) => self.at_end(id),
            Ok(Outcome::Replaced) => self.replaced(id),
            Ok(Outcome::Blocked) => self.block(id),
            // Its last lines wait for the state.
            Ok(Outcome::Idle) => self.remove_empty(id),
            Err(error) => self.unreadable(id, &error),
        }
    }

    /// The chain waits for room.
    pub(super) fn block(&mut self, id: ChainId) {
        if let Some(chain) = self.chains.get_mut(&id) {
            chain.queued = true;
            self.blocked.push(id);
        }
    }

    fn look(&mut self, id: ChainId) -> io::Result<Outcome> {
        let front = self.chains.get_mut(&id).and_then(|chain| chain.files.front_mut());
        let Some(Part { file, .. }) = front else { return Ok(Outcome::Idle) };
        Ok(match file.read(&mut self.buffer)? {
            Fresh::Bytes => self.consume(id),
            Fresh::Nothing => Outcome::End,
            Fresh::Replaced => Outcome::Replaced,
        })
    }

    fn consume(&mut self, id: ChainId) -> Outcome {
        let now = self.now();
        let Some(chain) = self.chains.get_mut(&id) else { return Outcome::End };
        let (lane, is_docker) = (chain.lane, chain.is_container());
        let Some(Part { file, .. }) = chain.files.front() else { return Outcome::End };
        let (key, begin) = (file.key, file.position());
        let (mut at, mut lines) = (begin, 0);
        let outcome = loop {
            let fresh = self.buffer.from(at);
            let Chain { joiner, files, ended, .. } = &mut *chain;
            let Some(Part { file, .. }) = files.front_mut() else { break Outcome::End };
            if fresh.first() == Some(&0) && !file.in_overlong() {
                at += fresh.iter().take_while(|byte| **byte == 0).count() as u64;
                continue;
            }
            let Some(length) = memchr::memchr(b'\n', fresh) else { break Outcome::End };
            let Some(batch) = self.desk.batch(lane) else {
                chain.wait(&fresh[..length], now);
                break Outcome::Blocked;
            };
            let end = at + length as u64 + 1;
            let overlong = file.end_overlong();
            let (start, text, marks) = match &overlong {
                Some((start, text)) => (*start, &text[..], Marks::TRUNCATED),
                None => (at, &fresh[..length], Marks::none()),
            };
            let raw = Raw { text, start: place(key, start), end };
            let writer = &mut self.writer;
            let mut sink = |line: Line<'_>| writer.write(line, imprint(files, ended, line.start.file), batch, now);
            if is_docker {
                joiner.push(raw, now.instant, &mut self.scratch, &mut sink);
            } else {
                joiner.push_plain(raw, marks, now.instant, &mut sink);
            }
            (at, lines) = (end, lines + 1);
            chain.waits = None;
            if self.desk.is_full(lane) {
                reach(&mut self.desk, chain, Some((at, self.buffer.window(at))));
                self.desk.hand_over(lane);
            }
        };
        self.metrics.lines_read.increment(lines);
        let outcome = self.pass_over(id, &mut at, outcome);
        self.metrics.bytes_read.increment(at - begin);
        self.settle(id, begin, at);
        outcome
    }

    /// What to do with bytes that are no whole line: wait for the rest, look at more of them, or give up on a line that is
    /// too long.
    fn pass_over(&mut self, id: ChainId, at: &mut u64, outcome: Outcome) -> Outcome {
        // A piece of a container's line is escaped; its end is only a moment away, however short lines may be.
        let is_docker = self.chains.get(&id).is_some_and(Chain::is_container);
        let limit = if is_docker { self.options.max_line.max(TURN) } else { self.options.max_line };
        let rest = self.buffer.from(*at).len();
        let front = self.chains.get_mut(&id).and_then(|chain| chain.files.front_mut());
        let (Outcome::End, Some(Part { file, .. })) = (&outcome, front) else { return outcome };
        if file.in_overlong() {
            *at += rest as u64;
            return if rest > 0 { Outcome::More } else { Outcome::End };
        }
        if rest > limit {
            // A byte more than the limit, so that it is cut between characters.
            file.begin_overlong(*at, &self.buffer.from(*at)[..=limit]);
            *at += rest as u64;
            return Outcome::More;
        }
        match self.buffer.is_full() {
            true if rest >= TURN => Outcome::Wider,
            true => Outcome::More,
            false => Outcome::End,
        }
    }

    /// Notes what was consumed, in the file and in the batch.
    fn settle(&mut self, id: ChainId, begin: u64, at: u64) {
        let Some(chain) = self.chains.get_mut(&id) else { return };
        if at > begin {
            if let Some(Part { file, .. }) = chain.files.front_mut() {
                file.consume(at, &self.buffer);
            }
            self.note_progress(id);
        }
    }

    /// Puts how far the chain is done into the batch that has its lines.
    pub(super) fn note_progress(&mut self, id: ChainId) {
        let Some(chain) = self.chains.get_mut(&id) else { return };
        if chain.joiner.deadline().is_some() {
            self.timed.insert(id);
        } else {
            self.timed.remove(&id);
        }
        let reached = chain.files.front().and_then(|part| part.file.reached());
        reach(&mut self.desk, chain, reached);
    }
}

/// A batch that is full was handed over with the same progress; then a new one, if there is room, does no harm, and if
/// there is none, the next lines bring it.
fn reach(desk: &mut Desk, chain: &mut Chain, reached: Option<(u64, Window)>) {
    let Some(batch) = desk.batch(chain.lane) else { return };
    let now = Instant::now();
    chain.progress(reached, |progress: Progress, imprint| batch.reach(progress, imprint.target(), now));
}
