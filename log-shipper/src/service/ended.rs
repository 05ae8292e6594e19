//! What a run was for, and what came of it.

use std::fmt;
use std::sync::atomic::Ordering::Relaxed;

use crate::cli::Run;
use crate::config::Settings;
use crate::deliver::Counts;
use crate::pipeline::Tally;

/// What a run is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// To ship until it is told to stop.
    Follow,
    /// To ship all that is there.
    Exhaust,
    /// To print what would be shipped, and to change nothing.
    Print,
}

impl Purpose {
    pub(super) fn of(options: Run, settings: &Settings) -> Self {
        match options {
            Run { dry_run: true, .. } => Self::Print,
            Run { once: true, .. } => Self::Exhaust,
            _ if settings.input.stdin => Self::Exhaust,
            _ => Self::Follow,
        }
    }
}

/// What came of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// What it was for.
    pub purpose: Purpose,
    /// Whether it ended before everything was read.
    pub interrupted: bool,
    /// Batches that were not acknowledged.
    pub unfinished: usize,
    /// Documents that Elasticsearch has.
    pub documents: u64,
    /// Of these, those that it had before.
    pub repeated: u64,
    /// Documents that were refused.
    pub dead_letters: u64,
    /// Files that were not read to their end.
    pub files_missed: u64,
    /// Bytes that could not be read.
    pub bytes_missed: u64,
    /// Why standard input was not read to its end.
    pub broken_input: Option<String>,
    /// Whether files were asked for, and there is nothing to read, nor has ever been.
    pub nothing_ever: bool,
}

impl Ended {
    pub(super) fn new(purpose: Purpose, interrupted: bool, unfinished: usize, counts: &Counts, tally: &Tally) -> Self {
        Self {
            purpose,
            interrupted,
            unfinished,
            documents: counts.acknowledged.total(),
            repeated: counts.repeated.load(Relaxed),
            dead_letters: counts.refused().values().sum(),
            files_missed: tally.files_missed(),
            bytes_missed: tally.bytes_missed(),
            broken_input: tally.broken_input().map(str::to_owned),
            nothing_ever: false,
        }
    }

    /// Why it was not a success; none if it was.
    #[must_use]
    pub fn lacks(&self) -> Option<String> {
        let unfinished =
            |count: usize| format!("{count} batches were not acknowledged; they are sent at the next start");
        let unfinished = Some(self.unfinished).filter(|count| *count > 0).map(unfinished);
        match self.purpose {
            // Who was told to stop has stopped; what is left is read again at the next start.
            Purpose::Follow => None,
            Purpose::Print => self.absent(),
            Purpose::Exhaust => {
                let lacks: Vec<String> = self.incomplete().into_iter().flatten().chain(unfinished).collect();
                Some(lacks.join("; ")).filter(|lacks| !lacks.is_empty())
            }
        }
    }

    fn absent(&self) -> Option<String> {
        self.nothing_ever.then(|| "there was nothing to read: no file matches --files, or has ever done".to_owned())
    }

    fn incomplete(&self) -> [Option<String>; 5] {
        let Self { dead_letters, files_missed, bytes_missed, .. } = self;
        let refused = || {
            format!(
                "{dead_letters} documents were refused and are kept as dead letters: `log-shipper dead-letter list` says why"
            )
        };
        let missed = || format!("lines are missing: {bytes_missed} bytes of {files_missed} files could not be read");
        [
            self.absent(),
            self.interrupted.then(|| "it was stopped before everything was read".to_owned()),
            self.broken_input.as_ref().map(|error| format!("standard input cannot be read: {error}")),
            (*dead_letters > 0).then(refused),
            (files_missed + bytes_missed > 0).then(missed),
        ]
    }
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { documents, repeated, dead_letters, bytes_missed, .. } = self;
        write!(
            f,
            "{documents} documents, {repeated} repeated, {dead_letters} dead letters, {bytes_missed} bytes missed"
        )
    }
}
