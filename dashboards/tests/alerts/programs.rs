//! Prometheus' own tool reads the settings and rules without a complaint, and all their unit tests pass.

use std::path::Path;
use std::process::Command;
use std::sync::Mutex;
use std::thread;

use crate::folder::{alerts, with_extension};
use crate::need::{installed, said};

fn promtool() -> Option<Command> {
    let mut command = Command::new(installed(&["promtool"])?);
    command.current_dir(alerts(""));
    Some(command)
}

#[test]
fn the_rules_pass_every_check() {
    let Some(mut promtool) = promtool() else { return };
    let files = with_extension(&alerts("rules"), "yml");
    said(promtool.args(["check", "rules", "--lint=all", "--lint-fatal"]).args(files));
}

#[test]
fn the_settings_pass_every_check_and_find_all_rules() {
    let Some(mut promtool) = promtool() else { return };
    let text = said(promtool.args(["check", "config", "--lint=all", "--lint-fatal", "prometheus.yml"]));
    let found = format!("{} rule files found", with_extension(&alerts("rules"), "yml").len());
    assert!(text.contains(&found), "{text}");
}

#[test]
fn the_unit_tests_pass() {
    if promtool().is_none() {
        return;
    }
    // Two at a time: each is busy with one processor.
    let files = Mutex::new(with_extension(&alerts("tests"), "yml"));
    let run = || {
        while let Some(file) = { files.lock().unwrap().pop() } {
            passes(&file);
        }
    };
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(run);
        }
    });
}

fn passes(file: &Path) {
    let Some(mut promtool) = promtool() else { return };
    said(promtool.args(["test", "rules"]).arg(file));
}
