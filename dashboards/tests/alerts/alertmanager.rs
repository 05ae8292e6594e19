//! A real Alertmanager with the settings of the repository, which tells nobody: its secrets are not there.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::folder::alerts;
use crate::need::{installed, said};

const PATIENCE: Duration = Duration::from_secs(30);

/// It runs until it is dropped.
pub struct Alertmanager {
    process: Child,
    amtool: PathBuf,
    url: String,
}

impl Alertmanager {
    /// Starts one with its data in a folder of its own; none where it is not installed.
    pub fn start(name: &str) -> Option<Self> {
        let (program, amtool) = (installed(&["prometheus-alertmanager", "alertmanager"])?, installed(&["amtool"])?);
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let mut command = Command::new(program);
        command.arg(format!("--config.file={}", alerts("alertmanager.yml").display()));
        command.arg(format!("--storage.path={}", Path::new(env!("CARGO_TARGET_TMPDIR")).join(name).display()));
        command.args([&format!("--web.listen-address={address}"), "--cluster.listen-address="]);
        let process = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let started = Self { process, amtool, url: format!("http://{address}") };
        until("Alertmanager answers", || started.amtool().args(["config", "show"]).output().unwrap().status.success());
        Some(started)
    }

    /// An alert begins.
    pub fn fire(&self, labels: &[String]) {
        said(self.amtool().args(["alert", "add"]).args(labels));
    }

    /// An alert is over.
    pub fn resolve(&self, labels: &[String]) {
        let long_ago = ["--start=2020-01-01T00:00:00Z", "--end=2020-01-01T00:01:00Z"];
        said(self.amtool().args(["alert", "add"]).args(long_ago).args(labels));
    }

    /// Whether an alert is hidden by another one; none if there is no such alert.
    pub fn is_hidden(&self, labels: &[String]) -> Option<bool> {
        let mut query = self.amtool();
        query.args(["--output=json", "alert", "query", "--active", "--inhibited"]);
        let alerts: Vec<Value> = serde_json::from_str(&said(query.args(labels))).unwrap();
        let states: Vec<_> = alerts.iter().map(|alert| alert["status"]["state"] == "suppressed").collect();
        states.first().copied()
    }

    fn amtool(&self) -> Command {
        let mut command = Command::new(&self.amtool);
        command.arg(format!("--alertmanager.url={}", self.url));
        command
    }
}

impl Drop for Alertmanager {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// Waits until something is so.
///
/// # Panics
/// It takes too long.
pub fn until(what: &str, is_so: impl Fn() -> bool) {
    let begin = Instant::now();
    while !is_so() {
        assert!(begin.elapsed() < PATIENCE, "not in time: {what}");
        sleep(Duration::from_millis(20));
    }
}
