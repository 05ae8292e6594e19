//! What happens to files that end, begin anew or go, and what is done from time to time.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::arrange::refuse;
use super::chain::{Chain, ChainId, Part, imprint, place};
use super::reader::Reader;
use crate::checkpoint::{self, State};
use crate::discover::SourceId;
use crate::docker::{Cut, Raw};
use crate::line::{Line, Marks, Stream};
use crate::place::{FileKey, OpenLines};
use crate::tail::{Followed, Fresh, Patience};

/// For how long a plain file that was renamed or deleted is still looked at: its writer may go on.
pub(super) const LINGER: Duration = Duration::from_mins(1);

/// For how long the rest of a truncated file may turn up in a copy.
const ORPHAN: Duration = Duration::from_secs(15);

/// A file that was truncated before all of it was read.
pub(super) struct Orphan {
    pub(super) key: FileKey,
    origin: Option<SourceId>,
    bytes: u64,
    since: Instant,
}

/// Which open lines are ended.
#[derive(Clone, Copy)]
enum End {
    All,
    /// Those that have waited too long.
    Late,
}

impl Reader {
    /// The first file has no whole line any more.
    pub(super) fn at_end(&mut self, id: ChainId) {
        let Some(chain) = self.chains.get(&id) else { return };
        let Some(Part { file, .. }) = chain.files.front() else { return };
        if let Some(damage) = file.damage() {
            self.unreadable(id, &damage);
        } else if chain.files.len() > 1 || file.is_final() {
            self.end_file(id);
        } else if let Some(since) = chain.unlisted
            && (chain.is_container() || since.elapsed() > LINGER)
        {
            self.close(id);
        }
    }

    /// The first file gets no more: its last bytes are a line too.
    fn end_file(&mut self, id: ChainId) {
        if !self.has_room(id) || !self.last_line(id) {
            return;
        }
        self.end_first(id);
        self.note_progress(id);
        self.enqueue(id);
        self.remove_empty(id);
    }

    /// Takes the first file out of a chain, and lets it rest.
    fn end_first(&mut self, id: ChainId) -> Option<Followed> {
        let file = self.chains.get_mut(&id)?.end_first()?;
        self.homes.remove(&file.key);
        self.metrics.files_followed.decrement(1.0);
        self.register.rest(&file, OpenLines::default());
        self.leave(&file);
        Some(file)
    }

    /// A chain is over with its last file, but a container's goes on with the next one; not that of a file which had turned
    /// up too late.
    pub(super) fn remove_empty(&mut self, id: ChainId) {
        let Some(chain) = self.chains.get(&id) else { return };
        let others = chain.origin.and_then(|origin| self.origins.get(&origin)).map_or(&[][..], |origin| &origin.chains);
        let goes_on = chain.is_container() && others.first().is_none_or(|first| *first == id);
        if !goes_on && chain.files.is_empty() && self.has_room(id) && self.end_lines(id, End::All) {
            self.note_progress(id);
            self.lay_down(id);
        }
    }

    /// Whether there is room for a few lines; if not, the chain waits for it.
    fn has_room(&mut self, id: ChainId) -> bool {
        let has_room = self.chains.get(&id).is_some_and(|chain| self.desk.batch(chain.lane).is_some());
        if !has_room {
            self.block(id);
        }
        has_room
    }

