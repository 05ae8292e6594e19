//! A file that turned up, and what it is found to be.

use std::io;
use std::path::Path;
use std::sync::Arc;

use crate::discover::Stamp;
use crate::tail::{Content, Followed};

/// A file that turned up.
#[derive(Debug)]
pub struct Candidate {
    /// The name of its source.
    pub source: Arc<str>,
    /// Where it is.
    pub path: Arc<Path>,
    /// Which file of the disk it is.
    pub stamp: Stamp,
    /// What it holds.
    pub content: Content,
    /// Whether it was met where a container writes to: then it is no copy, though it may look like one. The pieces of a
    /// long line share their time, so two files that begin with such pieces can have the same first line.
    pub original: bool,
}

impl Candidate {
    pub(super) fn is_container(&self) -> bool {
        self.source.starts_with("container/")
    }
}

/// What a file is found to be.
#[derive(Debug)]
pub enum Verdict {
    /// To be followed from now on.
    Follow(Box<Followed>),
    /// It has too little content to tell.
    TooShort(Box<Candidate>),
    /// It looks like a copy of one that is followed, or like the beginning of one.
    Copy(Box<Candidate>),
    /// The state cannot be written: nothing of it may be sent before that.
    NotKept(Box<Candidate>, io::Error),
    /// It cannot be read now; a compressed file may not be whole yet.
    Unreadable(Box<Candidate>, io::Error),
}

/// How sure a verdict has to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Patience {
    /// A verdict can wait until the file has grown.
    More,
    /// It has to be decided now.
    Over,
}
