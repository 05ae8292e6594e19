//! One who writes lines, and whoever rotates the files: Docker, or a program with logrotate.

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;

use super::super::steps::Whose;
use super::{All, File, Line, Part};

/// The container's.
const ID: &str = "c0ffee";

/// Such a writer.
pub(super) struct Writer {
    whose: Whose,
    folder: PathBuf,
    name: String,
    live: Option<usize>,
    /// The newest first, and whether each is compressed.
    rotated: Vec<(usize, bool)>,
    /// The rest of a line that was begun.
    rest: Option<(usize, String)>,
    /// A line that comes in pieces.
    spoken: Option<(usize, String)>,
}

impl Writer {
    pub(super) fn new(root: &Path, whose: Whose) -> Self {
        let (folder, name) = match whose {
            Whose::Container => (root.join("containers").join(ID), format!("{ID}-json.log")),
            Whose::Plain => (root.join("plain"), "site.log".to_owned()),
            Whose::Bare => (root.join("bare"), "site.log".to_owned()),
        };
        fs::create_dir_all(&folder).unwrap();
        if matches!(whose, Whose::Container) {
            let config = format!(r#"{{"ID":"{ID}","Name":"/c","Config":{{"Image":"app:1","Labels":{{}}}}}}"#);
            fs::write(folder.join("config.v2.json"), config).unwrap();
        }
        Self { whose, folder, name, live: None, rotated: Vec::new(), rest: None, spoken: None }
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    fn is_docker(&self) -> bool {
        matches!(self.whose, Whose::Container)
    }

    fn path(&self, rank: usize, compressed: bool) -> PathBuf {
        match rank {
            0 => self.folder.join(&self.name),
            _ => self.folder.join(format!("{}.{rank}{}", self.name, if compressed { ".gz" } else { "" })),
        }
    }

    /// Writes a whole line.
    pub(super) fn line(&mut self, all: &mut All) {
        self.end_half(all);
        let (line, text) = self.begin(all, false);
        let entry = self.entry(all, line, &format!("{text}\\n"), "stderr");
        self.append(all, &entry);
        all.lines[line].is_whole = true;
    }

    /// Writes the first half of a line.
    pub(super) fn half(&mut self, all: &mut All) {
        self.end_half(all);
        let (line, text) = self.begin(all, false);
        let entry = self.entry(all, line, &format!("{text}\\n"), "stderr");
        let (first, rest) = entry.split_at(entry.len() / 2);
        self.append(all, first);
        self.rest = Some((line, rest.to_owned()));
    }

    fn end_half(&mut self, all: &mut All) {
        if let Some((line, rest)) = self.rest.take() {
            self.append(all, &rest);
            all.lines[line].is_whole = true;
        }
    }

    /// Writes a piece of a line.
    pub(super) fn piece(&mut self, all: &mut All, is_last: bool) {
        self.end_half(all);
        let (line, time, text) = match self.spoken.take() {
            None => {
                let (line, text) = self.begin(all, true);
                (line, all.time(), text)
            }
            Some((line, time)) => {
                let text = format!("+{}", all.parts.len());
                all.lines[line].text.push_str(&text);
                (line, time, text)
            }
        };
        let end = if is_last { "\\n" } else { "" };
        self.add_part(all, line);
        self.append(all, &format!("{{\"log\":\"{text}{end}\",\"stream\":\"stdout\",\"time\":\"{time}\"}}\n"));
        all.lines[line].is_whole = is_last;
        self.spoken = (!is_last).then_some((line, time));
    }

    /// A new line, and its text.
    fn begin(&mut self, all: &mut All, is_joined: bool) -> (usize, String) {
        let file = self.live(all);
        let line = all.lines.len();
        let text = format!("#{line}# {}", "x".repeat(line % 7 * 5));
        all.lines.push(Line { text: text.clone(), is_whole: false, is_joined, file });
        (line, text)
    }

    fn entry(&mut self, all: &mut All, line: usize, text: &str, output: &str) -> String {
        self.add_part(all, line);
        if self.is_docker() {
            format!("{{\"log\":\"{text}\",\"stream\":\"{output}\",\"time\":\"{}\"}}\n", all.time())
        } else {
            text.replace("\\n", "\n")
        }
    }

    fn add_part(&mut self, all: &mut All, line: usize) {
        let file = self.live(all);
        all.files[file].parts.push(all.parts.len());
        all.parts.push(Part { line });
    }

    fn append(&mut self, all: &mut All, text: &str) {
        self.live(all);
        let mut file = OpenOptions::new().append(true).open(self.path(0, false)).unwrap();
        file.write_all(text.as_bytes()).unwrap();
    }

    /// The file that is written to; made, if there is none.
    fn live(&mut self, all: &mut All) -> usize {
        if let Some(live) = self.live {
            return live;
        }
        let beginning = if all.banner && !self.is_docker() { "the same banner\n" } else { "" };
        fs::write(self.path(0, false), beginning).unwrap();
        let live = all.add(Vec::new(), true);
        self.live = Some(live);
        live
    }

    /// Docker writes whole entries before it does anything else; of a plain line, the rest will never come.
    fn end_file(&mut self, all: &mut All) {
        if self.is_docker() { self.end_half(all) } else { self.rest = None }
    }

    fn make_way(&self) {
        for (place, (_, compressed)) in self.rotated.iter().enumerate().rev() {
            fs::rename(self.path(place + 1, *compressed), self.path(place + 2, *compressed)).unwrap();
        }
    }

    pub(super) fn rotate(&mut self, all: &mut All, compress: bool) {
        self.end_file(all);
        let Some(live) = self.live.take_if(|live| !all.files[*live].parts.is_empty()) else { return };
        self.make_way();
        fs::rename(self.path(0, false), self.path(1, false)).unwrap();
        let is_listed = !matches!(self.whose, Whose::Bare);
        all.files[live].is_listed = is_listed;
        let file = if compress { self.compress(all, live, is_listed) } else { live };
        self.rotated.insert(0, (file, compress));
        if self.is_docker() {
            self.live(all);
        }
    }

    fn compress(&self, all: &mut All, file: usize, is_listed: bool) -> usize {
        let mut encoder = GzEncoder::new(fs::File::create(self.path(1, true)).unwrap(), Compression::fast());
        encoder.write_all(&fs::read(self.path(1, false)).unwrap()).unwrap();
        encoder.finish().unwrap();
        fs::remove_file(self.path(1, false)).unwrap();
        all.files[file].is_listed = false;
        all.add(all.files[file].parts.clone(), is_listed)
    }

    pub(super) fn copy_truncate(&mut self, all: &mut All) {
        self.end_file(all);
        let Some(live) = self.live.filter(|live| !all.files[*live].parts.is_empty()) else { return };
        // Docker truncates nothing; whoever does it in the midst of a line can be noticed before the copy is.
        self.spoken = None;
        self.make_way();
        fs::copy(self.path(0, false), self.path(1, false)).unwrap();
        fs::File::options().write(true).open(self.path(0, false)).unwrap().set_len(0).unwrap();
        let File { parts, is_open, .. } = std::mem::take(&mut all.files[live]);
        let copy = all.add(parts, !matches!(self.whose, Whose::Bare));
        all.files[copy].is_copy = true;
        self.rotated.insert(0, (copy, false));
        // Its content is another one now, for whoever has it open too.
        let live = all.add(Vec::new(), true);
        all.files[live].is_open = is_open;
        self.live = Some(live);
    }

    pub(super) fn delete(&mut self, all: &mut All) {
        self.rest = None;
        if let Some(live) = self.live.take() {
            fs::remove_file(self.path(0, false)).unwrap();
            all.files[live].is_listed = false;
        }
    }

    pub(super) fn prune(&mut self, all: &mut All) {
        let oldest = self.rotated.len();
        if let Some((file, compressed)) = self.rotated.pop() {
            fs::remove_file(self.path(oldest, compressed)).unwrap();
            // A copy that is gone before the truncation is noticed has nobody who would read on in it.
            (all.files[file].is_listed, all.files[file].is_open) =
                (false, all.files[file].is_open && !all.files[file].is_copy);
        }
    }
}

impl All {
    fn add(&mut self, parts: Vec<usize>, is_listed: bool) -> usize {
        self.files.push(File { parts, is_listed, ..File::default() });
        self.files.len() - 1
    }

    /// A time that no other entry has.
    fn time(&self) -> String {
        format!("2026-11-25T09:00:00.{:08}1Z", self.parts.len())
    }
}