    /// Makes a line of what has no end. There has to be room. Not before the state has it that the line ends there: then it
    /// is tried again.
    fn last_line(&mut self, id: ChainId) -> bool {
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

    /// The first file was truncated, or its content is another one: it begins anew.
    pub(super) fn replaced(&mut self, id: ChainId) {
        if !self.has_room(id) {
            return;
        }
        let Some(chain) = self.chains.get(&id) else { return };
        let (rank, source) = (chain.files.front().map_or(0, |part| part.rank), Arc::clone(&chain.source));
        let origin = chain.origin;
        let Some(file) = self.end_first(id) else { return };
        let (key, unread) = (file.key, file.behind());
        tracing::info!(file = %file.path.display(), bytes = unread, "a file was truncated; it is read from its beginning");
        if unread > 0 {
            self.orphans.push(Orphan { key, origin, bytes: unread, since: Instant::now() });
        }
        if !self.chains.get(&id).is_some_and(Chain::is_container) {
            self.end_lines(id, End::All);
        }
        self.note_progress(id);
        self.remove_empty(id);
        if let Some(origin) = origin {
            // A copy has what was not read of it.
            self.judge_copies(origin);
            self.reconsider(origin, &source.name, file, rank);
        } else {
            self.reconsider_gone(id, source, file, rank);
        }
    }

    /// All files of the chain are gone and read.
    fn close(&mut self, id: ChainId) {
        if self.has_room(id) && self.last_line(id) && self.end_lines(id, End::All) {
            self.note_progress(id);
            self.lay_down(id);
        }
    }

    /// Follows a chain no longer. Where reading would go on is known, also for lines that are open.
    pub(super) fn lay_down(&mut self, id: ChainId) {
        self.take_from_origin(id);
        let Some(chain) = self.chains.remove(&id) else { return };
        self.timed.remove(&id);
        for key in chain.ended.iter().map(|ended| ended.key) {
            self.register.reopen(key, chain.joiner.open_lines(key));
        }
        for Part { file, .. } in chain.files {
            self.homes.remove(&file.key);
            self.metrics.files_followed.decrement(1.0);
            self.register.rest(&file, chain.joiner.open_lines(file.key));
            self.leave(&file);
        }
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
    fn end_lines(&mut self, id: ChainId, end: End) -> bool {
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

    /// A file that cannot be read: a damaged compressed one ends, any other is tried again.
    pub(super) fn unreadable(&mut self, id: ChainId, error: &io::Error) {
        let Some(Part { file, .. }) = self.chains.get(&id).and_then(|chain| chain.files.front()) else { return };
        if !file.is_final() {
            refuse(&file.path, error);
            self.failing.insert(id);
        } else if self.has_room(id) {
            self.end_damaged(id, error);
        }
    }

    /// What comes before the damage is sent; how much comes behind it, nobody knows, unless its size was seen before it was
    /// compressed.
    fn end_damaged(&mut self, id: ChainId, error: &io::Error) {
        if !self.last_line(id) {
            return;
        }
        let Some(file) = self.end_first(id) else { return };
        let bytes = file.unread();
        self.miss(1, bytes);
        tracing::warn!(
            file = %file.path.display(),
            bytes,
            error = %error,
            "a file cannot be read to its end: lines are missing"
        );
        self.write_off(file.key);
        self.note_progress(id);
        self.enqueue(id);
        self.remove_empty(id);
    }

    /// Whether everything is read to its end; if not, there is something to do again.
    pub(super) fn drained(&mut self) -> bool {
        self.judge_all(Patience::Over);
        if !self.ready.is_empty() {
            return false;
        }
        let mut ids: Vec<ChainId> = self.chains.keys().copied().collect();
        ids.sort_unstable();
        let mut open = 0;
        for id in ids {
            if !self.has_room(id) {
                return false;
            }
            let is_docker = self.chains.get(&id).is_some_and(Chain::is_container);
            // Docker is in the middle of writing an entry that has no end.
            let is_ended = (is_docker || self.read_last_line(id)) && self.end_lines(id, End::All);
            self.note_progress(id);
            open += u64::from(!is_ended);
        }
        // What waits for the state to be written is read by another run.
        let (files, bytes) = self.not_kept();
        self.miss(files + open, bytes);
        self.report_vanished();
        true
    }

    fn read_last_line(&mut self, id: ChainId) -> bool {
        let front = self.chains.get_mut(&id).and_then(|chain| chain.files.front_mut());
        let Some(Part { file, .. }) = front else { return true };
        // The buffer has another file's bytes by now. What was added meanwhile may have ends of lines: another run reads it.
        let read = file.read(&mut self.buffer);
        let is_line =
            matches!(read, Ok(Fresh::Bytes)) && memchr::memchr(b'\n', self.buffer.from(file.position())).is_none();
        !is_line || self.last_line(id)
    }

    /// From time to time.
    pub(super) fn tick(&mut self, now: Instant) {
        if !self.draining {
            self.judge_all(Patience::More);
        }
        let unlisted: Vec<ChainId> =
            self.chains.iter().filter(|(_, chain)| chain.unlisted.is_some()).map(|(id, _)| *id).collect();
        for id in unlisted.into_iter().chain(std::mem::take(&mut self.failing)) {
            self.enqueue(id);
        }
        self.give_up_orphans(now);
        self.take_turns();
        self.measure(now);
        self.keep_house(now);
    }

    /// Whether a copy may turn up that has the rest of a truncated file.
    pub(super) fn awaits_copy(&self, id: SourceId) -> bool {
        self.orphans.iter().any(|orphan| orphan.origin == Some(id))
    }

    fn give_up_orphans(&mut self, now: Instant) {
        let is_over = |orphan: &mut Orphan| now.saturating_duration_since(orphan.since) >= ORPHAN;
        let gone: Vec<Orphan> = self.orphans.extract_if(.., is_over).collect();
        for Orphan { key, bytes, .. } in gone {
            self.miss(0, bytes);
            self.write_off(key);
            tracing::warn!(bytes, "a file was truncated before it was read to its end: lines are missing");
        }
    }
}

#[cfg(test)]
impl Reader {
    /// The time is over for which the rest of a truncated file may turn up in a copy.
    pub(super) fn end_waiting_for_copies(&mut self) {
        self.give_up_orphans(Instant::now() + ORPHAN);
    }

    /// The time is over for which what was renamed or deleted is looked at.
    pub(super) fn end_lingering(&mut self) {
        let over = Instant::now().checked_sub(2 * LINGER);
        let lingering = self.chains.iter_mut().filter(|(_, chain)| chain.unlisted.is_some());
        let ids: Vec<ChainId> = lingering.map(|(id, chain)| (chain.unlisted = over, *id).1).collect();
        for id in ids {
            self.enqueue(id);
        }
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
