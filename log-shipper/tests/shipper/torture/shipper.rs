//! The real program, as a process that can be stopped and killed.

use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::docker::Docker;
use super::ledger::Ledger;
use crate::sink::Sink;

/// How long anything may take; far more than it does.
pub const DEADLINE: Duration = Duration::from_mins(1);

/// How the program is started, and where it keeps things.
pub struct Setup {
    folder: TempDir,
    arguments: Vec<String>,
    port: u16,
}

/// The program at work; killed when it is dropped.
pub struct Shipper {
    process: Child,
}

impl Setup {
    pub fn new(sink: &Sink) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let setup = Self { folder: tempfile::tempdir().unwrap(), arguments: Vec::new(), port };
        let state = setup.state().display().to_string();
        setup
            .with("--elasticsearch", sink.url().as_str())
            .with("--state", &state)
            .with("--operations-listen", &format!("127.0.0.1:{port}"))
            .with("--retry-min", "5ms")
            .with("--retry-max", "50ms")
            .with("--batch-age", "20ms")
    }

    pub fn of(sink: &Sink, docker: &Docker) -> Self {
        Self::new(sink).with("--docker-root", &docker.path().display().to_string())
    }

    /// With a flag; a later one beats an earlier one of the same name.
    pub fn with(mut self, flag: &str, value: &str) -> Self {
        let repeatable = ["--include", "--exclude", "--files", "--mask"].contains(&flag);
        if let Some(at) = self.arguments.iter().position(|known| known == flag).filter(|_| !repeatable) {
            value.clone_into(&mut self.arguments[at + 1]);
            return self;
        }
        self.arguments.extend([flag.to_owned(), value.to_owned()]);
        self
    }

    pub fn state(&self) -> PathBuf {
        self.folder.path().join("state")
    }

    fn own_log(&self) -> PathBuf {
        self.folder.path().join("own.log")
    }

    /// What the program has said in all its lives.
    pub fn said(&self) -> String {
        fs::read_to_string(self.own_log()).unwrap_or_default()
    }

    fn command(&self, within: &[&str], more: &[&str]) -> Command {
        let log = || OpenOptions::new().append(true).create(true).open(self.own_log()).unwrap();
        let words = [within, &[env!("CARGO_BIN_EXE_log-shipper")]].concat();
        let mut command = Command::new(words[0]);
        command.env_clear().env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        command.args(&words[1..]).arg("run").args(&self.arguments).args(more);
        command.stdin(Stdio::null()).stdout(log()).stderr(log());
        command
    }

    pub fn start(&self) -> Shipper {
        self.start_with(&[])
    }

    pub fn start_with(&self, more: &[&str]) -> Shipper {
        Shipper { process: self.command(&[], more).spawn().unwrap() }
    }

    /// Starts it by another program, which is replaced by it.
    pub fn start_in(&self, within: &[&str]) -> Shipper {
        Shipper { process: self.command(within, &[]).spawn().unwrap() }
    }

    /// Ships all there is.
    pub fn once(&self) -> ExitStatus {
        self.start_with(&["--once"]).ended()
    }

    /// Whether the running program can be asked and told things.
    pub fn listens(&self) -> bool {
        TcpStream::connect(("127.0.0.1", self.port)).is_ok()
    }

    /// A number that the running program tells; of one with labels, the sum.
    pub fn metric(&self, name: &str) -> f64 {
        let text = self.metrics();
        let values = text.lines().filter(|line| line.starts_with(name)).filter_map(|line| line.rsplit(' ').next());
        values.map(|value| value.parse::<f64>().unwrap()).sum()
    }

    /// All that the running program tells.
    pub fn metrics(&self) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.write_all(b"GET /metrics HTTP/1.0\r\n\r\n").unwrap();
        let mut text = String::new();
        stream.read_to_string(&mut text).unwrap();
        text
    }

    /// All dead letters, one JSON object each.
    pub fn dead_letters(&self) -> Vec<String> {
        let files = fs::read_dir(self.state().join("dead-letters")).into_iter().flatten();
        let mut paths: Vec<PathBuf> = files.map(|entry| entry.unwrap().path()).collect();
        paths.sort();
        let texts = paths.iter().map(|path| fs::read_to_string(path).unwrap_or_default());
        texts
            .flat_map(|text| text.lines().filter(|line| line.starts_with('{')).map(str::to_owned).collect::<Vec<_>>())
            .collect()
    }

    /// Waits until all lines are there; then the program has to end well, and to find nothing more to send.
    pub async fn finish(&self, shipper: Shipper, sink: &Sink, ledger: &Ledger) {
        self.all_there(sink, ledger).await;
        until("it can be told to end", || self.listens());
        assert!(shipper.terminate().success(), "it ends well");
        // What the server has may not be acknowledged yet.
        assert!(self.once().success());
        self.rests(sink);
        ledger.check(sink);
    }

    /// Waits until there is a document for each line.
    pub async fn all_there(&self, sink: &Sink, ledger: &Ledger) {
        let enough = |sink: &Sink| sink.size() >= ledger.len();
        if !sink.in_time(enough).await {
            // Says what is missing.
            ledger.check(sink);
        }
    }

    /// Everything is done: another run sends nothing.
    pub fn rests(&self, sink: &Sink) {
        let requests = sink.seen().len();
        assert!(self.once().success());
        assert_eq!(sink.seen().len(), requests, "a second run sends nothing");
    }
}

impl Drop for Setup {
    fn drop(&mut self) {
        if std::thread::panicking() {
            let said = self.said();
            let start = said.len().saturating_sub(6_000);
            eprintln!("the program said: …{}", said.get(start..).unwrap_or(&said));
        }
    }
}

impl Shipper {
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// `kill -9`
    pub fn kill(mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }

    /// Stops it until it is sent CONT; afterwards, none of its threads is in the midst of anything.
    pub fn halt(&self) {
        self.signal("STOP");
        until("each thread stands still", || self.stands_still());
    }

    fn stands_still(&self) -> bool {
        let tasks = fs::read_dir(format!("/proc/{}/task", self.id())).unwrap();
        let stat = |task: fs::DirEntry| fs::read_to_string(task.path().join("stat")).unwrap_or_default();
        tasks.flatten().map(stat).all(|stat| stat.rsplit_once(") ").is_some_and(|(_, rest)| rest.starts_with('T')))
    }

    pub fn signal(&self, name: &str) {
        let kill = format!("kill -{name} {}", self.id());
        assert!(Command::new("sh").args(["-c", &kill]).status().unwrap().success());
    }

    /// SIGTERM, and waits for the end.
    pub fn terminate(self) -> ExitStatus {
        self.signal("TERM");
        self.ended()
    }

    /// Waits for its end.
    pub fn ended(mut self) -> ExitStatus {
        let end = Instant::now() + DEADLINE;
        while Instant::now() < end {
            if let Some(status) = self.process.try_wait().unwrap() {
                return status;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        panic!("the program does not end");
    }
}

impl Drop for Shipper {
    fn drop(&mut self) {
        // It may have ended.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Waits until something is true.
pub fn until(what: &str, is_true: impl Fn() -> bool) {
    let end = Instant::now() + DEADLINE;
    while !is_true() {
        assert!(Instant::now() < end, "not in time: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Appends to a file.
pub fn append(path: &Path, text: &str) {
    append_bytes(path, text.as_bytes());
}

pub fn append_bytes(path: &Path, bytes: &[u8]) {
    let mut file: File = OpenOptions::new().append(true).create(true).open(path).unwrap();
    file.write_all(bytes).unwrap();
}
