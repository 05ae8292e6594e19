//! A file that holds one line after another.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use super::ledger::Ledger;
use super::shipper::append;

/// Such a file.
pub struct Plain {
    pub path: PathBuf,
    name: String,
    ledger: Ledger,
    lines: u32,
}

impl Plain {
    pub fn new(path: PathBuf, ledger: &Ledger) -> Self {
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        Self { path, name, ledger: ledger.clone(), lines: 0 }
    }

    /// Prints a line with a key and this text.
    pub fn print(&mut self, text: &str) {
        self.lines += 1;
        let key = format!("{}-{:06}", self.name, self.lines);
        let text = format!("#{key}# {text}");
        self.ledger.note(&key, &text, &self.name);
        append(&self.path, &format!("{text}\n"));
    }

    /// Prints so many lines.
    pub fn print_many(&mut self, lines: usize, text: &str) {
        (0..lines).for_each(|_| self.print(text));
    }

    /// Prints them with one write.
    pub fn print_many_at_once(&mut self, lines: usize, text: &str) {
        let mut all = String::new();
        for _ in 0..lines {
            self.lines += 1;
            let key = format!("{}-{:06}", self.name, self.lines);
            let line = format!("#{key}# {text}");
            self.ledger.note(&key, &line, &self.name);
            all.push_str(&line);
            all.push('\n');
        }
        append(&self.path, &all);
    }

    fn rotated(&self, number: u32) -> PathBuf {
        PathBuf::from(format!("{}.{number}", self.path.display()))
    }

    fn make_way(&self) {
        for number in (1..100).rev().filter(|number| self.rotated(*number).exists()).collect::<Vec<_>>() {
            fs::rename(self.rotated(number), self.rotated(number + 1)).unwrap();
        }
    }

    /// What logrotate does with `copytruncate`.
    pub fn copy_truncate(&mut self) {
        self.make_way();
        fs::copy(&self.path, self.rotated(1)).unwrap();
        File::options().write(true).open(&self.path).unwrap().set_len(0).unwrap();
    }

    /// What it does otherwise.
    pub fn rotate(&mut self) {
        self.make_way();
        fs::rename(&self.path, self.rotated(1)).unwrap();
    }
}

/// Replaces a file by another one that has the same inode, where the file system gives it; whether it did.
pub fn replace(path: &Path, content: &[u8]) -> bool {
    let inode = fs::metadata(path).unwrap().ino();
    let aside = path.parent().unwrap().join("aside");
    fs::create_dir_all(&aside).unwrap();
    fs::remove_file(path).unwrap();
    for attempt in 0..500 {
        let mut file = File::create(path).unwrap();
        if file.metadata().unwrap().ino() == inode || attempt == 499 {
            file.write_all(content).unwrap();
            break;
        }
        // It keeps its inode, so that the next one gets another.
        fs::rename(path, aside.join(attempt.to_string())).unwrap();
    }
    fs::remove_dir_all(aside).unwrap();
    fs::metadata(path).unwrap().ino() == inode
}
