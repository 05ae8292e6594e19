//! The Java of the machine.

use std::fs;
use std::path::PathBuf;

use crate::need;

/// The home of the oldest Java from `least` on: newer ones may have dropped what a server uses.
pub fn home(least: u32) -> Option<PathBuf> {
    let homes = fs::read_dir("/usr/lib/jvm").into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()));
    let suitable = homes.filter(|home| home.join("bin/java").is_file());
    let suitable = suitable.filter_map(|home| Some((version(&home.join("release"))?, home)));
    let oldest = suitable.filter(|(version, _)| *version >= least).min();
    need::found(&format!("Java {least} or newer under /usr/lib/jvm"), oldest.map(|(_, home)| home))
}

/// `17` of `JAVA_VERSION="17.0.15"`.
fn version(release: &std::path::Path) -> Option<u32> {
    let text = fs::read_to_string(release).ok()?;
    let version = text.lines().find_map(|line| line.strip_prefix("JAVA_VERSION=\""))?;
    version.split(['.', '"', '-', '+']).next()?.parse().ok()
}
