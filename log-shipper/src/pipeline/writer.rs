//! Makes documents of lines, and puts them into batches.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use jiff::Timestamp;

use super::desk::data_stream;
use crate::batch::Open;
use crate::checkpoint::Known;
use crate::document::{Agent, Id, IdPrefix, Scratch, Template};
use crate::line::{Line, Marks};
use crate::mask::{self, Masker};
use crate::metrics::Metrics;
use crate::source::Source;

/// What the documents of one file have in common.
pub(super) struct Imprint {
    template: Template,
    id_prefix: IdPrefix,
    target: Arc<str>,
    mask: bool,
    before: Known,
    /// Lines before it may have been sent by an earlier run.
    doubtful_until: u64,
}

impl Imprint {
    pub(super) fn new(agent: &Agent, source: &Source, path: &Path, target: &Arc<str>, before: &Known) -> Self {
        let target = match &source.hints.dataset {
            Some(dataset) => data_stream(dataset),
            None => Arc::clone(target),
        };
        Self {
            template: Template::new(agent, source, &path.to_string_lossy()),
            id_prefix: IdPrefix::from_bytes(before.identity.id_prefix),
            target,
            mask: source.hints.mask,
            before: before.clone(),
            doubtful_until: before.sent.iter().map(|sent| sent.upto).max().unwrap_or_default(),
        }
    }

    pub(super) fn target(&self) -> &Arc<str> {
        &self.target
    }

    /// The write index at the time when an earlier run may have sent the line that begins at `offset`.
    fn in_doubt(&self, offset: u64) -> Option<&Arc<str>> {
        if offset >= self.doubtful_until {
            return None;
        }
        self.before.sent.iter().find(|sent| offset < sent.upto).map(|sent| &sent.index)
    }
}

/// Makes them.
pub(super) struct Writer {
    masker: Arc<Masker>,
    masked: mask::Scratch,
    scratch: Scratch,
    metrics: Metrics,
}

/// When a line is looked at.
#[derive(Clone, Copy)]
pub(super) struct Now {
    pub instant: Instant,
    pub timestamp: Timestamp,
}

impl Writer {
    pub(super) fn new(masker: Arc<Masker>, metrics: Metrics) -> Self {
        Self { masker, masked: mask::Scratch::default(), scratch: Scratch::default(), metrics }
    }

    pub(super) fn set_masker(&mut self, masker: Arc<Masker>) {
        self.masker = masker;
    }

    /// Adds a line's document to a batch.
    pub(super) fn write(&mut self, line: Line<'_>, imprint: &Imprint, batch: &mut Open, now: Now) {
        let Self { masker, masked, scratch, metrics } = self;
        let mut marks = line.marks;
        metrics.lines_joined.increment(line.joined.into());
        metrics.lines_cut.increment(marks.has(Marks::TRUNCATED).into());
        let (text, count) = if imprint.mask { masker.mask(line.text, masked) } else { (line.text, 0) };
        if count > 0 {
            marks.add(Marks::MASKED);
            metrics.secrets_masked.increment(count.into());
        }
        let line = Line { text, marks, ..line };
        let offset = line.start.offset;
        batch.begin(Id::of(&imprint.id_prefix, offset).as_bytes(), &imprint.target, now.instant);
        if let Some(time) = line.time {
            batch.printed(time, now.timestamp);
        }
        let marks = imprint.template.write(&line, now.timestamp, scratch, batch.buffer());
        metrics.count_marks(marks);
        match imprint.in_doubt(offset) {
            Some(index) => batch.end_in_doubt(index),
            None => batch.end(),
        }
    }
}
