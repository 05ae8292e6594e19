//! What a target's name stands for on the server now.

use serde_json::Value;

use super::http::{Client, Error};
use super::{Product, Target, fields};

/// What is there under the name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// A data stream, with the backing index that is written to.
    DataStream {
        /// The newest backing index.
        write_index: String,
    },
    /// An alias of these indices.
    Alias(Vec<String>),
    /// An index of its own.
    Index,
    /// Nothing yet.
    Missing,
}

impl Destination {
    /// Asks. The user needs the privilege `view_index_metadata` on the target.
    pub async fn of(client: &Client, target: &Target) -> Result<Self, Error> {
        let answer = client.get(&format!("/_resolve/index/{target}")).await?.found()?;
        Ok(answer.map_or(Self::Missing, |found| Self::named(target.name(), &found)))
    }

    fn named(name: &str, found: &Value) -> Self {
        let find = |kind: &str| found[kind].as_array()?.iter().find(|thing| thing["name"] == name);
        let names = |list: &Value| match list {
            Value::Array(names) => names.iter().filter_map(|name| name.as_str().map(str::to_owned)).collect(),
            Value::String(name) => vec![name.clone()],
            _ => Vec::new(),
        };
        if let Some(stream) = find("data_streams") {
            // The number at the end of their names grows.
            let write_index = names(&stream["backing_indices"]).into_iter().max_by_key(|index| generation(index));
            return Self::DataStream { write_index: write_index.unwrap_or_default() };
        }
        if let Some(alias) = find("aliases") {
            return Self::Alias(names(&alias["indices"]));
        }
        if find("indices").is_some() { Self::Index } else { Self::Missing }
    }

    /// The index to ask about mapping and settings; the server itself finds it for an alias.
    #[must_use]
    pub fn written<'a>(&'a self, target: &'a Target) -> Option<&'a str> {
        match self {
            Self::DataStream { write_index } => Some(write_index),
            Self::Alias(_) | Self::Index => Some(target.name()),
            Self::Missing => None,
        }
    }

    /// How many of our fields the written index has no mapping of, since it is older than the template.
    pub(super) async fn unmapped(&self, client: &Client, target: &Target, product: Product) -> Result<usize, Error> {
        let Some(index) = self.written(target) else { return Ok(0) };
        let answer = client.get(&format!("/{index}/_mapping")).await?.good()?;
        let indices = answer.as_object().into_iter().flat_map(|indices| indices.values());
        let wanted = fields::properties(product);
        let names: Vec<&String> = wanted.as_object().into_iter().flat_map(|fields| fields.keys()).collect();
        let unmapped = |index: &Value| names.iter().filter(|name| !has(&index["mappings"], name)).count();
        Ok(indices.map(unmapped).max().unwrap_or_default())
    }
}

/// Whether a mapping has a field, by its dotted name or within objects.
fn has(mapping: &Value, name: &str) -> bool {
    let properties = &mapping["properties"];
    if !properties[name].is_null() {
        return true;
    }
    let parts = name.match_indices('.').map(|(dot, _)| name.split_at(dot));
    parts.into_iter().any(|(object, rest)| properties.get(object).is_some_and(|object| has(object, &rest[1..])))
}

fn generation(index: &str) -> u64 {
    index.rsplit('-').next().and_then(|number| number.parse().ok()).unwrap_or_default()
}
