//! A folder like Docker's, written to just as its json-file driver does.

use std::fmt::Write as _;
use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use tempfile::TempDir;

use super::ledger::Ledger;
use super::shipper::append_bytes;

/// Docker writes as much of a line at once.
pub const PIECE: usize = 16 * 1024;

/// The folder of all containers.
pub struct Docker {
    root: TempDir,
    ledger: Ledger,
    containers: u32,
}

/// Options of the driver.
#[derive(Clone, Copy)]
pub struct Rotation {
    pub max_size: u64,
    pub max_file: u32,
    pub compress: bool,
}

/// A container that prints.
pub struct Container {
    pub id: String,
    pub folder: PathBuf,
    name: String,
    ledger: Ledger,
    /// None if it is opened for each entry, because there are so many.
    file: Option<File>,
    size: u64,
    rotation: Option<Rotation>,
    nanos: u64,
    lines: u32,
    generation: u32,
}

/// A line that is being printed, piece by piece.
pub struct Spoken {
    pieces: Vec<String>,
    next: usize,
    time: String,
}

impl Docker {
    pub fn new(ledger: &Ledger) -> Self {
        Self { root: tempfile::tempdir().unwrap(), ledger: ledger.clone(), containers: 0 }
    }

    pub fn path(&self) -> &Path {
        self.root.path()
    }

    /// Starts a container.
    pub fn run(&mut self, rotation: Option<Rotation>) -> Container {
        self.run_with(rotation, &serde_json::json!({}))
    }

    /// Starts one whose log is not held open.
    pub fn run_closed(&mut self, rotation: Option<Rotation>) -> Container {
        Container { file: None, ..self.run(rotation) }
    }

    /// Starts one with labels.
    pub fn run_with(&mut self, rotation: Option<Rotation>, labels: &serde_json::Value) -> Container {
        self.containers += 1;
        let (name, id) = (format!("c{}", self.containers), format!("{:064x}", 0xabc0_0000_u32 + self.containers));
        let folder = self.path().join(&id);
        fs::create_dir(&folder).unwrap();
        let config =
            serde_json::json!({"ID": id, "Name": format!("/{name}"), "Config": {"Image": "app:1", "Labels": labels}});
        let temporary = folder.join(".tmp-config.v2.json");
        fs::write(&temporary, config.to_string()).unwrap();
        fs::rename(temporary, folder.join("config.v2.json")).unwrap();
        let file = OpenOptions::new().append(true).create(true).open(folder.join(format!("{id}-json.log"))).unwrap();
        let file = Some(file);
        let ledger = self.ledger.clone();
        Container { id, folder, name, ledger, file, size: 0, rotation, nanos: 0, lines: 0, generation: 0 }
    }
}

impl Spoken {
    /// Whether so many pieces are printed.
    pub fn is_at(&self, pieces: usize) -> bool {
        self.next == pieces
    }
}

impl Container {
    pub fn log(&self) -> PathBuf {
        self.folder.join(format!("{}-json.log", self.id))
    }

    fn rotated(&self, number: u32, extension: &str) -> PathBuf {
        self.folder.join(format!("{}-json.log.{number}{extension}", self.id))
    }

    /// The physical file that is written to, as the ledger names it.
    pub fn file(&self) -> String {
        format!("{}/{}", self.name, self.generation)
    }

    /// Prints a line with a key and this text.
    pub fn print(&mut self, text: &str) {
        self.print_to("stdout", text);
    }

    pub fn print_to(&mut self, output: &str, text: &str) {
        let mut spoken = self.begin(text);
        while self.piece(output, &mut spoken) {}
    }

    /// Prints an object whose `message` has a key and this text.
    pub fn print_object(&mut self, text: &str) {
        let (key, message) = self.keyed(text);
        self.ledger.note(&key, &message, &self.file());
        let text = serde_json::json!({"event": {"action": "visit"}, "message": message, "n": self.lines}).to_string();
        let time = self.time();
        self.entry(&text, true, "stdout", &time);
    }

    /// Prints a text as it is, in pieces; the ledger knows its key alone.
    pub fn print_raw_text(&mut self, key: &str, text: &str) {
        self.ledger.note_key(key, &self.file());
        let mut spoken = self.spoken(text);
        while self.piece("stdout", &mut spoken) {}
    }

    /// Prints all pieces but the last one, and no more.
    pub fn dies_speaking(&mut self, output: &str, text: &str) {
        let (key, text) = self.keyed(text);
        self.ledger.note(&key, &text[..text.len() / PIECE * PIECE], &self.file());
        let mut spoken = self.spoken(&text);
        while spoken.next + 1 < spoken.pieces.len() {
            self.piece(output, &mut spoken);
        }
    }

    /// Prints a text that the ledger does not know.
    pub fn print_unnoted(&mut self, text: &str) {
        let time = self.time();
        self.entry(text, true, "stdout", &time);
    }

    /// Begins a line; nothing is printed yet.
    pub fn begin(&mut self, text: &str) -> Spoken {
        let (key, text) = self.keyed(text);
        self.ledger.note(&key, &text, &self.file());
        self.spoken(&text)
    }

    /// Begins a line of which documents have only the first `limit` bytes.
    pub fn begin_long(&mut self, text: &str, limit: usize) -> Spoken {
        let (key, text) = self.keyed(text);
        self.ledger.note(&key, &text[..limit.min(text.len())], &self.file());
        self.spoken(&text)
    }

