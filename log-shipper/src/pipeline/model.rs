//! A model of power cuts: random sequences of everything that writers, the server and the current can do, against what
//! must have arrived. One thread, step by step: a sequence that fails once fails always.
//!
//! Every line of a file that still has its name, or that is open, arrives, with its text; none is stored twice; the order
//! within a file is kept.

mod disk;
mod server;
mod steps;
mod world;

use proptest::prelude::*;
use proptest::test_runner::Config;

use steps::{Fault, Plan, Step, Whose};
use world::World;
pub(super) use world::{options, treatment};

/// How many sequences are played: a hundred, or as the environment says.
fn cases() -> u32 {
    std::env::var("LOG_SHIPPER_TORTURE_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(100)
}

proptest! {
    #![proptest_config(Config { cases: cases(), ..Config::default() })]

    #[test]
    fn whatever_happens_each_line_arrives_once(plan in Plan::any()) {
        World::new(&plan).play(&plan.steps);
    }
}

#[test]
fn a_clock_that_is_set_makes_nothing_forgotten_too_early_or_never() {
    for hours in [-24, 24, 127] {
        let plan = Plan { fault: Fault::Unsynced, batch: 1, handles: 9, banner: false, steps: Vec::new() };
        let mut world = World::new(&plan);
        let container = Whose::Container;
        for step in [Step::Write(container, 3), Step::Rotate(container, false), Step::Write(container, 1)] {
            world.step(&step);
        }
        world.settle();
        assert_eq!(world.after_hours(0), 2);
        world.step(&Step::Prune(container));
        world.step(&Step::SetClock(hours));
        assert_eq!(world.after_hours(0), 2, "it went just now, whatever the clock says");
        assert_eq!(world.after_hours(1), 2, "an hour is not too long");
        assert_eq!(world.after_hours(1), 1, "it has been gone for two hours");
    }
}

#[test]
fn a_compressed_file_that_only_begins_like_one_that_is_read_is_no_copy_of_it() {
    let steps = vec![Step::Write(Whose::Plain, 1), Step::Rotate(Whose::Plain, true), Step::Write(Whose::Plain, 1)];
    let plan = Plan { fault: Fault::Unsynced, batch: 3, handles: 9, banner: true, steps };
    World::new(&plan).play(&plan.steps);
}

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
    let plan = Plan { fault: Fault::Unsynced, batch: 1, handles: 2, banner: false, steps };
    World::new(&plan).play(&plan.steps);
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
    let plan = Plan { fault: Fault::Unsynced, batch: 1, handles: usize::MAX, banner: false, steps };
    World::new(&plan).play(&plan.steps);
}

#[test]
fn a_file_that_has_to_wait_until_it_may_be_opened_is_there_all_the_same() {
    let container = Whose::Container;
    let steps = vec![
        Step::Write(container, 1),
        Step::Write(Whose::Bare, 5),
        Step::Find(false, true),
        Step::Answer(0, steps::Answer::Lost),
        Step::Read(6),
        Step::Turns,
        Step::Sync,
        Step::CopyTruncate(container),
        Step::Piece(false),
        Step::HandOver,
        Step::Read(6),
        Step::Turns,
    ];
    let plan = Plan { fault: Fault::Unsynced, batch: 3, handles: 1, banner: false, steps };
    World::new(&plan).play(&plan.steps);
}

#[test]
fn an_older_file_that_turns_up_late_does_not_end_a_line_of_the_newer_one() {
    let container = Whose::Container;
    let steps = vec![
        Step::Write(container, 1),
        Step::Piece(false),
        Step::Find(false, false),
        Step::CopyTruncate(container),
        Step::Piece(false),
        Step::Write(container, 1),
        Step::Half(container),
        Step::Piece(true),
        Step::Read(1),
    ];
    let plan = Plan { fault: Fault::Unsynced, batch: 1, handles: usize::MAX, banner: false, steps };
    World::new(&plan).play(&plan.steps);
}

#[test]
fn a_line_that_is_open_when_its_file_is_truncated_goes_on_in_the_copy() {
    let container = Whose::Container;
    let steps = vec![
        Step::Half(container),
        Step::Piece(false),
        Step::Half(container),
        Step::Piece(true),
        Step::Crash(0),
        Step::Read(1),
        Step::CopyTruncate(container),
        Step::Piece(false),
        Step::Answer(0, steps::Answer::Acknowledged),
        Step::Read(1),
        Step::Rotate(container, true),
    ];
    let plan = Plan { fault: Fault::Unsynced, batch: 1, handles: usize::MAX, banner: false, steps };
    World::new(&plan).play(&plan.steps);
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
    let plan = Plan { fault: Fault::Unsynced, batch: 1, handles: usize::MAX, banner: false, steps };
    World::new(&plan).play(&plan.steps);
}

#[test]
fn what_was_compressed_before_it_was_read_comes_after_the_copy_of_what_it_held() {
    let container = Whose::Container;
    let steps = vec![
        Step::Piece(false),
        Step::Find(false, false),
        Step::CopyTruncate(container),
        Step::Piece(false),
        Step::Rotate(container, true),
        Step::Find(false, false),
        Step::Piece(true),
    ];
    let plan = Plan { fault: Fault::Unsynced, batch: 1, handles: usize::MAX, banner: false, steps };
    World::new(&plan).play(&plan.steps);
}

#[test]
fn a_file_that_is_removed_while_it_is_the_newest_stays_that() {
    let container = Whose::Container;
    let steps = vec![
        Step::Piece(false),
        Step::Rotate(container, false),
        Step::Piece(true),
        Step::Crash(0),
        Step::CopyTruncate(container),
        Step::Piece(false),
        Step::Delete(container),
    ];
    let plan = Plan { fault: Fault::Unsynced, batch: 1, handles: usize::MAX, banner: false, steps };
    World::new(&plan).play(&plan.steps);
}
