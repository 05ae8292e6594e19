//! The numbers of lines, and whether there is one document for each.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, ensure};
use e2e::search_server::Document;
use serde_json::Value;

/// Numbers of lines, each with the key of whoever counted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Numbers(BTreeSet<(String, u64)>);

impl Numbers {
    /// All that `key` counted.
    pub fn up_to(key: &str, last: u64) -> Self {
        Self((1..=last).map(|number| (key.to_owned(), number)).collect())
    }

    /// What was told in a folder: the last number of each key.
    pub fn told(folder: &Path) -> anyhow::Result<Self> {
        let mut all = Self::default();
        for (key, last) in counters(folder)? {
            all.add(Self::up_to(&key, last));
        }
        Ok(all)
    }

    /// What Docker has written down of all containers, also in files that it has rotated.
    pub fn logged(containers: &Path) -> anyhow::Result<Self> {
        let mut all = Self::default();
        for folder in fs::read_dir(containers)? {
            for file in fs::read_dir(folder?.path())? {
                let path = file?.path();
                if path.to_string_lossy().contains("-json.log") {
                    all.0.extend(fs::read_to_string(path)?.lines().filter_map(entry));
                }
            }
        }
        Ok(all)
    }

    /// All of both.
    pub fn add(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    pub fn len(&self) -> u64 {
        self.0.len() as u64
    }

    /// Each is in one document, of the right output, and no other number is in any; those that are in none are given back.
    pub fn missing(&self, documents: &[Document]) -> anyhow::Result<Vec<(String, u64)>> {
        let mut found = BTreeMap::<(String, u64), usize>::new();
        for document in documents {
            let counted = document.source["message"].as_str().and_then(counted);
            let counted = counted.filter(|counted| self.0.contains(counted));
            let counted = counted.with_context(|| format!("nobody counted {document:?}"))?;
            let output = if counted.1 % 2 == 1 { "stdout" } else { "stderr" };
            ensure!(document.source["stream"] == output, "not of {output}: {document:?}");
            *found.entry(counted).or_default() += 1;
        }
        let twice: Vec<_> = found.iter().filter(|(_, times)| **times > 1).collect();
        ensure!(twice.is_empty(), "{} are stored twice: {:?}", twice.len(), &twice[..twice.len().min(9)]);
        let ids: BTreeSet<&str> = documents.iter().map(|document| &*document.id).collect();
        ensure!(ids.len() == documents.len(), "an id is in two indices");
        Ok(self.0.iter().filter(|counted| !found.contains_key(*counted)).cloned().collect())
    }
}

/// Who counts in a folder, and which number was told last.
pub fn counters(folder: &Path) -> anyhow::Result<BTreeMap<String, u64>> {
    let mut all = BTreeMap::new();
    for file in fs::read_dir(folder)? {
        let file = file?;
        let numbers = fs::read_to_string(file.path())?;
        // A container that has just begun has told nothing.
        let number = numbers.lines().last().map_or(Ok(0), str::parse)?;
        all.insert(file.file_name().to_string_lossy().into_owned(), number);
    }
    Ok(all)
}

/// The number of one of Docker's entries.
fn entry(line: &str) -> Option<(String, u64)> {
    let entry: Value = serde_json::from_str(line).ok()?;
    counted(entry["log"].as_str()?)
}

/// `("first", 7)` of `#first-7# text`.
fn counted(text: &str) -> Option<(String, u64)> {
    let (key, number) = text.split_once('#')?.1.split_once('#')?.0.rsplit_once('-')?;
    Some((key.to_owned(), number.parse().ok()?))
}
