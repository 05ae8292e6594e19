//! The same of plain files, whose lines need not have come whole when they are read.

use std::collections::BTreeMap;
use std::time::Duration;

use proptest::prelude::*;
use proptest::sample::Index;

use super::*;
use crate::place::Window;

const FILE: FileKey = FileKey(1);

/// What happens to a file: something is written to it, or so long nothing that all waiting ends.
#[derive(Clone, Debug)]
enum Step {
    Write(&'static str),
    Silence,
}

fn step() -> impl Strategy<Value = Step> {
    let text = prop_oneof![Just("S"), Just("Sab\n"), Just(" cd\nS"), Just("\n"), Just(" é"), Just(" 01234567\n 8")];
    prop_oneof![4 => text.prop_map(Step::Write), 1 => Just(Step::Silence)]
}

type Lines = BTreeMap<u64, (String, Marks)>;

/// One life of the program.
struct Life {
    joiner: Joiner,
    now: Instant,
    position: usize,
    cuts: Vec<Cut>,
    lines: Lines,
}

impl Life {
    fn begin(limits: Limits, pattern: Option<&Regex>, done: Option<Progress>, cuts: Vec<Cut>) -> Self {
        let joiner = Joiner::new(limits, pattern.cloned(), cuts.clone()).resuming(done.into_iter().collect());
        let position = done.map_or(0, |done| usize::try_from(done.open.resume(done.position)).unwrap());
        Self { joiner, now: Instant::now(), position, cuts, lines: Lines::new() }
    }

    /// Reads what has its newline.
    fn read(&mut self, content: &str) {
        while let Some(length) = content[self.position..].find('\n') {
            let raw = self.raw(&content[self.position..][..length], 1);
            self.joiner.push_plain(raw, Marks::none(), self.now, &mut |line| save(&mut self.lines, line));
        }
    }

    fn raw<'a>(&mut self, text: &'a str, newline: usize) -> Raw<'a> {
        let start = Place { file: FILE, offset: self.position as u64 };
        self.position += text.len() + newline;
        Raw { text: text.as_bytes(), start, end: self.position as u64 }
    }

    fn wait(&mut self, content: &str) {
        self.now += Duration::from_secs(10);
        if content.len() > self.position {
            let raw = self.raw(&content[self.position..], 0);
            let foretold = self.joiner.unended(raw);
            self.joiner.push_unended(raw, Marks::none(), self.now, &mut |line, cut| {
                assert!(cut.is_none_or(|cut| cut == foretold), "{foretold:?} instead of {cut:?}");
                self.cuts.extend(cut);
                save(&mut self.lines, line);
            });
        }
        self.joiner.expire(self.now, &mut |line, cut| {
            self.cuts.push(cut);
            save(&mut self.lines, line);
        });
    }

    fn act(&mut self, steps: &[Step], content: &mut String) {
        for step in steps {
            match step {
                Step::Write(text) => content.push_str(text),
                Step::Silence => self.wait(content),
            }
            self.read(content);
        }
    }

    fn done(&self) -> Progress {
        let (position, open) = (self.position as u64, self.joiner.open_lines(FILE));
        Progress { file: FILE, position, open, window: Window::default() }
    }
}

fn save(lines: &mut Lines, line: Line<'_>) {
    let text = String::from_utf8(line.text.to_vec()).expect("it was text");
    assert_eq!(lines.insert(line.start.offset, (text, line.marks)), None, "a line came twice");
}

proptest! {
    #[test]
    fn a_crash_changes_no_plain_line(
        steps in prop::collection::vec(step(), 1..30),
        multiline in any::<bool>(),
        bytes in prop_oneof![Just(8_usize), Just(1_000)],
        written in any::<Index>(),
        crash in any::<Index>(),
    ) {
        let limits = Limits { bytes, lines: 3, ..Limits::default() };
        let pattern = Regex::new("^Sa").unwrap();
        let pattern = multiline.then_some(&pattern);
        let (written, crash) = (written.index(steps.len() + 1), crash.index(steps.len() + 1));
        let (written, crash) = (written.min(crash), written.max(crash));

        let mut quiet = Life::begin(limits, pattern, None, Vec::new());
        let mut content = String::new();
        quiet.act(&steps, &mut content);
        quiet.wait(&content);

        let mut content = String::new();
        let mut life = Life::begin(limits, pattern, None, Vec::new());
        life.act(&steps[..written], &mut content);
        let (done, mut saved) = (life.done(), std::mem::take(&mut life.lines));
        life.act(&steps[written..crash], &mut content);
        for (start, line) in &life.lines {
            prop_assert_eq!(Some(line), quiet.lines.get(start), "a line was sent that the next life will not make");
        }
        let mut life = Life::begin(limits, pattern, Some(done), life.cuts);
        life.read(&content);
        life.act(&steps[crash..], &mut content);
        life.wait(&content);
        for (start, line) in life.lines {
            prop_assert_eq!(saved.insert(start, line), None, "a line that was done came again");
        }
        prop_assert_eq!(saved, quiet.lines);
    }
}
