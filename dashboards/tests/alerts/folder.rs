//! The folder `alerts/` of the repository, and what lies in it.

use std::fs;
use std::path::{Path, PathBuf};

use dashboards::alerts::{self, Rule, RuleFile, Runbook, TrialFile};

/// A file or folder below `alerts/`.
pub fn alerts(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../alerts").join(name)
}

/// The text of a file.
pub fn text(file: &Path) -> String {
    fs::read_to_string(file).unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}

/// All files below a folder.
pub fn below(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = entries.flat_map(|path| if path.is_dir() { below(&path) } else { vec![path] }).collect();
    files.sort();
    files
}

/// The files of a folder with this extension, by name.
pub fn with_extension(folder: &Path, extension: &str) -> Vec<PathBuf> {
    below(folder).into_iter().filter(|file| file.extension().is_some_and(|found| found == extension)).collect()
}

pub fn rule_files() -> Vec<RuleFile> {
    alerts::rule_files(&alerts("rules")).unwrap_or_else(|error| panic!("{error:#}"))
}

pub fn trial_files() -> Vec<TrialFile> {
    alerts::trial_files(&alerts("tests")).unwrap_or_else(|error| panic!("{error:#}"))
}

pub fn runbooks() -> Vec<Runbook> {
    alerts::runbooks(&alerts("runbooks")).unwrap_or_else(|error| panic!("{error:#}"))
}

/// All rules, alerts and what is recorded.
pub fn all_rules() -> Vec<Rule> {
    rule_files().into_iter().flat_map(|file| file.groups).flat_map(|group| group.rules).collect()
}

/// All rules that are alerts.
pub fn all_alerts() -> Vec<Rule> {
    let found: Vec<_> = all_rules().into_iter().filter(|rule| rule.alert.is_some()).collect();
    assert!(found.len() > 60, "only {} alerts were found", found.len());
    found
}

/// The labels that tell a rule from another one of the same name.
pub fn described(rule: &Rule) -> String {
    format!("{} {:?}", rule.name(), rule.labels)
}
