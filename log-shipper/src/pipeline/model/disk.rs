//! Files as their writers leave them, and which of their lines have to arrive.

mod writer;

use std::collections::HashMap;
use std::fs;
use std::path::Path;

use tempfile::TempDir;

use super::steps::Whose;
use writer::Writer;

/// The files of a container and of two plain writers.
pub(super) struct Disk {
    folder: TempDir,
    writers: [Writer; 3],
    all: All,
}

/// All files and lines that there ever were.
#[derive(Default)]
struct All {
    files: Vec<File>,
    lines: Vec<Line>,
    parts: Vec<Part>,
    banner: bool,
}

/// A file of the disk, under whatever name.
#[derive(Default)]
struct File {
    /// What it holds.
    parts: Vec<usize>,
    /// Whether it has a name that is read.
    is_listed: bool,
    /// Whether the shipper has it open.
    is_open: bool,
    /// Whether it was made as a copy of another one.
    is_copy: bool,
}

/// A line, or a piece of one.
struct Part {
    line: usize,
}

/// A line as it was written.
struct Line {
    text: String,
    /// Whether it has its end; else nobody knows what will arrive of it.
    is_whole: bool,
    /// Whether it was written in pieces.
    is_joined: bool,
    /// The file in which it began.
    file: usize,
}

impl Disk {
    pub(super) fn new(banner: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let writers = [Whose::Container, Whose::Plain, Whose::Bare].map(|whose| Writer::new(folder.path(), whose));
        Self { folder, writers, all: All { banner, ..All::default() } }
    }

    pub(super) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// A writer, and all that there is.
    fn of(&mut self, whose: Whose) -> (&mut Writer, &mut All) {
        (&mut self.writers[whose as usize], &mut self.all)
    }

    pub(super) fn write(&mut self, whose: Whose, lines: u8) {
        let (writer, all) = self.of(whose);
        (0..lines).for_each(|_| writer.line(all));
    }

    pub(super) fn half(&mut self, whose: Whose) {
        let (writer, all) = self.of(whose);
        writer.half(all);
    }

    pub(super) fn piece(&mut self, is_last: bool) {
        let (writer, all) = self.of(Whose::Container);
        writer.piece(all, is_last);
    }

    pub(super) fn rotate(&mut self, whose: Whose, compress: bool) {
        let (writer, all) = self.of(whose);
        writer.rotate(all, compress);
    }

    pub(super) fn copy_truncate(&mut self, whose: Whose) {
        let (writer, all) = self.of(whose);
        writer.copy_truncate(all);
    }

    pub(super) fn delete(&mut self, whose: Whose) {
        let (writer, all) = self.of(whose);
        writer.delete(all);
    }

    pub(super) fn prune(&mut self, whose: Whose) {
        let (writer, all) = self.of(whose);
        writer.prune(all);
    }

    /// The shipper has opened all that it sees.
    pub(super) fn is_found(&mut self) {
        self.all.files.iter_mut().for_each(|file| file.is_open |= file.is_listed);
    }

    /// The shipper is gone, and with it whatever it had open.
    pub(super) fn is_closed(&mut self) {
        self.all.files.iter_mut().for_each(|file| file.is_open = false);
    }

    /// Whether these messages are just what has to be there.
    pub(super) fn check(&self, messages: &[String]) {
        let mut places = HashMap::<usize, usize>::new();
        for (place, message) in messages.iter().enumerate() {
            let Some(line) = number(message) else { continue };
            let before = places.insert(line, place);
            assert!(before.is_none(), "line {line} is stored twice");
        }
        for (number, line) in self.all.lines.iter().enumerate().filter(|(number, _)| self.must_have(*number)) {
            let place = places.get(&number).unwrap_or_else(|| panic!("line {number} is lost: {:?}", self.names()));
            assert_eq!(messages[*place], line.text, "the text of line {number}");
        }
        let mut last = HashMap::<usize, usize>::new();
        for (number, line) in self.all.lines.iter().enumerate().filter(|(_, line)| line.is_whole && !line.is_joined) {
            let Some(place) = places.get(&number) else { continue };
            let before = last.insert(line.file, *place);
            assert!(before < Some(*place), "line {number} came before an earlier one of its file");
        }
    }

    /// Whether all of a line is in files that are named or open.
    fn must_have(&self, line: usize) -> bool {
        let there = |part: &usize| {
            self.all.files.iter().any(|file| (file.is_listed || file.is_open) && file.parts.contains(part))
        };
        let mut parts = (0..self.all.parts.len()).filter(|part| self.all.parts[*part].line == line);
        self.all.lines[line].is_whole && parts.all(|part| there(&part))
    }

    fn names(&self) -> Vec<String> {
        let folders = self.writers.iter().map(|writer| fs::read_dir(writer.folder()).unwrap());
        let mut names: Vec<String> =
            folders.flatten().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

/// The number of a line, which stands between two `#` at its beginning.
fn number(message: &str) -> Option<usize> {
    let at = message.find('#')?;
    message[at + 1..].split_once('#')?.0.parse().ok()
}
