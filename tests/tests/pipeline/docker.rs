//! What Docker does with a container's output: its `json-file` driver, with rotation.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::thread::{self, JoinHandle};

use serde_json::json;

/// Docker writes as much of a line at once.
const PIECE: u64 = 16 * 1024;
/// The option `max-size`; there is no `max-file`.
const MAX_SIZE: u64 = 64 * 1024;
const ID: &str = "c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00c0ffee00";

/// A container's log.
pub struct Container {
    log: PathBuf,
    file: File,
    size: u64,
    rotations: u32,
}

impl Container {
    /// The container of this name, below `root`.
    pub fn run(root: &Path, name: &str) -> io::Result<Self> {
        let folder = root.join(ID);
        fs::create_dir_all(&folder)?;
        let config = json!({ "Image": "minitwit:1.0", "Labels": {} });
        let config = json!({ "ID": ID, "Name": format!("/{name}"), "Config": config });
        fs::write(folder.join("config.v2.json"), config.to_string())?;
        let log = folder.join(format!("{ID}-json.log"));
        Ok(Self { file: File::create(&log)?, log, size: 0, rotations: 0 })
    }

    /// Writes what comes out of a pipe until that ends; gives the number of whole lines.
    pub fn follow(mut self, output: impl Read + Send + 'static) -> JoinHandle<io::Result<u64>> {
        thread::spawn(move || {
            let (mut output, mut piece, mut lines) = (BufReader::new(output), Vec::new(), 0);
            while output.by_ref().take(PIECE).read_until(b'\n', &mut piece)? > 0 {
                self.entry(&piece, lines)?;
                lines += u64::from(piece.ends_with(b"\n"));
                piece.clear();
            }
            Ok(lines)
        })
    }

    /// The pieces of a line share its time, which here is a millisecond for each line.
    fn entry(&mut self, piece: &[u8], line: u64) -> io::Result<()> {
        let time = format!("2026-11-25T09:{:02}:{:02}.{:03}Z", line / 60_000, line / 1_000 % 60, line % 1_000);
        let text = json!(String::from_utf8_lossy(piece)).to_string();
        let text = text.replace('<', r"\u003c").replace('>', r"\u003e").replace('&', r"\u0026");
        let entry = format!("{{\"log\":{text},\"stream\":\"stdout\",\"time\":\"{time}\"}}\n");
        if self.size >= MAX_SIZE {
            self.rotate()?;
        }
        self.size += entry.len() as u64;
        self.file.write_all(entry.as_bytes())
    }

    fn rotate(&mut self) -> io::Result<()> {
        let rotated = |number: u32| self.log.with_extension(format!("log.{number}"));
        (1..=self.rotations).rev().try_for_each(|number| fs::rename(rotated(number), rotated(number + 1)))?;
        fs::rename(&self.log, rotated(1))?;
        self.rotations += 1;
        self.size = 0;
        self.file = File::create(&self.log)?;
        Ok(())
    }
}
