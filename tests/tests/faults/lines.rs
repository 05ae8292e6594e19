//! Lines of which each has a number, and whether each of them has arrived.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::path::Path;

use anyhow::ensure;
use e2e::search_server::Document;
use serde_json::{Map, Value, json};

/// A file belongs to one lane, and all lanes shall have something to do.
const FILES: usize = 4;

/// Files that grow by numbered lines.
pub struct Lines {
    files: Vec<File>,
    printed: u64,
}

impl Lines {
    /// Empty files in a folder; their names end in `.log`.
    pub fn in_folder(folder: &Path) -> anyhow::Result<Self> {
        let file = |number| OpenOptions::new().append(true).create(true).open(folder.join(format!("{number}.log")));
        Ok(Self { files: (0..FILES).map(file).collect::<Result<_, _>>()?, printed: 0 })
    }

    /// How many there are; that is the number of the next one.
    pub fn printed(&self) -> u64 {
        self.printed
    }

    /// Prints so many, half of them as objects.
    pub fn print(&mut self, count: u64) -> anyhow::Result<()> {
        let mut texts = vec![String::new(); FILES];
        for number in self.printed..self.printed + count {
            let text = format!("#{number}# GET /public 200");
            let file = &mut texts[usize::try_from(number)? / 2 % FILES];
            if number % 2 == 0 { writeln!(file, "{text}")? } else { writeln!(file, "{}", json!({ "message": text }))? }
        }
        self.printed += count;
        let mut files = self.files.iter_mut().zip(texts);
        Ok(files.try_for_each(|(file, text)| file.write_all(text.as_bytes()))?)
    }

    /// Prints an object with a further member; gives its number.
    pub fn print_with(&mut self, name: &str, value: &Value) -> anyhow::Result<u64> {
        let number = self.printed;
        let members = [("message", json!(format!("#{number}# POST /login 302"))), (name, value.clone())];
        let object: Map<String, Value> = members.map(|(name, value)| (name.to_owned(), value)).into_iter().collect();
        self.printed += 1;
        writeln!(self.files[0], "{}", Value::from(object))?;
        Ok(number)
    }

    /// Each of them is in one document, but those that were `refused`, which are in none.
    pub fn are_in(&self, documents: &[Document], refused: &[u64]) -> anyhow::Result<()> {
        let mut places = BTreeMap::<u64, Vec<&str>>::new();
        for document in documents {
            let number = document.source["message"].as_str().and_then(number);
            let number = number.filter(|number| *number < self.printed);
            ensure!(number.is_some(), "nobody printed {document:?}");
            places.entry(number.unwrap_or_default()).or_default().push(&document.index);
        }
        let lost: Vec<u64> =
            (0..self.printed).filter(|number| places.contains_key(number) == refused.contains(number)).collect();
        let twice: Vec<_> = places.iter().filter(|(_, indices)| indices.len() > 1).collect();
        ensure!(
            lost.is_empty() && twice.is_empty(),
            "of {} lines {} are lost, or stored and refused: {:?}; {} are stored twice: {:?}",
            self.printed,
            lost.len(),
            &lost[..lost.len().min(9)],
            twice.len(),
            &twice[..twice.len().min(9)]
        );
        let ids: BTreeSet<&str> = documents.iter().map(|document| &*document.id).collect();
        ensure!(ids.len() == documents.len(), "an id is in two indices");
        Ok(())
    }
}

/// The number in a text.
pub fn number(text: &str) -> Option<u64> {
    text.split_once('#')?.1.split_once('#')?.0.parse().ok()
}
