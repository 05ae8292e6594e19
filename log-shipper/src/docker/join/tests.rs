//! Pieces, time-outs, limits and groups, each on files as Docker writes them.

mod groups;

use std::time::Duration;

use super::*;

const FIRST: &str = "2026-11-25T09:00:00.1Z";
const SECOND: &str = "2026-11-25T09:00:00.2Z";

/// A line as it came out: where it began, its text and its marks.
type Got = (u64, String, Marks);

/// Reads entries of one file, and keeps what comes out.
struct Reader {
    joiner: Joiner,
    now: Instant,
    offset: u64,
    got: Vec<Got>,
    cuts: Vec<Cut>,
    scratch: Vec<u8>,
}

impl Reader {
    fn new() -> Self {
        Self::of(Joiner::new(Limits::default(), None, Vec::new()))
    }

    fn multiline() -> Self {
        Self::of(Joiner::new(Limits::default(), Some(Regex::new(r"^\S").unwrap()), Vec::new()))
    }

    fn of(joiner: Joiner) -> Self {
        Self { joiner, now: Instant::now(), offset: 0, got: Vec::new(), cuts: Vec::new(), scratch: Vec::new() }
    }

    fn raw<'a>(&mut self, text: &'a [u8], newline: u64) -> Raw<'a> {
        let start = Place { file: FileKey(1), offset: self.offset };
        self.offset += text.len() as u64 + newline;
        Raw { text, start, end: self.offset }
    }

    /// Reads a line of the file, and returns where it is.
    fn line(&mut self, text: &[u8]) -> u64 {
        let raw = self.raw(text, 1);
        let got = &mut self.got;
        self.joiner.push(raw, self.now, &mut self.scratch, &mut |line| got.push(kept(line)));
        raw.start.offset
    }

    fn entry(&mut self, stream: &str, time: &str, log: &str) -> u64 {
        let log = serde_json::to_string(log).unwrap();
        self.line(format!(r#"{{"log":{log},"stream":"{stream}","time":"{time}"}}"#).as_bytes())
    }

    fn out(&mut self, time: &str, log: &str) -> u64 {
        self.entry("stdout", time, log)
    }

    fn plain(&mut self, text: &str) -> u64 {
        let raw = self.raw(text.as_bytes(), 1);
        let got = &mut self.got;
        self.joiner.push_plain(raw, Marks::none(), self.now, &mut |line| got.push(kept(line)));
        raw.start.offset
    }

    fn unended(&mut self, text: &str) -> u64 {
        let raw = self.raw(text.as_bytes(), 0);
        let (got, cuts) = (&mut self.got, &mut self.cuts);
        self.joiner.push_unended(raw, Marks::none(), self.now, &mut |line, cut| {
            cuts.extend(cut);
            got.push(kept(line));
        });
        raw.start.offset
    }

    fn wait(&mut self, seconds: u64) {
        self.now += Duration::from_secs(seconds);
        let (got, cuts) = (&mut self.got, &mut self.cuts);
        self.joiner.expire(self.now, &mut |line, cut| {
            cuts.push(cut);
            got.push(kept(line));
        });
    }

    fn finish(&mut self) {
        let (got, cuts) = (&mut self.got, &mut self.cuts);
        self.joiner.finish(&mut |line, cut| {
            cuts.push(cut);
            got.push(kept(line));
        });
    }

    fn open(&self) -> [Option<u64>; 2] {
        self.joiner.open_lines(FileKey(1)).0
    }

    fn taken(&mut self) -> Vec<Got> {
        std::mem::take(&mut self.got)
    }
}

fn kept(line: Line<'_>) -> Got {
    (line.start.offset, String::from_utf8_lossy(line.text).into_owned(), line.marks)
}

fn whole(start: u64, text: &str) -> Got {
    marked(start, text, Marks::none())
}

fn marked(start: u64, text: &str, marks: Marks) -> Got {
    (start, text.to_owned(), marks)
}

/// A piece of the size at which Docker goes on in another entry.
fn full(letter: &str) -> String {
    letter.repeat(16_384)
}

#[test]
fn a_complete_entry_is_a_line_at_once() {
    let mut reader = Reader::new();
    let start = reader.out(FIRST, "{\"a\":\"b\"}\n");
    assert_eq!(reader.taken(), [whole(start, "{\"a\":\"b\"}")]);
    assert_eq!((reader.open(), reader.joiner.deadline()), ([None, None], None));
}

#[test]
fn a_line_tells_its_output_and_when_it_was_printed() {
    let mut joiner = Joiner::new(Limits::default(), None, Vec::new());
    let text = br#"{"log":"a\n","stream":"stderr","time":"2026-11-25T09:00:00.1Z"}"#;
    let raw = Raw { text, start: Place { file: FileKey(7), offset: 70 }, end: 140 };
    let mut lines = 0;
    joiner.push(raw, Instant::now(), &mut Vec::new(), &mut |line| {
        lines += 1;
        assert_eq!((line.stream, line.time, line.start), (Some(Stream::Stderr), Some(FIRST), raw.start));
    });
    assert_eq!(lines, 1);
}

#[test]
fn pieces_of_both_outputs_are_joined_each_with_its_own() {
    let mut reader = Reader::new();
    let out = reader.out(FIRST, &full("a"));
    let err = reader.entry("stderr", SECOND, &full("x"));
    reader.out(FIRST, &full("b"));
    assert_eq!(reader.open(), [Some(out), Some(err)]);
    reader.entry("stderr", SECOND, "y\n");
    reader.out(FIRST, "\n");
    let expected = [whole(err, &(full("x") + "y")), whole(out, &(full("a") + &full("b")))];
    assert_eq!(reader.taken(), expected);
    assert_eq!(reader.open(), [None, None]);
}

#[test]
fn another_time_shows_that_the_rest_of_a_line_is_missing() {
    let mut reader = Reader::new();
    let lost = reader.out(FIRST, &full("a"));
    let next = reader.out(SECOND, "b\n");
    assert_eq!(reader.taken(), [marked(lost, &full("a"), Marks::PARTIAL), whole(next, "b")]);
}

#[test]
fn a_last_output_without_a_newline_is_whole() {
    let mut reader = Reader::new();
    let last = reader.out(FIRST, "bye");
    let first = reader.out(SECOND, "hello again\n");
    let last_again = reader.out(SECOND, "bye again");
    reader.finish();
    let expected = [whole(last, "bye"), whole(first, "hello again"), whole(last_again, "bye again")];
    assert_eq!(reader.taken(), expected);
}

#[test]
fn a_line_whose_rest_does_not_come_ends_with_a_cut() {
    let mut reader = Reader::new();
    let start = reader.out(FIRST, &full("a"));
    let end = reader.offset;
    reader.entry("stderr", SECOND, "meanwhile\n");
    reader.got.clear();
    assert_eq!(reader.joiner.deadline(), Some(reader.now + Duration::from_secs(5)));
    reader.wait(4);
    assert_eq!(reader.taken(), []);
    reader.wait(1);
    assert_eq!(reader.taken(), [marked(start, &full("a"), Marks::PARTIAL)]);
    let place = |offset| Place { file: FileKey(1), offset };
    let cut = Cut { stream: Some(Stream::Stdout), start: place(start), end: place(end) };
    assert_eq!(reader.cuts, [cut]);
    let late = reader.out(FIRST, "b\n");
    assert_eq!(reader.taken(), [whole(late, "b")]);
}

#[test]
fn a_known_cut_ends_a_line_where_it_ended_before() {
    let mut before = Reader::new();
    before.out(FIRST, &full("a"));
    before.wait(5);
    let mut after = Reader::of(Joiner::new(Limits::default(), None, before.cuts));
    let start = after.out(FIRST, &full("a"));
    let late = after.out(FIRST, "b\n");
    assert_eq!(after.taken(), [marked(start, &full("a"), Marks::PARTIAL), whole(late, "b")]);
    assert_eq!(after.cuts, []);
}

#[test]
fn a_line_over_the_limit_is_cut_between_characters_and_marked() {
    let limits = Limits { bytes: 20_000, ..Limits::default() };
    let mut reader = Reader::of(Joiner::new(limits, None, Vec::new()));
    let start = reader.out(FIRST, &full("a"));
    reader.out(FIRST, &format!("{}é{}", "b".repeat(3_615), "c".repeat(100)));
    reader.out(FIRST, &full("d"));
    reader.out(FIRST, "e\n");
    let alone = reader.out(SECOND, &format!("{}\n", "é".repeat(15_000)));
    let expected = [
        marked(start, &(full("a") + &"b".repeat(3_615)), Marks::TRUNCATED),
        marked(alone, &"é".repeat(10_000), Marks::TRUNCATED),
    ];
    assert_eq!(reader.taken(), expected);
}

#[test]
fn what_is_no_entry_is_a_line_of_its_own_and_ends_no_other() {
    let mut reader = Reader::new();
    let start = reader.out(FIRST, &full("a"));
    let bad = reader.line(b"\0\0\0{\"log\":\"b");
    reader.out(FIRST, "c\n");
    let expected = [marked(bad, "\0\0\0{\"log\":\"b", Marks::MALFORMED_ENTRY), whole(start, &(full("a") + "c"))];
    assert_eq!(reader.taken(), expected);
}

#[test]
fn a_terminals_return_is_part_of_the_end() {
    let mut reader = Reader::new();
    reader.out(FIRST, "a\r\n");
    reader.out(SECOND, &full("b"));
    reader.out(SECOND, "\r\n");
    reader.plain("c\r");
    let texts: Vec<String> = reader.taken().into_iter().map(|(_, text, _)| text).collect();
    assert_eq!(texts, ["a", &full("b"), "c"]);
}

#[test]
fn a_plain_line_that_was_ended_before_its_newline_came_ends_there_again() {
    let mut reader = Reader::new();
    let first = reader.unended("ab");
    let second = reader.unended("cd");
    let third = reader.plain("ef");
    let expected = [whole(first, "ab"), whole(second, "cd"), whole(third, "ef")];
    assert_eq!((reader.taken(), reader.cuts.len()), (expected.to_vec(), 2));

    let mut again = Reader::of(Joiner::new(Limits::default(), None, reader.cuts));
    again.plain("abcdef");
    assert_eq!(again.taken(), expected);
}

#[test]
fn only_lines_that_began_in_a_file_are_open_in_it() {
    let mut reader = Reader::new();
    let start = reader.out(FIRST, &full("a"));
    assert_eq!(reader.joiner.open_lines(FileKey(1)).0, [Some(start), None]);
    assert_eq!(reader.joiner.open_lines(FileKey(2)).0, [None, None]);
}
