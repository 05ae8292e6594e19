//! Lines that are made to cost much.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::{MASKER, Scratch};
use crate::mask::hints::HINTS;

/// So long that a search which begins anew at each hint takes minutes.
const LENGTH: usize = 256 * 1024;

/// A hundred times of what is needed.
const PATIENCE: Duration = Duration::from_secs(20);

/// More of what a hint is part of, also with what may stand before another one.
const LONGER: [&str; 12] = [
    "akia",
    "akia-",
    "AKIA-",
    "Akia",
    "bearer",
    "bearer-",
    "password",
    "password-",
    "github_pat_",
    "password=( ",
    "token=(\"",
    "auth: a('",
];

fn is_done_in_time(line: String) -> bool {
    let (done, wait) = mpsc::channel();
    thread::spawn(move || {
        MASKER.mask(line.as_bytes(), &mut Scratch::default());
        done.send(())
    });
    wait.recv_timeout(PATIENCE).is_ok()
}

#[test]
fn a_line_of_nothing_but_hints_costs_no_more_than_its_length() {
    for piece in HINTS.iter().map(|(word, _)| *word).chain(LONGER) {
        assert!(is_done_in_time(piece.repeat(LENGTH / piece.len())), "{piece:?} takes too long");
    }
}
