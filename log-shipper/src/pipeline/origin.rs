//! A source as the reader knows it, and its files of which it is not known yet which they are.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::chain::ChainId;
use crate::discover::{Listed, Stamp};
use crate::source::Source;
use crate::tail::{Candidate, Patience};

/// For how long a file that looks like a copy may wait until it differs, or the other one is truncated; and a compressed
/// one until it is whole.
const COPY: Duration = Duration::from_secs(10);

/// A file that has too little content for so long is no copy of another one, which would have got more.
const SHORT: Duration = Duration::from_secs(15);

/// A source, as the finder numbered it.
pub(super) struct Origin {
    /// Nothing is read before it is known.
    pub(super) source: Known,
    /// The files that wait for that.
    pub(super) pending: Vec<Listed>,
    pub(super) chains: Vec<ChainId>,
    pub(super) undecided: Vec<Undecided>,
    /// Where its files lay at the last look, and how old they are.
    pub(super) lie: Vec<(Stamp, u32)>,
    /// It lies nowhere; what looks like a copy may still turn out to be something else.
    pub(super) gone: bool,
}

/// Who the source is.
#[derive(Clone)]
pub(super) enum Known {
    NotYet,
    Wanted(Arc<Source>),
    Unwanted,
}

/// A file of which it is not known yet which one it is.
pub(super) struct Undecided {
    pub(super) candidate: Candidate,
    pub(super) rank: u32,
    pub(super) since: Instant,
    /// When it was looked at last.
    pub(super) looked: Instant,
    /// Bytes of the disk that it took then: what came since was not seen.
    pub(super) stored: u64,
    pub(super) why: Why,
}

/// Why a file is undecided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Why {
    /// It has too little content.
    Short,
    /// It looks like a copy.
    Copy,
    /// The state cannot be written.
    NotKept,
    /// It cannot be read.
    Unreadable,
}

impl Undecided {
    /// What looks like a copy, or is being compressed, does not wait for ever.
    pub(super) fn patience(&self) -> Patience {
        let is_stuck = self.why == Why::Copy || self.candidate.content.is_final();
        if is_stuck && self.since.elapsed() > COPY { Patience::Over } else { Patience::More }
    }

    /// One that turned up just now.
    pub(super) fn new(candidate: Candidate, rank: u32) -> Self {
        let now = Instant::now();
        Self { candidate, rank, since: now, looked: now, stored: 0, why: Why::Short }
    }

    pub(super) fn is_copy(&self) -> bool {
        self.why == Why::Copy
    }

    /// Whether it is time to look at it again though nothing is known to have changed. To look at a copy can mean to unpack
    /// it, so that is done ever more rarely.
    pub(super) fn is_due(&self) -> bool {
        !self.is_copy() || self.looked.elapsed() >= COPY.max(self.looked - self.since)
    }

    /// Whether it may still turn out to be a file that is known.
    fn may_be_known(&self) -> bool {
        self.why != Why::Short || self.since.elapsed() < SHORT
    }
}

impl Origin {
    pub(super) fn new() -> Self {
        Self {
            source: Known::NotYet,
            pending: Vec::new(),
            chains: Vec::new(),
            undecided: Vec::new(),
            lie: Vec::new(),
            gone: false,
        }
    }

    pub(super) fn is_container(&self) -> bool {
        matches!(&self.source, Known::Wanted(source) if source.container.is_some())
    }

    /// Files that are open and not followed yet.
    pub(super) fn open_files(&self) -> usize {
        self.undecided.len() + self.pending.iter().filter(|listed| listed.file.is_some()).count()
    }

    /// Takes out files that are empty, or had no whole line when they were looked at: which, and how large they were then.
    pub(super) fn lay_down_empty(&mut self) -> Vec<(Stamp, u64)> {
        let is_short = |waiting: &mut Undecided| waiting.why == Why::Short && !waiting.candidate.content.is_final();
        let short = self.undecided.extract_if(.., is_short);
        short.map(|waiting| (waiting.candidate.stamp, waiting.stored)).collect()
    }

    /// Whether a file may still turn out to be one that is known.
    pub(super) fn waits(&self) -> bool {
        !self.pending.is_empty() || self.undecided.iter().any(Undecided::may_be_known)
    }

    /// Keeps a listing for later; files that were handed over open before stay so.
    pub(super) fn wait(&mut self, mut files: Vec<Listed>) {
        for before in std::mem::take(&mut self.pending) {
            match files.iter_mut().find(|listed| listed.stamp == before.stamp) {
                Some(listed) => listed.file = listed.file.take().or(before.file),
                None => self.pending.push(before),
            }
        }
        self.pending.append(&mut files);
    }
}
