//! Lines that are ended because nothing more is expected of them.

use std::time::Instant;

use super::chain::{Chain, ChainId, Part, imprint, place};
use super::reader::Reader;
use crate::checkpoint::{self, State};
use crate::docker::{Cut, Raw};
use crate::line::{Line, Marks, Stream};
use crate::tail::Fresh;

/// Which open lines are ended.
#[derive(Clone, Copy)]
pub(super) enum End {
    All,
    /// Those that have waited too long.
    Late,
}

impl Reader {
    /// Makes a line of what has no end. There has to be room. Not before the state has it that the line ends there: then it
    /// is tried again.
    pub(super) fn last_line(&mut self, id: ChainId) -> bool {
        let now = self.now();
        let Some(chain) = self.chains.get_mut(&id) else { return true };
        let (lane, is_docker) = (chain.lane, chain.is_container());
        let Chain { joiner, files, ended, .. } = chain;
        let Some(Part { file, .. }) = files.front_mut() else { return true };
        let (key, at) = (file.key, file.position());
        let rest = self.buffer.from(at);
        if rest.is_empty() && !file.in_overlong() {
            return true;
        }
        let (start, end) = (place(key, file.line_start()), at + rest.len() as u64);
        if !is_docker && !is_kept(&self.state, joiner.unended(Raw { text: rest, start, end })) {
            self.failing.insert(id);
            return false;
        }
        let Some(batch) = self.desk.batch(lane) else { return true };
        let overlong = file.end_overlong();
        let (text, marks) = match &overlong {
            Some((_, text)) => (&text[..], Marks::TRUNCATED),
            None if file.damage().is_some() => (rest, Marks::PARTIAL),
            None => (rest, Marks::none()),
        };
        let (raw, writer) = (Raw { text, start, end }, &mut self.writer);
        let mut sink = |line: Line<'_>| writer.write(line, imprint(files, ended, line.start.file), batch, now);
        if is_docker {
            joiner.push(raw, now.instant, &mut self.scratch, &mut sink);
        } else {
            joiner.push_unended(raw, marks, now.instant, &mut |line, _| sink(line));
        }
        self.metrics.lines_read.increment(1);
        if let Some(Part { file, .. }) = files.front_mut() {
            file.consume(end, &self.buffer);
        }
        true
    }

    /// Ends open lines that have waited too long. A chain that has something to read is not waiting, and whether it has is
    /// seen by a look after that time: this process may have stood still.
    pub(super) fn expire(&mut self, now: Instant) {
        let due = |id: &ChainId| {
            let chain = self.chains.get(id).filter(|chain| !chain.queued)?;
            let deadline = chain.joiner.deadline().filter(|deadline| *deadline <= now)?;
            Some((*id, chain.read >= deadline))
        };
        let due: Vec<(ChainId, bool)> = self.timed.iter().filter_map(due).collect();
        for (id, looked) in due {
            if !looked {
                self.enqueue(id);
            } else if self.has_room(id) {
                self.end_lines(id, End::Late);
                self.note_progress(id);
            }
        }
    }

    /// Ends lines that are open, because nothing more is expected of them. There has to be room. Not before the state has it
    /// that they end there: then they wait once more.
    pub(super) fn end_lines(&mut self, id: ChainId, end: End) -> bool {
        let now = self.now();
        let Some(Chain { joiner, files, ended, lane, .. }) = self.chains.get_mut(&id) else { return true };
        let late = matches!(end, End::Late).then_some(now.instant);
        if !joiner.cuts(late).all(|cut| is_kept(&self.state, cut)) {
            joiner.wait(now.instant);
            self.failing.insert(id);
            return false;
        }
        let Some(batch) = self.desk.batch(*lane) else { return joiner.deadline().is_none() };
        let (writer, metrics) = (&mut self.writer, &self.metrics);
        let mut sink = |line: Line<'_>, _| {
            metrics.lines_cut.increment((late.is_some() && !line.marks.has(Marks::TRUNCATED)).into());
            writer.write(line, imprint(files, ended, line.start.file), batch, now);
        };
        match end {
            End::All => joiner.finish(&mut sink),
            End::Late => joiner.expire(now.instant, &mut sink),
        }
        true
    }

    pub(super) fn read_last_line(&mut self, id: ChainId) -> bool {
        let front = self.chains.get_mut(&id).and_then(|chain| chain.files.front_mut());
        let Some(Part { file, .. }) = front else { return true };
        // The buffer has another file's bytes by now. What was added meanwhile may have ends of lines: another run reads it.
        let read = file.read(&mut self.buffer);
        let is_line =
            matches!(read, Ok(Fresh::Bytes)) && memchr::memchr(b'\n', self.buffer.from(file.position())).is_none();
        !is_line || self.last_line(id)
    }
}

/// What a time-out, or the end, makes a line of is written down before it is sent: read again, it ends there too, or what
/// came behind it since would be taken for a part of it, and be refused as repeated. Whether it may be sent.
fn is_kept(state: &State, cut: Cut) -> bool {
    let Cut { stream, start, end } = cut;
    // Standard input is not read again, and a file that was forgotten is another one to whoever does.
    if state.known(start.file).is_none() {
        return true;
    }
    let kept = state.cut(&checkpoint::Cut { stream: stream.unwrap_or(Stream::Stdout), start, end });
    if let Err(error) = &kept {
        tracing::warn!(error = %error, "the state cannot be written: a line without its end is not sent before it can");
    }
    kept.is_ok()
}
