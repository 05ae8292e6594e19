//! Every field that the site and the shipper write, by its name in the Elastic Common Schema.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::Product;

/// What a field holds; a server's own types follow from it.
///
/// Nothing in a line may make the server refuse it, so that numbers and addresses which are none are ignored, and what is
/// true or false is a word: OpenSearch refuses any other value of a boolean.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A time, to the millisecond.
    Date,
    /// A word or a name, found as a whole; beyond 1,024 characters (ECS's limit) it is kept and not found.
    Keyword,
    /// Sentences, found by their words.
    ///
    /// ECS has `match_only_text`, which small distributions lack and which answers a search for a phrase by reading the
    /// documents. `text` without norms is on every server, and takes about a tenth more room.
    Text,
    /// A whole number of 64 bits.
    Long,
    /// A whole number of 32 bits.
    Integer,
    /// An IPv4 or IPv6 address.
    Ip,
    /// Names and values that others choose, in one field.
    Labels,
    /// Kept, and never searched.
    Kept,
}

/// ECS's limit for a `keyword`, in characters.
const KEYWORD_LIMIT: u32 = 1024;

/// The labels that Docker itself gives its containers.
const DOCKER_LABELS: [&str; 10] = [
    "com.docker.compose.container-number",
    "com.docker.compose.project",
    "com.docker.compose.service",
    "com.docker.stack.namespace",
    "com.docker.swarm.node.id",
    "com.docker.swarm.service.id",
    "com.docker.swarm.service.name",
    "com.docker.swarm.task",
    "com.docker.swarm.task.id",
    "com.docker.swarm.task.name",
];

static FIELDS: LazyLock<BTreeMap<String, Kind>> = LazyLock::new(|| {
    serde_json::from_str(include_str!("../../setup/fields.json")).expect("the file is part of the program")
});

/// Each field, by its dotted name.
#[must_use]
pub fn all() -> &'static BTreeMap<String, Kind> {
    &FIELDS
}

/// The `properties` of the mapping, by dotted names: the mapping has no objects.
#[must_use]
pub fn properties(product: Product) -> Value {
    let mut properties = Map::new();
    for (name, kind) in all() {
        match (kind, product) {
            (Kind::Labels, Product::OpenSearch) => properties.extend(docker_labels(name)),
            _ => drop(properties.insert(name.clone(), kind.mapping())),
        }
    }
    properties.into()
}

/// Without objects in the mapping OpenSearch takes those of a document apart before it looks for a `flat_object`, which then
/// stays empty. There Docker's own labels are found, and all others are kept.
fn docker_labels(name: &str) -> impl Iterator<Item = (String, Value)> {
    DOCKER_LABELS.iter().map(move |label| (format!("{name}.{label}"), Kind::Keyword.mapping()))
}

impl Kind {
    fn mapping(self) -> Value {
        match self {
            Self::Date => json!({ "type": "date" }),
            Self::Keyword => json!({ "type": "keyword", "ignore_above": KEYWORD_LIMIT }),
            Self::Text => json!({ "type": "text", "norms": false }),
            Self::Long => json!({ "type": "long", "ignore_malformed": true }),
            Self::Integer => json!({ "type": "integer", "ignore_malformed": true }),
            Self::Ip => json!({ "type": "ip", "ignore_malformed": true }),
            Self::Labels => json!({ "type": "flattened", "ignore_above": KEYWORD_LIMIT }),
            Self::Kept => json!({ "type": "keyword", "index": false, "doc_values": false }),
        }
    }
}
