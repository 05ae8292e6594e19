//! A crash at any point changes no line: what was made before it and what is made after it is what would have been made.

use std::collections::BTreeMap;
use std::time::Duration;

use proptest::prelude::*;
use proptest::sample::Index;

use super::*;
use crate::place::Window;

/// What happens to a container and to who reads it.
#[derive(Clone, Debug)]
enum Step {
    /// It prints; the time is that of the entry before, or a later one.
    Print { stream: Stream, text: &'static str, complete: bool, same_time: bool },
    /// Docker's file has something else.
    Garbage,
    /// Its file is rotated.
    Rotate,
    /// Nothing comes, so long that all waiting ends.
    Silence,
    /// It ends, and is started again.
    End,
}

fn step() -> impl Strategy<Value = Step> {
    let text = prop_oneof![Just("S"), Just("Sab"), Just(" cd"), Just(" é"), Just(""), Just(" 0123456789")];
    let stream = prop_oneof![Just(Stream::Stdout), Just(Stream::Stderr)];
    let print = (stream, text, any::<bool>(), prop::bool::weighted(0.8))
        .prop_map(|(stream, text, complete, same_time)| Step::Print { stream, text, complete, same_time });
    prop_oneof![12 => print, 1 => Just(Step::Garbage), 1 => Just(Step::Rotate), 2 => Just(Step::Silence), 1 => Just(Step::End)]
}

/// What the reader does: it takes an entry, or ends what waits.
#[derive(Debug)]
enum Act {
    Read { file: u32, start: u64, end: u64, text: String },
    Silence,
    End,
}

/// The files that the steps make, and the order in which they are read.
fn acts(steps: &[Step]) -> Vec<Act> {
    let (mut file, mut offset, mut times, mut latest) = (1, 0, [0_u32; 2], 0);
    let mut acts = Vec::new();
    for step in steps {
        match *step {
            Step::Print { stream, text, complete, same_time } => {
                let time = &mut times[slot(Some(stream))];
                if !same_time {
                    latest += 1;
                    *time = latest;
                }
                let (end, name) = (if complete { "\\n" } else { "" }, stream.name());
                let time = format!("2026-11-25T09:00:{:02}.{:05}5Z", *time % 60, *time);
                let entry = format!(r#"{{"log":"{text}{end}","stream":"{name}","time":"{time}"}}"#);
                acts.push(read(file, &mut offset, entry));
            }
            Step::Garbage => acts.push(read(file, &mut offset, "{\"log\":\"half".to_owned())),
            Step::Rotate => (file, offset) = (file + 1, 0),
            Step::Silence => acts.push(Act::Silence),
            Step::End => acts.push(Act::End),
        }
    }
    acts
}

fn read(file: u32, offset: &mut u64, text: String) -> Act {
    let start = *offset;
    *offset += text.len() as u64 + 1;
    Act::Read { file, start, end: *offset, text }
}

/// A line: its text and its marks, by file and offset.
type Lines = BTreeMap<(u32, u64), (String, Marks)>;

/// What is on disk.
#[derive(Clone, Default)]
struct State {
    done: Vec<Progress>,
    cuts: Vec<Cut>,
}

/// One life of the program.
struct Life {
    joiner: Joiner,
    now: Instant,
    state: State,
    lines: Lines,
}

impl Life {
    fn begin(limits: Limits, pattern: Option<&Regex>, state: State) -> Self {
        let joiner = Joiner::new(limits, pattern.cloned(), state.cuts.clone()).resuming(state.done.clone());
        Self { joiner, now: Instant::now(), state, lines: Lines::new() }
    }

    fn act(&mut self, act: &Act) {
        let Self { joiner, lines, state, now } = self;
        let mut keep = |line: Line<'_>| {
            let text = String::from_utf8(line.text.to_vec()).expect("it was text");
            let twice = lines.insert((line.start.file.0, line.start.offset), (text, line.marks));
            assert_eq!(twice, None, "a line came twice");
        };
        let mut cut = |line: Line<'_>, cut| {
            state.cuts.push(cut);
            keep(line);
        };
        match act {
            Act::Read { file, start, end, text } => {
                let start = Place { file: FileKey(*file), offset: *start };
                joiner.push(Raw { text: text.as_bytes(), start, end: *end }, *now, &mut Vec::new(), &mut keep);
            }
            Act::Silence => {
                *now += Duration::from_secs(10);
                joiner.expire(*now, &mut cut);
            }
            Act::End => joiner.finish(&mut cut),
        }
    }

