//! Rules of Prometheus as their files have them, their unit tests, and their runbooks.
//!
//! - [`rules`]: a file of rules: groups, alerts and what is recorded
//! - [`trials`]: a file of unit tests, as `promtool test rules` reads it
//! - [`runbook`]: what somebody does who is woken: sections and blocks to paste
//! - [`page`]: all runbooks, for a browser
//! - [`catalogue`]: what the README says of the alerts

mod catalogue;
mod page;
mod rules;
mod runbook;
mod trials;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

pub use catalogue::table;
pub use page::page;
pub use rules::{Group, Rule, RuleFile};
pub use runbook::{Block, Runbook, SECTIONS, Section};
pub use trials::{AlertCheck, Expected, ExpressionCheck, Sample, Series, Trial, TrialFile};

/// The files of rules in a folder, in the order of their names.
///
/// # Errors
/// The folder cannot be read, or a file has no rules: then file, line and column are named.
pub fn rule_files(folder: &Path) -> Result<Vec<RuleFile>> {
    files(folder, "yml")?.iter().map(|file| rules::read(file)).collect()
}

/// The files of unit tests in a folder, in the order of their names.
///
/// # Errors
/// As [`rule_files`].
pub fn trial_files(folder: &Path) -> Result<Vec<TrialFile>> {
    files(folder, "yml")?.iter().map(|file| trials::read(file)).collect()
}

/// The runbooks in a folder, in the order of their names.
///
/// # Errors
/// The folder or a file cannot be read.
pub fn runbooks(folder: &Path) -> Result<Vec<Runbook>> {
    files(folder, "md")?.iter().map(|file| runbook::read(file)).collect()
}

fn files(folder: &Path, extension: &str) -> Result<Vec<PathBuf>> {
    let entries = folder.read_dir().with_context(|| format!("cannot read {}", folder.display()))?;
    let mut files = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    files.retain(|file| file.extension().is_some_and(|found| found == extension));
    files.sort();
    Ok(files)
}

/// The text of a file and its name without folder and extension.
fn named(file: &Path) -> Result<(String, String)> {
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    let name = file.file_stem().map(|name| name.to_string_lossy().into_owned());
    Ok((name.with_context(|| format!("{} has no name", file.display()))?, text))
}
