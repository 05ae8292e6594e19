//! What was printed, and whether just that has arrived.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use serde_json::Value;

use crate::sink::Sink;

/// All lines that were printed, by the key that each of them has between two `#`. Clones share it.
#[derive(Clone, Default)]
pub struct Ledger(Arc<Mutex<BTreeMap<String, Printed>>>);

/// A line.
#[derive(Clone)]
struct Printed {
    /// The whole text, if the document has it.
    text: Option<String>,
    /// The physical file in which it began.
    file: String,
}

/// How documents differ from lines.
#[derive(Debug, Default)]
pub struct Difference {
    /// Keys without a document, by the file in which they were.
    pub lost: BTreeMap<String, Vec<String>>,
    /// Keys with several.
    pub twice: Vec<String>,
    /// Keys whose document has another text.
    pub wrong: Vec<String>,
    /// Documents without a key that was printed.
    pub strange: Vec<String>,
}

impl Ledger {
    /// Notes a line before it is printed.
    pub fn note(&self, key: &str, text: &str, file: &str) {
        self.insert(key, Some(text.to_owned()), file);
    }

    /// Notes a line whose text may change on the way.
    pub fn note_key(&self, key: &str, file: &str) {
        self.insert(key, None, file);
    }

    fn insert(&self, key: &str, text: Option<String>, file: &str) {
        let before = self.0.lock().unwrap().insert(key.to_owned(), Printed { text, file: file.to_owned() });
        assert!(before.is_none(), "{key} was printed before");
    }

    pub fn len(&self) -> usize {
        self.0.lock().unwrap().len()
    }

    /// Each line is one document, with its text.
    pub fn check(&self, sink: &Sink) {
        let Difference { lost, twice, wrong, strange } = self.compare(sink);
        let missing: usize = lost.values().map(Vec::len).sum();
        let clean = missing + twice.len() + wrong.len() + strange.len() == 0;
        let few = |keys: &[String]| keys.iter().take(5).cloned().collect::<Vec<_>>();
        let some: Vec<_> = lost.iter().take(5).map(|(file, keys)| (file, keys.len(), few(keys))).collect();
        assert!(
            clean,
            "of {}: {missing} lost {some:?}, {} twice {:?}, {} wrong {:?}, {} strange {:?}",
            self.len(),
            twice.len(),
            few(&twice),
            wrong.len(),
            few(&wrong),
            strange.len(),
            few(&strange)
        );
        assert_eq!(sink.repeats(), 0, "no id is stored in two indices");
    }

    /// How what has arrived differs from what was printed.
    pub fn compare(&self, sink: &Sink) -> Difference {
        let printed = self.0.lock().unwrap();
        let mut difference = Difference::default();
        let mut arrived = BTreeMap::<String, usize>::new();
        for document in sink.documents() {
            let key = key(&document.source).filter(|key| printed.contains_key(*key));
            let Some(key) = key else {
                let (start, end) = (document.source.len().min(200), document.source.len().saturating_sub(300));
                difference.strange.push(format!(
                    "{} …{} {}",
                    &document.source[..start],
                    &document.source[end..],
                    document.id
                ));
                continue;
            };
            *arrived.entry(key.to_owned()).or_default() += 1;
            let message =
                || Some(serde_json::from_str::<Value>(&document.source).unwrap()["message"].as_str()?.to_owned());
            if let Some(text) = &printed[key].text
                && message().as_ref() != Some(text)
            {
                difference.wrong.push(format!("{key}: {}", document.source.chars().take(300).collect::<String>()));
            }
        }
        difference.twice = arrived.iter().filter(|(_, count)| **count > 1).map(|(key, _)| key.clone()).collect();
        for (key, line) in printed.iter().filter(|(key, _)| !arrived.contains_key(*key)) {
            difference.lost.entry(line.file.clone()).or_default().push(key.clone());
        }
        difference
    }

    /// How many lines began in this file.
    pub fn lines_of(&self, file: &str) -> usize {
        self.0.lock().unwrap().values().filter(|line| line.file == file).count()
    }
}

/// The key in a document, wherever it is.
pub fn key(source: &str) -> Option<&str> {
    source.split_once('#')?.1.split_once('#').map(|(key, _)| key)
}
