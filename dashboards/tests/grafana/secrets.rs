//! No secret, address or name of a machine in anything that Grafana is given.

use std::fs;
use std::path::{Path, PathBuf};

use crate::board::folder;

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, found) } else { found.push(path) }
    }
}

fn texts() -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for name in ["sources", "dashboards", "provisioning"] {
        files(&folder(name), &mut found);
    }
    found.into_iter().map(|file| (file.clone(), fs::read_to_string(file).unwrap())).collect()
}

#[test]
fn no_address_of_a_machine() {
    for (file, text) in texts() {
        for word in text.split(|c: char| !(c.is_alphanumeric() || c == '.' || c == '-')) {
            let parts: Vec<_> = word.split('.').collect();
            let address = parts.len() == 4 && parts.iter().all(|part| part.parse::<u8>().is_ok());
            assert!(!address && word != "localhost", "{}: {word}", file.display());
        }
        assert!(!text.contains("://"), "{}: an address", file.display());
    }
}

#[test]
fn secrets_come_from_files() {
    let words = ["password:", "Password:", "token:", "secret:", "apiKey", "BEGIN "];
    for (file, text) in texts() {
        for line in text.lines().filter(|line| words.iter().any(|word| line.contains(word))) {
            assert!(
                line.trim_start().starts_with('#') || line.contains("$__file{/run/secrets/"),
                "{}: {line}",
                file.display()
            );
        }
    }
}

#[test]
fn no_path_of_somebodys_machine() {
    for (file, text) in texts() {
        for path in ["/home/", "/root/", "/tmp/", "/work/", "/Users/"] {
            assert!(!text.contains(path), "{}: {path}", file.display());
        }
    }
}