    fn spoken(&mut self, text: &str) -> Spoken {
        let whole = format!("{text}\n");
        let pieces = whole.as_bytes().chunks(PIECE).map(|piece| String::from_utf8_lossy(piece).into_owned()).collect();
        Spoken { pieces, next: 0, time: self.time() }
    }

    /// Prints the next piece of a line; whether there is more.
    pub fn piece(&mut self, output: &str, spoken: &mut Spoken) -> bool {
        let text = &spoken.pieces[spoken.next];
        spoken.next += 1;
        self.entry(text.trim_end_matches('\n'), text.ends_with('\n'), output, &spoken.time);
        spoken.next < spoken.pieces.len()
    }

    /// Prints the next piece as the last one, without the end of a line: the container died.
    pub fn last_words(&mut self, output: &str, text: &str) {
        let (key, text) = self.keyed(text);
        self.ledger.note(&key, &text, &self.file());
        let time = self.time();
        self.entry(&text, false, output, &time);
    }

    /// A text with its key, which begins in the file that the ledger is then told.
    fn keyed(&mut self, text: &str) -> (String, String) {
        self.rotate_if_full();
        self.lines += 1;
        let key = format!("{}-{:06}", self.name, self.lines);
        let text = format!("#{key}# {text}");
        (key, text)
    }

    /// RFC 3339 with nanoseconds, without zeros at the end.
    pub fn time(&mut self) -> String {
        self.nanos += 1_000_003 + u64::from(self.lines % 7) * 1_000;
        let (seconds, nanos) = (self.nanos / 1_000_000_000, self.nanos % 1_000_000_000);
        let fraction = format!("{nanos:09}");
        let fraction = fraction.trim_end_matches('0');
        let dot = if fraction.is_empty() { "" } else { "." };
        format!("2026-11-25T{:02}:{:02}:{:02}{dot}{fraction}Z", seconds / 3600, seconds / 60 % 60, seconds % 60)
    }

    fn entry(&mut self, text: &str, ends: bool, output: &str, time: &str) {
        let text = quoted(text);
        let end = if ends { r"\n" } else { "" };
        self.bytes(format!("{{\"log\":\"{text}{end}\",\"stream\":\"{output}\",\"time\":\"{time}\"}}\n").as_bytes());
    }

    /// Writes to the log, after a rotation if it is full.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.rotate_if_full();
        match &mut self.file {
            Some(file) => file.write_all(bytes).unwrap(),
            None => append_bytes(&self.log(), bytes),
        }
        self.size += bytes.len() as u64;
    }

    fn rotate_if_full(&mut self) {
        if self.rotation.is_some_and(|rotation| self.size >= rotation.max_size) {
            self.rotate();
        }
    }

    /// What the driver does when a file is full.
    pub fn rotate(&mut self) {
        let Rotation { max_file, compress, .. } =
            self.rotation.unwrap_or(Rotation { max_size: 0, max_file: 1_000, compress: false });
        let extension = if compress { ".gz" } else { "" };
        if max_file > 1 {
            // What is not there need not be removed or renamed.
            let _ = fs::remove_file(self.rotated(max_file - 1, extension));
            let kept = (1..max_file - 1).rev().filter(|number| self.rotated(*number, extension).exists());
            for number in kept.collect::<Vec<_>>() {
                fs::rename(self.rotated(number, extension), self.rotated(number + 1, extension)).unwrap();
            }
            fs::rename(self.log(), self.rotated(1, "")).unwrap();
        }
        self.file = Some(OpenOptions::new().write(true).truncate(true).create(true).open(self.log()).unwrap());
        self.size = 0;
        self.generation += 1;
        if compress && max_file > 1 {
            compress_file(&self.rotated(1, ""));
        }
    }

    /// What logrotate does: a copy of the log, which is then cut to nothing.
    pub fn copy_truncate(&mut self) {
        for number in (1..100).rev().filter(|number| self.rotated(*number, "").exists()).collect::<Vec<_>>() {
            fs::rename(self.rotated(number, ""), self.rotated(number + 1, "")).unwrap();
        }
        fs::copy(self.log(), self.rotated(1, "")).unwrap();
        File::options().write(true).open(self.log()).unwrap().set_len(0).unwrap();
        self.generation += 1;
        self.size = 0;
    }

    /// Docker removes the container.
    pub fn remove(self) {
        fs::remove_dir_all(&self.folder).unwrap();
    }
}

/// Docker writes `.gz` beside the file, and then removes that.
fn compress_file(path: &Path) {
    let mut name = path.as_os_str().to_owned();
    name.push(".gz");
    let mut encoder = GzEncoder::new(File::create(name).unwrap(), Compression::fast());
    std::io::copy(&mut File::open(path).unwrap(), &mut encoder).unwrap();
    encoder.finish().unwrap();
    fs::remove_file(path).unwrap();
}

/// As Docker writes a text between quotes.
pub fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '"' | '\\' => quoted.extend(['\\', character]),
            '\n' => quoted.push_str(r"\n"),
            '\r' => quoted.push_str(r"\r"),
            '\t' => quoted.push_str(r"\t"),
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' | '\0'..' ' => {
                write!(quoted, r"\u{:04x}", u32::from(character)).unwrap();
            }
            _ => quoted.push(character),
        }
    }
    quoted
}
