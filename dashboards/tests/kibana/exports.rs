//! A file of saved objects as it lies in the repository, read line by line.

use std::fs;
use std::path::{Path, PathBuf};

use dashboards::kibana::{self, Flavour, Source};
use serde_json::Value;

/// The folder of what people edit and of what is made of it.
pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("kibana")
}

/// What people edit.
pub fn source() -> Source {
    kibana::read(&folder().join(kibana::SOURCE)).unwrap()
}

/// The file that one of the programs is given.
pub fn file(flavour: Flavour) -> String {
    fs::read_to_string(folder().join(flavour.file())).unwrap()
}

/// The objects of a file.
pub fn objects(text: &str) -> Vec<Value> {
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

/// What a string of JSON inside an object holds.
pub fn embedded(text: &Value) -> Value {
    serde_json::from_str(text.as_str().unwrap_or_default()).unwrap_or_default()
}

/// Every string of JSON in an object, at whatever depth, with its name.
pub fn all_embedded(object: &Value) -> Vec<(String, String)> {
    match object {
        Value::Array(items) => items.iter().flat_map(all_embedded).collect(),
        Value::Object(members) => {
            let embeds =
                |name: &str| name.ends_with("JSON") || ["fieldFormatMap", "fieldAttrs", "visState"].contains(&name);
            members
                .iter()
                .flat_map(|(name, value)| match value {
                    Value::String(text) if embeds(name) => vec![(name.clone(), text.clone())],
                    other => all_embedded(other),
                })
                .collect()
        }
        _ => Vec::new(),
    }
}

/// Every value of a member of this name, at whatever depth, also in strings of JSON.
pub fn members(object: &Value, wanted: &str) -> Vec<Value> {
    let inside =
        |text: &str| serde_json::from_str::<Value>(text).ok().filter(|value| value.is_object() || value.is_array());
    match object {
        Value::Array(items) => items.iter().flat_map(|item| members(item, wanted)).collect(),
        Value::Object(all) => {
            let own = all.get(wanted).cloned();
            own.into_iter().chain(all.values().flat_map(|value| members(value, wanted))).collect()
        }
        Value::String(text) => inside(text).map(|value| members(&value, wanted)).unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// Every query in Kibana's own language, at whatever depth, also in strings of JSON.
pub fn queries(object: &Value) -> Vec<String> {
    match object {
        Value::Array(items) => items.iter().flat_map(queries).collect(),
        Value::Object(all) if all.get("language").is_some_and(|language| language == "kuery") => {
            all["query"].as_str().map(str::to_owned).into_iter().collect()
        }
        Value::Object(all) => all.values().flat_map(queries).collect(),
        Value::String(text) => {
            serde_json::from_str(text).ok().filter(Value::is_object).map(|value| queries(&value)).unwrap_or_default()
        }
        _ => Vec::new(),
    }
}
