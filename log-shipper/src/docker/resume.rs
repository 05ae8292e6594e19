//! What has been done already when files are read again from where a line was open.

use crate::place::{FileKey, Place, Progress};

/// Reading begins where the first open line did. What the other output has printed since then may be done: it must not
/// even be looked at, for it could begin with the middle of a line, and swallow one that is to come.
#[derive(Debug, Default)]
pub(super) struct Resume {
    /// How far each file was done, of those whose position has not been reached.
    files: Vec<Progress>,
    /// Whether the line that was open has been reached, by output.
    reached: [bool; 2],
}

impl Resume {
    pub(super) fn new(files: Vec<Progress>) -> Self {
        Self { files, reached: [false; 2] }
    }

    /// Adds how far other files were done.
    pub(super) fn extend(&mut self, files: impl IntoIterator<Item = Progress>) {
        self.files.extend(files);
    }

    /// Forgets a file that is read to its end.
    pub(super) fn end(&mut self, file: FileKey) {
        self.files.retain(|done| done.file != file);
    }

    /// Whether what the output `slot` has at `place` was done with before; without an output, if the position says so.
    pub(super) fn is_done(&mut self, slot: Option<usize>, place: Place) -> bool {
        let Some(at) = self.files.iter().position(|done| done.file == place.file) else { return false };
        let done = self.files[at];
        if place.offset >= done.position {
            self.files.remove(at);
            return false;
        }
        let Some(slot) = slot else { return true };
        self.reached[slot] |= done.open.0[slot].is_some_and(|open| place.offset >= open);
        !self.reached[slot]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place::{OpenLines, Window};

    fn progress(file: u32, position: u64, open: [Option<u64>; 2]) -> Progress {
        Progress { file: FileKey(file), position, open: OpenLines(open), window: Window::default() }
    }

    fn at(file: u32, offset: u64) -> Place {
        Place { file: FileKey(file), offset }
    }

    #[test]
    fn an_output_is_read_again_from_its_own_open_line() {
        let mut resume = Resume::new(vec![progress(1, 100, [Some(20), Some(60)])]);
        assert!(!resume.is_done(Some(0), at(1, 20)));
        assert!(resume.is_done(Some(1), at(1, 40)));
        assert!(!resume.is_done(Some(1), at(1, 60)));
        assert!(resume.is_done(None, at(1, 80)), "an entry that cannot be read belongs to no line");
        assert!(!resume.is_done(None, at(1, 100)));
    }

    #[test]
    fn a_line_that_was_open_goes_on_in_the_next_file() {
        let mut resume = Resume::new(vec![progress(1, 100, [Some(20), None]), progress(2, 50, [None, None])]);
        assert!(!resume.is_done(Some(0), at(1, 20)));
        assert!(resume.is_done(Some(1), at(1, 90)));
        assert!(!resume.is_done(Some(0), at(2, 0)));
        assert!(resume.is_done(Some(1), at(2, 10)));
        assert!(!resume.is_done(Some(1), at(2, 50)));
    }

    #[test]
    fn another_file_has_nothing_that_was_done() {
        let mut resume = Resume::new(vec![progress(1, 100, [None, None])]);
        assert!(!resume.is_done(Some(0), at(2, 0)));
    }
}
