//! Whether a file looks like one that is known.

use std::io;

use super::Candidate;
use crate::checkpoint::Identity;
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

pub(super) fn likeness(
    identity: &Identity,
    progress: Option<Progress>,
    first: &[u8],
    candidate: &mut Candidate,
) -> io::Result<Likeness> {
    let head = first.get(..identity.head.length as usize);
    if head.is_none_or(|head| Window::of(head) != identity.head) {
        return Ok(Likeness::None);
    }
    let Some(Progress { position, window, .. }) = progress.filter(|progress| progress.position > 0) else {
        return Ok(Likeness::Same);
    };
    let mut bytes = vec![0; window.length as usize];
    let read = candidate.content.read_at(position.saturating_sub(u64::from(window.length)), &mut bytes)?;
    Ok(match read < bytes.len() {
        true => Likeness::Beginning,
        false if Window::of(&bytes) == window => Likeness::Same,
        false => Likeness::None,
    })
}
