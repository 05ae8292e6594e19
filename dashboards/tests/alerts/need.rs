//! What a test needs from the machine and may not find there, as the crate `e2e` has it.

use std::env;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output};

/// A program of the machine, by the first of `names` that `PATH` has. Without it the test is skipped and says so on stderr, or
/// fails if `REQUIRE_SERVICES` is `1`.
pub fn installed(names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = env::split_paths(&path).collect();
    let candidates = names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    let found = candidates.into_iter().find(|path| path.is_file());
    if found.is_none() {
        assert!(env::var_os("REQUIRE_SERVICES").is_none_or(|value| value != "1"), "needs {}", names[0]);
        // Not `eprintln!`, whose text the test harness shows of failed tests only.
        drop(writeln!(std::io::stderr(), "skipped: needs {}", names[0]));
    }
    found
}

/// What a command says on its standard output; it has to succeed.
pub fn said(command: &mut Command) -> String {
    let Output { status, stdout, stderr } = command.output().unwrap();
    let text = String::from_utf8_lossy(&stdout).into_owned();
    assert!(status.success(), "{command:?}\n{text}{}", String::from_utf8_lossy(&stderr));
    text
}
