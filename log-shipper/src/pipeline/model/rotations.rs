//! Rotations at the worst moment, each of which once cost a line, or had one twice.

use super::play;
use super::steps::{Answer, Fault, Plan, Step, Whose};
use super::world::World;

#[test]
fn what_is_written_to_an_empty_file_just_before_it_is_closed_for_others_is_read() {
    let container = Whose::Container;
    let steps = vec![
        Step::Write(container, 1),
        Step::Write(Whose::Plain, 1),
        Step::Find(true, false),
        Step::CopyTruncate(container),
        Step::Read(1),
        Step::Find(false, false),
        Step::Write(container, 1),
        Step::Find(true, false),
        Step::Turns,
    ];
    play(1, 2, steps);
}

#[test]
fn a_piece_in_a_file_that_was_empty_when_it_was_found_and_is_compressed_since_keeps_its_place() {
    let container = Whose::Container;
    let steps = vec![
        Step::Write(container, 1),
        Step::Rotate(container, false),
        Step::Find(false, false),
        Step::Read(1),
        Step::Piece(false),
        Step::Rotate(container, true),
        Step::Piece(true),
        Step::Rotate(container, false),
    ];
    play(1, usize::MAX, steps);
}

#[test]
fn a_file_that_has_to_wait_until_it_may_be_opened_is_there_all_the_same() {
    let container = Whose::Container;
    let steps = vec![
        Step::Write(container, 1),
        Step::Write(Whose::Bare, 5),
        Step::Find(false, true),
        Step::Answer(0, Answer::Lost),
        Step::Read(6),
        Step::Turns,
        Step::Sync,
        Step::CopyTruncate(container),
        Step::Piece(false),
        Step::HandOver,
        Step::Read(6),
        Step::Turns,
    ];
    play(3, 1, steps);
}

#[test]
fn what_was_compressed_before_its_successor_was_removed_is_not_read_twice() {
    let container = Whose::Container;
    let steps = vec![
        Step::Write(container, 1),
        Step::Find(false, false),
        Step::Read(1),
        Step::CopyTruncate(container),
        Step::Piece(true),
        Step::Rotate(container, true),
        Step::Delete(container),
    ];
    play(1, usize::MAX, steps);
}

#[test]
fn the_beginning_of_a_line_in_a_file_that_was_truncated_and_compressed_is_read_once() {
    let plain = Whose::Plain;
    let steps = vec![
        Step::Write(plain, 1),
        Step::Find(false, false),
        Step::Read(1),
        Step::CopyTruncate(plain),
        Step::Half(plain),
        Step::Write(Whose::Container, 1),
        Step::Rotate(plain, true),
    ];
    play(1, usize::MAX, steps);
}

#[test]
fn a_file_that_waits_for_a_handle_after_a_restart_is_not_forgotten_when_the_clock_is_set() {
    let whose = Whose::Plain;
    let steps = vec![
        Step::Write(whose, 1),
        Step::Forget,
        Step::Rotate(whose, false),
        Step::Answer(0, Answer::Acknowledged),
        Step::Write(Whose::Container, 1),
        Step::Crash(0),
        Step::SetClock(2),
        Step::RollOver,
        Step::Forget,
    ];
    let plan = Plan { fault: Fault::Rollover, batch: 1, handles: 1, banner: false, steps };
    World::new(&plan).play(&plan.steps);
}

#[test]
fn the_copy_of_a_closed_log_that_is_truncated_and_removed_is_no_other_one() {
    let container = Whose::Container;
    let steps = vec![
        Step::Write(container, 1),
        Step::Write(Whose::Plain, 1),
        Step::Forget,
        Step::Turns,
        Step::CopyTruncate(container),
        Step::Delete(container),
        Step::SetClock(0),
        Step::Find(false, false),
    ];
    play(3, 1, steps);
}
