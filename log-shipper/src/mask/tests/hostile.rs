//! Lines that are made to cost much.

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::{MASKER, Scratch};
use crate::mask::hints::HINTS;

/// So long that a search which begins anew at each hint takes more than a minute.
const LENGTH: usize = 128 * 1024;

/// A hundred times of what is needed.
const PATIENCE: Duration = Duration::from_secs(20);

/// More of what a hint is part of, also with what may stand before another one.
const LONGER: [&str; 40] = [
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
    "mysql -",
    "curl -u '",
    "identified with '",
    "create IDENTIFIED WITH x ",
    "&lt;password&gt;",
    "name=\"password\">",
    "<name>password</name>\n",
    "\"password\",\n",
    "[[\"password\",\"",
    "\"value\":\"name\":\"password\",",
    ":password,value",
    "password is:",
    "password '",
    "password/",
    "password: |\n ",
    "password: a ",
    "password=a;b",
    "password: a&",
    "hooks.slack.com/services/",
    "pbkdf2,",
    "eyJ.",
    "eyJaaaaaaaa..a ",
    "s:8:\"password\";s:7:\"",
    "[password:]=>",
    "> AUTH ",
    "://a:b",
    "password ->\"",
    concat!("-----BEGIN PRI", "VATE KEY-----\""),
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
