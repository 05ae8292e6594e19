//! What the files of the platform and of its delivery have to be, whatever they are about: read without an engine.
//!
//! A rule is a function from a file to its faults, each of which names the file, the place and what is missing. A test holds
//! it to our files, and others to files that are bad on purpose.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod committed;
mod dockerfile;
mod given;
mod images;
mod likeness;
mod limits;
mod names;
mod networks;
mod platform;
mod ports;
mod services;
mod sources;
mod stand_ins;
mod updates;
mod workflow;

/// No faults, or all of them in a line each.
#[track_caller]
fn none(faults: &[String]) {
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}
