//! Whether a file looks like one that is known.

use std::io;
use std::sync::Arc;

use super::Candidate;
use crate::place::{Progress, Window};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Likeness {
    /// The same bytes, as far as they were read.
    Same,
    /// The same beginning, and no more than that yet.
    Beginning,
    /// Another file.
    None,
}

/// Holds a candidate beside a file that has the same first line, and of which so much was read.
pub(super) fn likeness(progress: Option<Progress>, candidate: &mut Candidate) -> io::Result<Likeness> {
    let Some(Progress { position, window, .. }) = progress.filter(|progress| progress.position > 0) else {
        return Ok(Likeness::Same);
    };
    let mut bytes = vec![0; window.length as usize];
    let read = candidate.content.read_at(position.saturating_sub(u64::from(window.length)), &mut bytes)?;
    // What an end that is damaged holds is not known.
    if let Some(damage) = candidate.content.damage().filter(|_| read < bytes.len()) {
        return Err(io::Error::new(damage.kind(), Arc::clone(damage)));
    }
    Ok(match read < bytes.len() {
        true => Likeness::Beginning,
        false if Window::of(&bytes) == window => Likeness::Same,
        false => Likeness::None,
    })
}