    /// How far all files are done that were read by these acts.
    fn done(&self, acts: &[Act]) -> Vec<Progress> {
        let positions: BTreeMap<u32, u64> = acts.iter().filter_map(position).collect();
        let progress = |(file, position)| {
            let file = FileKey(file);
            Progress { file, position, open: self.joiner.open_lines(file), window: Window::default() }
        };
        positions.into_iter().map(progress).collect()
    }
}

fn position(act: &Act) -> Option<(u32, u64)> {
    match act {
        Act::Read { file, end, .. } => Some((*file, *end)),
        Act::Silence | Act::End => None,
    }
}

fn save(saved: &mut Lines, lines: Lines) {
    for (start, line) in lines {
        assert_eq!(saved.insert(start, line), None, "a line that was done came again");
    }
}

/// Whether the act is reading what has to be read again.
fn is_reread(act: &Act, done: &[Progress]) -> bool {
    let Act::Read { file, start, .. } = act else { return false };
    let first = done.iter().find(|done| done.open != OpenLines::default()).or(done.last());
    first.is_none_or(|first| match file.cmp(&first.file.0) {
        std::cmp::Ordering::Less => false,
        std::cmp::Ordering::Equal => *start >= first.open.resume(first.position),
        std::cmp::Ordering::Greater => true,
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    /// The state is written at one point of each life, and the life ends at a later one.
    #[test]
    fn a_crash_changes_no_line(
        steps in prop::collection::vec(step(), 1..40),
        multiline in any::<bool>(),
        bytes in prop_oneof![Just(12_usize), Just(1_000)],
        points in prop::collection::vec(any::<Index>(), 4),
    ) {
        let acts = acts(&steps);
        let limits = Limits { bytes, lines: 3, ..Limits::default() };
        let pattern = Regex::new("^S").unwrap();
        let pattern = multiline.then_some(&pattern);

        let mut quiet = Life::begin(limits, pattern, State::default());
        acts.iter().chain([&Act::End]).for_each(|act| quiet.act(act));

        let mut points: Vec<usize> = points.iter().map(|point| point.index(acts.len() + 1)).collect();
        points.sort_unstable();
        let mut life = Life::begin(limits, pattern, State::default());
        let (mut saved, mut from) = (Lines::new(), 0);
        for pair in points.chunks(2) {
            let (written, crash) = (pair[0], pair[1]);
            acts[from..written].iter().for_each(|act| life.act(act));
            save(&mut saved, std::mem::take(&mut life.lines));
            let done = life.done(&acts[..written]);
            acts[written..crash].iter().for_each(|act| life.act(act));
            for (start, line) in &life.lines {
                prop_assert_eq!(Some(line), quiet.lines.get(start), "a line was sent that the next life will not make");
            }
            let state = State { done, cuts: life.state.cuts };
            life = Life::begin(limits, pattern, state.clone());
            acts[..crash].iter().filter(|act| is_reread(act, &state.done)).for_each(|act| life.act(act));
            from = crash;
        }
        acts[from..].iter().chain([&Act::End]).for_each(|act| life.act(act));
        save(&mut saved, life.lines);
        prop_assert_eq!(saved, quiet.lines);
    }

    /// What was printed is in the lines, in its order, if no limit cuts it.
    #[test]
    fn nothing_that_was_printed_is_lost(steps in prop::collection::vec(step(), 1..40), multiline in any::<bool>()) {
        let pattern = Regex::new("^S").unwrap();
        let mut life = Life::begin(Limits::default(), multiline.then_some(&pattern), State::default());
        acts(&steps).iter().chain([&Act::End]).for_each(|act| life.act(act));
        let printed = |step: &Step| if let Step::Print { text, .. } = step { *text } else { "" };
        let mut expected: Vec<char> = steps.iter().flat_map(|step| printed(step).chars()).collect();
        let entries = life.lines.into_values().filter(|(_, marks)| !marks.has(Marks::MALFORMED_ENTRY));
        let mut got: Vec<char> = entries.flat_map(|(text, _)| text.replace('\n', "").chars().collect::<Vec<_>>()).collect();
        expected.sort_unstable();
        got.sort_unstable();
        prop_assert_eq!(got, expected);
    }
}
