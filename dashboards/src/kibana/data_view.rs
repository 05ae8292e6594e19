//! The data view as a saved object.

use serde_json::{Map, Value, json};

use super::flavour::{Flavour, Kind};
use super::link;
use super::object::{SavedObject, canonical};
use super::source::{Colour, DataView, FieldLook, Format};

impl DataView {
    /// Fields and their types are not listed: the program asks the server for them.
    pub(super) fn object(&self, flavour: Flavour) -> SavedObject {
        let formats = self.each(|look| look.format.as_ref().map(|format| format.json(flavour, &look.field.value)));
        let mut attributes = json!({
            "fieldFormatMap": canonical(&formats),
            "fields": "[]",
            "timeFieldName": self.time.value,
            "title": self.indices,
        });
        if flavour == Flavour::Kibana {
            let labels = self.each(|look| Some(json!({ "customLabel": look.label })));
            attributes["fieldAttrs"] = canonical(&labels).into();
            attributes["name"] = self.name.clone().into();
            attributes["runtimeFieldMap"] = "{}".into();
            attributes["sourceFilters"] = "[]".into();
        }
        SavedObject { kind: Kind::IndexPattern, id: self.id.clone(), attributes, references: Vec::new() }
    }

    fn each(&self, of: impl Fn(&FieldLook) -> Option<Value>) -> Value {
        let fields = self.fields.iter().filter_map(|look| Some((look.field.value.clone(), of(look)?)));
        fields.collect::<Map<_, _>>().into()
    }
}

impl Format {
    fn json(&self, flavour: Flavour, field: &str) -> Value {
        match self {
            Self::Nanoseconds => json!({ "id": "duration", "params": duration(flavour) }),
            Self::Bytes => json!({ "id": "bytes" }),
            Self::Colours(colours) => {
                let colours: Vec<_> = colours.iter().map(Colour::json).collect();
                json!({ "id": "color", "params": { "colors": colours, "fieldType": "number" } })
            }
            Self::LeadsTo(search) => json!({ "id": "url", "params": {
                "labelTemplate": "{{value}}",
                "openLinkInCurrentTab": false,
                "type": "a",
                "urlTemplate": link::to_same(flavour, &search.value, field),
            } }),
        }
    }
}

/// OpenSearch Dashboards does not choose the unit itself without rounding to words like "a few seconds".
fn duration(flavour: Flavour) -> Value {
    match flavour {
        Flavour::Kibana => json!({
            "includeSpaceWithSuffix": true,
            "inputFormat": "nanoseconds",
            "outputFormat": "humanizePrecise",
            "outputPrecision": 1,
            "showSuffix": true,
            "useShortSuffix": true,
        }),
        Flavour::OpenSearchDashboards => json!({
            "inputFormat": "nanoseconds",
            "outputFormat": "asMilliseconds",
            "outputPrecision": 1,
            "showSuffix": true,
        }),
    }
}

impl Colour {
    fn json(&self) -> Value {
        let Self { from, to, text, background } = self;
        json!({ "background": background, "range": format!("{from}:{to}"), "text": text })
    }
}
