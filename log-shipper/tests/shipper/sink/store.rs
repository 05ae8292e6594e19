//! The documents, by index and id. Every target is a data stream, made by the first document.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

/// A document as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    pub index: String,
    pub id: String,
    /// One line of JSON; empty if only ids are kept.
    pub source: String,
}

/// An item of a bulk request.
pub(super) struct Item<'a> {
    pub(super) target: String,
    pub(super) id: String,
    pub(super) source: &'a [u8],
}

#[derive(Default)]
pub(super) struct Store {
    streams: HashMap<String, Vec<String>>,
    documents: HashMap<String, HashMap<String, Box<[u8]>>>,
    pub(super) conflicts: usize,
    pub(super) creates_nothing: bool,
    pub(super) ids_only: bool,
    pub(super) numbers: Option<Numbers>,
}

/// The numbers of lines that came, a bit each.
#[derive(Default)]
pub(super) struct Numbers {
    seen: Vec<u64>,
    different: u64,
    again: u64,
}

impl Numbers {
    pub(super) fn count(&self) -> (u64, u64) {
        (self.different, self.again)
    }

    fn note(&mut self, source: &[u8]) {
        let number = source.split(|byte| *byte == b'#').nth(1).and_then(|number| str::from_utf8(number).ok());
        let number: usize = number.expect("a line has a number").parse().expect("that is one");
        let (place, bit) = (number / 64, 1 << (number % 64));
        self.seen.resize(self.seen.len().max(place + 1), 0);
        let is_new = self.seen[place] & bit == 0;
        self.seen[place] |= bit;
        self.different += u64::from(is_new);
        self.again += u64::from(!is_new);
    }
}

impl Store {
    /// The status of a creation.
    pub(super) fn create(&mut self, item: &Item<'_>) -> u16 {
        if self.creates_nothing && !self.streams.contains_key(&item.target) {
            return 404;
        }
        if self.indices(&item.target).is_empty() {
            self.roll_over(&item.target);
        }
        if let Some(numbers) = &mut self.numbers {
            numbers.note(item.source);
            return 201;
        }
        let index = self.indices(&item.target).last().cloned().unwrap_or_default();
        let kept = if self.ids_only { &[][..] } else { item.source };
        let documents = self.documents.entry(index).or_default();
        if documents.contains_key(&item.id) {
            self.conflicts += 1;
            return 409;
        }
        documents.insert(item.id.clone(), kept.into());
        201
    }

    pub(super) fn roll_over(&mut self, target: &str) {
        let indices = self.streams.entry(target.to_owned()).or_default();
        indices.push(format!(".ds-{target}-{:06}", indices.len() + 1));
    }

    pub(super) fn indices(&self, target: &str) -> &[String] {
        self.streams.get(target).map_or(&[], Vec::as_slice)
    }

    pub(super) fn has(&self, index: &str, id: &str) -> bool {
        self.documents.get(index).is_some_and(|documents| documents.contains_key(id))
    }

    pub(super) fn ids(&self) -> Vec<String> {
        self.documents.values().flat_map(HashMap::keys).cloned().collect()
    }

    pub(super) fn count(&self) -> usize {
        let single: HashSet<(&str, &str)> = self
            .streams
            .iter()
            .flat_map(|(target, indices)| indices.iter().map(move |index| (target, index)))
            .filter_map(|(target, index)| Some((target, self.documents.get(index)?)))
            .flat_map(|(target, documents)| documents.keys().map(move |id| (target.as_str(), id.as_str())))
            .collect();
        single.len()
    }

    pub(super) fn size(&self) -> usize {
        self.documents.values().map(HashMap::len).sum()
    }

    pub(super) fn repeats(&self) -> usize {
        self.size() - self.count()
    }

    pub(super) fn documents(&self) -> Vec<Document> {
        let document = |index: &str, id: &str, source: &[u8]| Document {
            index: index.to_owned(),
            id: id.to_owned(),
            source: String::from_utf8_lossy(source).into_owned(),
        };
        let indices = self.documents.iter();
        indices.flat_map(|(index, kept)| kept.iter().map(move |(id, source)| document(index, id, source))).collect()
    }
}

/// The items of a request's body. What is not one ends the test: the shipper must never send it.
pub(super) fn items<'a>(target: &str, body: &'a [u8]) -> Vec<Item<'a>> {
    assert!(body.ends_with(b"\n"), "a bulk request ends with a line's end");
    let mut lines = body[..body.len() - 1].split(|&byte| byte == b'\n');
    let mut items = Vec::new();
    while let Some(action) = lines.next() {
        let action: Value = serde_json::from_slice(action).expect("an action line is JSON");
        let create = action["create"].as_object().expect("the only operation is create");
        let source = lines.next().expect("an action line is followed by a document");
        let target = create.get("_index").and_then(Value::as_str).unwrap_or(target).to_owned();
        items.push(Item { target, id: create["_id"].as_str().expect("an id").to_owned(), source });
    }
    items
}
