//! A model of power cuts: random sequences of everything that writers, the server and the current can do, against what
//! must have arrived. One thread, step by step: a sequence that fails once fails always.
//!
//! Every line of a file that still has its name, or that is open, arrives, with its text; none is stored twice; the order
//! within a file is kept.

mod disk;
mod rotations;
mod run;
mod server;
mod steps;
mod world;

use proptest::prelude::*;
use proptest::test_runner::Config;

pub(super) use run::{options, treatment};
use steps::{Fault, Plan, Step, Whose};
use world::World;

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

/// Batches of so many documents at most, and so many files that may be open.
fn play(batch: usize, handles: usize, steps: Vec<Step>) {
    let plan = Plan { fault: Fault::Unsynced, batch, handles, banner: false, steps };
    World::new(&plan).play(&plan.steps);
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
