//! Lines that a pattern makes one of.

use super::*;

#[test]
fn a_start_pattern_makes_one_line_of_a_stack_trace() {
    let mut reader = Reader::multiline();
    let start = reader.out(FIRST, "panic\n");
    let other = reader.entry("stderr", FIRST, "err\n");
    reader.out(SECOND, "  at a\n");
    reader.out(SECOND, "\n");
    assert_eq!((reader.open(), reader.taken()), ([Some(start), Some(other)], vec![]));
    let next = reader.out(SECOND, "next\n");
    assert_eq!(reader.taken(), [marked(start, "panic\n  at a\n", Marks::MULTILINE)]);
    assert_eq!(reader.joiner.deadline(), Some(reader.now + Duration::from_secs(2)));
    reader.wait(2);
    assert_eq!(reader.taken(), [whole(next, "next"), whole(other, "err")]);
    assert_eq!(reader.cuts.len(), 2);
}

#[test]
fn a_first_line_that_does_not_match_begins_a_group_too() {
    let mut reader = Reader::multiline();
    let start = reader.out(FIRST, "  at a\n");
    reader.out(FIRST, "  at b\n");
    reader.finish();
    assert_eq!(reader.taken(), [marked(start, "  at a\n  at b", Marks::MULTILINE)]);
}

#[test]
fn pieces_inside_a_group_are_waited_for_longer() {
    let mut reader = Reader::multiline();
    let start = reader.out(FIRST, "panic\n");
    let piece = format!("  {}", &full("a")[2..]);
    reader.out(SECOND, &piece);
    reader.wait(4);
    reader.out(SECOND, "b\n");
    reader.wait(2);
    assert_eq!(reader.taken(), [marked(start, &format!("panic\n{piece}b"), Marks::MULTILINE)]);
}

#[test]
fn a_group_ends_at_its_limits_and_loses_nothing() {
    let limits = Limits { bytes: 10, lines: 3, ..Limits::default() };
    let mut reader = Reader::of(Joiner::new(limits, Some(Regex::new(r"^\S").unwrap()), Vec::new()));
    let first = reader.out(FIRST, "a\n");
    reader.out(FIRST, " b\n");
    reader.out(FIRST, " c\n");
    let second = reader.out(FIRST, " 12345\n");
    let third = reader.out(FIRST, " 6789\n");
    reader.finish();
    let expected = [marked(first, "a\n b\n c", Marks::MULTILINE), whole(second, " 12345"), whole(third, " 6789")];
    assert_eq!(reader.taken(), expected);
}

#[test]
fn plain_lines_are_joined_by_the_pattern_alone() {
    let mut reader = Reader::new();
    let start = reader.plain("  a");
    assert_eq!(reader.taken(), [whole(start, "  a")]);
    let mut reader = Reader::multiline();
    let start = reader.plain("a");
    reader.plain(" b");
    assert_eq!(reader.open(), [Some(start), None]);
    reader.plain("c");
    assert_eq!(reader.taken(), [marked(start, "a\n b", Marks::MULTILINE)]);
}
