//! The log of a container as Docker writes it, with lines of the site in it.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

const ID: &str = "5e1f5e1f5e1f5e1f5e1f5e1f5e1f5e1f5e1f5e1f5e1f5e1f5e1f5e1f5e1f5e1f";

/// Writes so many lines, below `root` as Docker would; gives the log's path.
pub fn write(root: &Path, count: u64) -> io::Result<PathBuf> {
    let folder = root.join(ID);
    fs::create_dir_all(&folder)?;
    let config = serde_json::json!({ "ID": ID, "Name": "/minitwit_web.1.t4sk", "Config": {
        "Image": "minitwit:1.0", "Labels": {
            "com.docker.swarm.service.name": "minitwit_web", "com.docker.stack.namespace": "minitwit",
            "com.docker.swarm.task": "", "com.docker.swarm.task.id": "t4sk",
            "com.docker.swarm.task.name": "minitwit_web.1.t4sk", "com.docker.swarm.node.id": "n0de" } } });
    fs::write(folder.join("config.v2.json"), config.to_string())?;
    let path = folder.join(format!("{ID}-json.log"));
    let mut log = BufWriter::with_capacity(1 << 20, File::create(&path)?);
    for number in 0..count {
        line(&mut log, number)?;
    }
    log.flush()?;
    Ok(path)
}

/// Writes one more line at the log's end.
///
/// # Errors
/// If it cannot be written.
pub fn append(log: &Path, number: u64) -> io::Result<()> {
    let mut entry = Vec::new();
    line(&mut entry, number)?;
    File::options().append(true).open(log)?.write_all(&entry)
}

fn line(log: &mut impl Write, number: u64) -> io::Result<()> {
    let (second, micro) = (number / 20_000 % 60, number % 20_000 * 50);
    let (user, status) = (number % 997, if number.is_multiple_of(50) { 404 } else { 200 });
    write!(
        log,
        r#"{{"log":"{{\"@timestamp\":\"2026-11-25T09:00:{second:02}.{micro:06}Z\",\"log\":{{\"level\":\"info\"}},\"message\":\"GET /user{user} {status}\",\"event\":{{\"dataset\":\"minitwit.request\",\"duration\":{micro}}},\"http\":{{\"response\":{{\"status_code\":{status}}}}},\"url\":{{\"path\":\"/user{user}\"}},\"client\":{{\"ip\":\"10.0.0.{}\"}}}}\n","stream":"stdout","time":"2026-11-25T09:00:{second:02}.{micro:06}123Z"}}"#,
        number % 250
    )?;
    log.write_all(b"\n")
}
