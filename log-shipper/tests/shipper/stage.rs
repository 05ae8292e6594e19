//! The program itself, with a state folder, a folder for logs, and the server of [`crate::sink`].

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use crate::sink::Sink;

/// Far more than anything here takes.
const DEADLINE: Duration = Duration::from_mins(1);

/// A place in which the program is run.
pub struct Stage {
    folder: TempDir,
    pub sink: Sink,
}

/// What a run of the program left.
#[derive(Debug)]
pub struct Ended {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

/// A program that runs; it is killed when it is dropped.
pub struct Running(Option<Child>);

impl Stage {
    pub async fn start() -> Self {
        let stage = Self { folder: tempfile::tempdir().unwrap(), sink: Sink::start().await };
        fs::create_dir(stage.path("logs")).unwrap();
        stage
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn state(&self) -> PathBuf {
        self.path("state")
    }

    /// A file of the folder for logs.
    pub fn log(&self, name: &str) -> PathBuf {
        self.path("logs").join(name)
    }

    /// Appends to a file of the folder for logs.
    pub fn print(&self, name: &str, text: impl AsRef<[u8]>) {
        let file = OpenOptions::new().append(true).create(true).open(self.log(name));
        file.unwrap().write_all(text.as_ref()).unwrap();
    }

    /// The program with these words and the state folder; nothing of the surroundings.
    pub fn program(&self, words: &[&str]) -> Command {
        let mut program = Command::new(env!("CARGO_BIN_EXE_log-shipper"));
        program.env_clear().env("HOME", "/nowhere").args(words).arg("--state").arg(self.state());
        program.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        program
    }

    /// The program as it ships the folder for logs.
    pub fn shipper(&self, words: &[&str]) -> Command {
        let mut program = self.program(&["run", "--operations-listen=off", "--retry-min=20ms", "--retry-max=100ms"]);
        program.args(["--elasticsearch", self.sink.url().as_str(), "--files"]).arg(self.log("*.log")).args(words);
        program
    }

    /// Ships all that is in the folder for logs.
    pub async fn once(&self) -> Ended {
        ended(self.shipper(&["--once"])).await
    }

    /// Runs a command to its end.
    pub async fn ask(&self, words: &[&str]) -> Ended {
        ended(self.program(words)).await
    }

    /// Messages of what is stored, sorted.
    pub fn messages(&self) -> Vec<String> {
        let message =
            |source: &str| serde_json::from_str::<Value>(source).unwrap()["message"].as_str().map(str::to_owned);
        let mut messages: Vec<_> =
            self.sink.documents().iter().filter_map(|document| message(&document.source)).collect();
        messages.sort();
        messages
    }
}

/// Runs a program to its end, while the server goes on answering.
pub async fn ended(mut program: Command) -> Ended {
    let output = tokio::task::spawn_blocking(move || program.output().unwrap());
    tokio::time::timeout(DEADLINE, output).await.expect("the program ends").unwrap().into()
}

/// Waits until something is true.
pub async fn until(what: &str, mut is_true: impl AsyncFnMut() -> bool) {
    let start = Instant::now();
    while !is_true().await {
        assert!(start.elapsed() < DEADLINE, "not in time: {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

impl From<Output> for Ended {
    fn from(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        Self { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }
}

impl Ended {
    /// The lines of standard output as JSON.
    pub fn json(&self) -> Vec<Value> {
        self.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    /// The last line of standard error.
    pub fn last(&self) -> &str {
        self.err.lines().last().unwrap_or_default()
    }
}

impl Running {
    pub fn start(mut program: Command) -> Self {
        Self(Some(program.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()))
    }

    /// Tells it to stop.
    pub fn terminate(&self) {
        let id = self.0.as_ref().unwrap().id().to_string();
        assert!(Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
    }

    /// Tells it to stop, and waits for its end.
    pub async fn stop(mut self) -> Option<i32> {
        self.terminate();
        let mut child = self.0.take().unwrap();
        let ended = tokio::task::spawn_blocking(move || child.wait().unwrap());
        tokio::time::timeout(DEADLINE, ended).await.expect("the program ends").unwrap().code()
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(mut child) = self.0.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

/// A folder of Docker's with a container of this name and id.
pub fn container(root: &Path, id: &str, name: &str) -> PathBuf {
    container_with(root, id, name, "{}")
}

/// The same, with labels as JSON.
pub fn container_with(root: &Path, id: &str, name: &str, labels: &str) -> PathBuf {
    let folder = root.join(id);
    fs::create_dir_all(&folder).unwrap();
    let config = format!(r#"{{"ID":"{id}","Name":"/{name}","Config":{{"Image":"site:1","Labels":{labels}}}}}"#);
    fs::write(folder.join("config.v2.json"), config).unwrap();
    folder.join(format!("{id}-json.log"))
}
