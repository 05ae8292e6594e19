//! What a test needs from the machine and may not find there.

use std::env;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// Passes on what was found. If nothing was, says on stderr that the test is skipped.
///
/// # Panics
/// Nothing was found and `REQUIRE_SERVICES` is `1`: then a test must not pass because something is missing.
pub fn found<T>(what: &str, thing: Option<T>) -> Option<T> {
    if thing.is_none() {
        assert!(env::var_os("REQUIRE_SERVICES").is_none_or(|value| value != "1"), "needs {what}");
        // Not `eprintln!`, whose text the test harness shows of failed tests only.
        drop(writeln!(std::io::stderr(), "skipped: needs {what}"));
    }
    thing
}

/// The program `minitwit`: the one that `MINITWIT_BINARY` names, else the newest that lies in a profile's folder of this
/// build, as `cargo build` leaves it.
#[must_use]
pub fn program() -> Option<PathBuf> {
    built("minitwit", "MINITWIT_BINARY", "cargo build")
}

/// The program `log-shipper`, in the same way: `LOG_SHIPPER_BINARY`, else the newest of this build.
#[must_use]
pub fn shipper() -> Option<PathBuf> {
    built("log-shipper", "LOG_SHIPPER_BINARY", "cargo build -p log-shipper")
}

fn built(name: &str, variable: &str, command: &str) -> Option<PathBuf> {
    if let Some(given) = env::var_os(variable) {
        let file = Some(PathBuf::from(given)).filter(|path| path.is_file());
        return found(&format!("the program that {variable} names"), file);
    }
    let built = ["release", "debug"].iter().filter_map(|profile| above(&Path::new(profile).join(name), Path::is_file));
    found(&format!("the program {name}, which `{command}` makes"), built.max_by_key(|path| age(path)))
}

/// A folder of what `tests/run install` unpacks: where everybody may enter, if it had to go there, or in the build's own
/// folder.
#[must_use]
pub fn unpacked(what: &str, name: &str) -> Option<PathBuf> {
    let everybodys = Some(Path::new("/opt/minitwit").join(name)).filter(|folder| folder.is_dir());
    let folder = everybodys.or_else(|| above(&Path::new("tools").join(name), Path::is_dir));
    found(&format!("{what}, which `tests/run install` unpacks"), folder)
}

/// A program of the machine, by the first of `names` that `PATH` has.
#[must_use]
pub fn installed(what: &str, names: &[&str]) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let folders: Vec<PathBuf> = env::split_paths(&path).collect();
    let candidates = names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    found(what, candidates.into_iter().find(|path| path.is_file()))
}

/// What lies under that name in the nearest folder above this program that has it: the build's, wherever that is. Cargo
/// marks the build's folder only if nobody made it before.
fn above(name: &Path, is_one: fn(&Path) -> bool) -> Option<PathBuf> {
    let own = env::current_exe().ok()?;
    own.ancestors().map(|folder| folder.join(name)).find(|path| is_one(path))
}

fn age(path: &Path) -> Option<SystemTime> {
    path.metadata().and_then(|metadata| metadata.modified()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_found_by_any_of_its_names() {
        assert!(installed("a shell", &["no-such-shell", "sh"]).is_some());
    }

    #[test]
    fn what_is_there_is_passed_on() {
        assert_eq!(found("a number", Some(7)), Some(7));
    }
}
