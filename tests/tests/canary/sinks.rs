//! Every place where the canary must not be, and what was going on when it came there.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::ensure;
use e2e::canary::{Canary, Find};
use e2e::wait::until;

use crate::stage::Stage;

/// In each line of the transaction log, and in no other.
const TRANSACTION: &[u8] = br#""dataset":"minitwit.request""#;
const PATIENCE: Duration = Duration::from_mins(1);
/// How much of its surroundings is shown of a find.
const AROUND: usize = 160;

/// The canary, found.
struct Leak {
    sink: String,
    during: String,
    forms: Vec<String>,
    around: String,
}

/// A file to which something is added while requests are made.
struct Growing {
    name: &'static str,
    path: PathBuf,
    /// How long it was when something began.
    marks: Vec<(usize, String)>,
}

/// All sinks of one stage.
pub struct Sinks<'a> {
    canary: &'a Canary,
    files: Vec<Growing>,
    leaks: Vec<Leak>,
    /// How much was searched, by sink.
    searched: BTreeMap<String, usize>,
    /// Lines of requests so far, and how much of standard output was read to count them.
    lines: usize,
    read: usize,
}

impl<'a> Sinks<'a> {
    pub fn of(stage: &Stage, canary: &'a Canary) -> Self {
        let files = stage.written().into_iter().map(|(name, path)| Growing { name, path, marks: Vec::new() });
        Self { canary, files: files.collect(), leaks: Vec::new(), searched: BTreeMap::new(), lines: 0, read: 0 }
    }

    /// What is written from now on is about this.
    pub fn begin(&mut self, what: &str) {
        for file in &mut self.files {
            let length = file.path.metadata().map_or(0, |metadata| metadata.len());
            file.marks.push((usize::try_from(length).expect("a file of this test"), what.to_owned()));
        }
    }

    /// Searches what somebody was told.
    pub fn told(&mut self, sink: &str, during: &str, text: &[u8]) {
        *self.searched.entry(sink.to_owned()).or_default() += text.len();
        let finds = self.canary.find(text);
        if let Some(first) = finds.first() {
            let forms = finds.iter().map(|find| find.form.to_owned()).collect();
            let leak = Leak { sink: sink.into(), during: during.into(), forms, around: around(text, first) };
            self.leaks.push(leak);
        }
    }

    /// Waits until the transaction log has so many lines more, which is about what was just done.
    pub async fn expect_lines(&mut self, more: usize, about: &str) -> anyhow::Result<()> {
        let expected = self.lines + more;
        let written = async || Ok(self.count_lines()? >= expected);
        let waited = until("the transaction log has a line of each request", PATIENCE, written).await;
        ensure!(waited.is_ok(), "{} lines instead of {expected}, after {about}", self.lines);
        Ok(())
    }

    /// How many lines of requests there are by now. A line more than was expected is counted as well, and does not stand in
    /// for the next request's.
    fn count_lines(&mut self) -> anyhow::Result<usize> {
        let mut log = File::open(&self.files[0].path)?;
        log.seek(SeekFrom::Start(u64::try_from(self.read)?))?;
        let mut fresh = Vec::new();
        log.read_to_end(&mut fresh)?;
        fresh.truncate(fresh.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1));
        self.read += fresh.len();
        self.lines += fresh.windows(TRANSACTION.len()).filter(|window| *window == TRANSACTION).count();
        Ok(self.lines)
    }

    /// Searches the files, and says what is where it must not be.
    pub fn close(mut self) -> anyhow::Result<()> {
        for file in std::mem::take(&mut self.files) {
            self.search(&file)?;
        }
        println!("searched, in bytes: {:?}; lines of requests: {}", self.searched, self.lines);
        let empty: Vec<_> = self.searched.iter().filter(|(_, bytes)| **bytes == 0).map(|(sink, _)| sink).collect();
        ensure!(empty.is_empty(), "nothing was written to {empty:?}");
        ensure!(self.leaks.is_empty(), "the canary is out\n{}", report(&self.leaks));
        Ok(())
    }

    fn search(&mut self, file: &Growing) -> anyhow::Result<()> {
        // SQLite removes its WAL when the last connection is closed.
        let text = if file.path.exists() { std::fs::read(&file.path)? } else { return Ok(()) };
        self.searched.insert(file.name.to_owned(), text.len());
        let mut by_mark: BTreeMap<usize, Vec<Find<'_>>> = BTreeMap::new();
        for find in self.canary.find(&text) {
            by_mark.entry(file.marks.partition_point(|(start, _)| *start <= find.at)).or_default().push(find);
        }
        for (mark, finds) in by_mark {
            let during = mark.checked_sub(1).map_or("the start", |mark| file.marks[mark].1.as_str()).to_owned();
            let forms = finds.iter().map(|find| find.form.to_owned()).collect();
            self.leaks.push(Leak { sink: file.name.into(), during, forms, around: around(&text, &finds[0]) });
        }
        Ok(())
    }
}

fn around(text: &[u8], find: &Find<'_>) -> String {
    let (from, to) = (find.at.saturating_sub(AROUND), (find.at + find.length + AROUND).min(text.len()));
    String::from_utf8_lossy(&text[from..to]).escape_debug().to_string()
}

fn report(leaks: &[Leak]) -> String {
    let write = |leak: &Leak| {
        let mut forms = leak.forms.clone();
        forms.sort();
        forms.dedup();
        format!("in {}\n  as    {}\n  after {}\n  …{}…\n", leak.sink, forms.join("; "), leak.during, leak.around)
    };
    leaks.iter().map(write).collect()
}
