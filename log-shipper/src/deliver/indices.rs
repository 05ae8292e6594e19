//! The indices behind a target, as the server lists them.

use std::sync::Arc;

use serde::Deserialize;

/// The indices behind a target, as far as their order is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Indices {
    /// Oldest first: the last one is the write index.
    Ordered(Vec<String>),
    /// Those of an alias: their names do not tell which one was the write index when.
    Alias(Vec<String>),
}

impl Indices {
    /// There is no such target.
    pub(super) const NONE: Self = Self::Ordered(Vec::new());

    /// The name of the write index; empty if there is none, or it is not known which one it is.
    pub(super) fn write_index(&self) -> Arc<str> {
        match self {
            Self::Ordered(names) => names.last().map_or("", String::as_str).into(),
            Self::Alias(_) => "".into(),
        }
    }
}

/// The answer to `_resolve/index`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Resolved {
    indices: Vec<Index>,
    aliases: Vec<Alias>,
    data_streams: Vec<DataStream>,
}

#[derive(Debug, Deserialize)]
struct Index {
    name: String,
}

#[derive(Debug, Deserialize)]
struct Alias {
    indices: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct DataStream {
    backing_indices: Vec<String>,
}

impl Resolved {
    /// A data stream lists its indices in their order. An alias may have names of any kind (`partial-…`, `shrink-…`).
    pub(super) fn indices(self) -> Indices {
        let streams = self.data_streams.into_iter().map(|stream| Indices::Ordered(stream.backing_indices));
        let aliases = self.aliases.into_iter().map(|alias| match alias.indices {
            one if one.len() < 2 => Indices::Ordered(one),
            more => Indices::Alias(more),
        });
        let itself = self.indices.into_iter().map(|index| Indices::Ordered(vec![index.name]));
        streams.chain(aliases).chain(itself).next().unwrap_or(Indices::NONE)
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn ordered(names: &[&str]) -> Indices {
        Indices::Ordered(names.iter().map(ToString::to_string).collect())
    }

    #[rstest]
    #[case::nothing("{}", Indices::NONE, "")]
    #[case::index(r#"{"indices":[{"name":"logs"}]}"#, ordered(&["logs"]), "logs")]
    #[case::data_stream(r#"{"data_streams":[{"backing_indices":[".ds-1",".ds-2"]}]}"#, ordered(&[".ds-1", ".ds-2"]), ".ds-2")]
    #[case::alias_of_one(r#"{"aliases":[{"indices":["logs-1"]}]}"#, ordered(&["logs-1"]), "logs-1")]
    #[case::alias(r#"{"aliases":[{"indices":["a","b"]}]}"#, Indices::Alias(vec!["a".into(), "b".into()]), "")]
    fn the_indices_behind_a_target(#[case] answer: &str, #[case] indices: Indices, #[case] write_index: &str) {
        let resolved: Resolved = serde_json::from_str(answer).unwrap();
        let found = resolved.indices();
        assert_eq!((&*found.write_index(), found), (write_index, indices));
    }
}
