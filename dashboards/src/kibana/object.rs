//! A saved object, as a line of the file that is imported.

mod canonical;

use serde_json::{Value, json};

use super::flavour::{Flavour, Kind};

pub(super) use canonical::canonical;

/// What else uses the transformations of every version up to this one.
const CORE_VERSION: &str = "8.8.0";

/// An object, by its type and id.
pub(super) struct SavedObject {
    pub(super) kind: Kind,
    pub(super) id: String,
    pub(super) attributes: Value,
    pub(super) references: Vec<Reference>,
}

/// An object that another one needs, under the name by which it speaks of it.
pub(super) struct Reference {
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) id: String,
}

impl Reference {
    /// The data view.
    pub(super) fn view(name: impl Into<String>, id: &str) -> Self {
        Self { name: name.into(), kind: Kind::IndexPattern, id: id.to_owned() }
    }

    fn json(&self) -> Value {
        json!({ "id": self.id, "name": self.name, "type": self.kind.name() })
    }
}

impl SavedObject {
    /// One line, with its end. Kibana shows that an object is managed: who edits it there makes a copy.
    pub(super) fn line(&self, flavour: Flavour) -> String {
        let references: Vec<_> = self.references.iter().map(Reference::json).collect();
        let (name, version) = (self.kind.name(), flavour.version(self.kind));
        let mut object =
            json!({ "attributes": self.attributes, "id": self.id, "references": references, "type": name });
        match flavour {
            Flavour::Kibana => {
                object["coreMigrationVersion"] = CORE_VERSION.into();
                object["typeMigrationVersion"] = version.into();
                object["managed"] = true.into();
            }
            Flavour::OpenSearchDashboards => object["migrationVersion"] = json!({ name: version }),
        }
        canonical(&object) + "\n"
    }
}

/// What is asked of a data view, as an attribute has it: JSON in a string.
pub(super) fn search_source(source: &Value) -> Value {
    json!({ "searchSourceJSON": canonical(source) })
}

/// A query in Kibana's own language.
pub(super) fn kuery(query: &str) -> Value {
    json!({ "language": "kuery", "query": query })
}

/// The name by which a search or a visualization speaks of its data view.
pub(super) const INDEX: &str = "kibanaSavedObjectMeta.searchSourceJSON.index";
