//! What could be wrong with a file of saved objects, whoever made it.

mod form;
mod grid;

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::exports::{all_embedded, embedded, members, objects};

/// An object by its type and id.
type Key = (String, String);

/// Everything that is wrong; nothing of a good file.
pub fn of(text: &str) -> Vec<String> {
    let mut faults = lines(text);
    if faults.is_empty() {
        let objects = objects(text);
        faults.extend(ids(&objects));
        faults.extend(closed(&objects));
        faults.extend(objects.iter().flat_map(names));
        faults.extend(objects.iter().flat_map(form::of));
        faults.extend(objects.iter().filter(|object| object["type"] == "dashboard").flat_map(grid::of));
    }
    faults
}

/// Each line is one object in canonical form, and so is each string of JSON in it.
fn lines(text: &str) -> Vec<String> {
    let mut faults = Vec::new();
    if !text.ends_with('\n') || text.contains("\n\n") {
        faults.push("a line has no end, or is empty".into());
    }
    for (number, line) in text.lines().enumerate() {
        match serde_json::from_str::<Value>(line) {
            Err(error) => faults.push(format!("line {}: {error}", number + 1)),
            Ok(object) => {
                let strings = all_embedded(&object).into_iter().chain([(format!("line {}", number + 1), line.into())]);
                faults.extend(
                    strings.filter(|(_, text)| !is_canonical(text)).map(|(name, _)| format!("{name} is not canonical")),
                );
            }
        }
    }
    faults
}

fn is_canonical(text: &str) -> bool {
    fn sorted(value: &Value) -> String {
        match value {
            Value::Object(members) => {
                let members: BTreeMap<_, _> = members.iter().collect();
                let members = members
                    .into_iter()
                    .map(|(name, value)| format!("{}:{}", Value::from(name.as_str()), sorted(value)));
                format!("{{{}}}", members.collect::<Vec<_>>().join(","))
            }
            Value::Array(items) => format!("[{}]", items.iter().map(sorted).collect::<Vec<_>>().join(",")),
            other => other.to_string(),
        }
    }
    serde_json::from_str(text).is_ok_and(|value| sorted(&value) == text)
}

fn key(object: &Value) -> Key {
    let text = |name: &str| object[name].as_str().unwrap_or_default().to_owned();
    (text("type"), text("id"))
}

fn ids(objects: &[Value]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let ids = objects.iter().map(|object| key(object).1);
    ids.filter(|id| id.is_empty() || !seen.insert(id.clone()))
        .map(|id| format!("the id '{id}' is not the only one"))
        .collect()
}

/// Every object that is needed is there and comes first; every panel is needed.
fn closed(objects: &[Value]) -> Vec<String> {
    let (mut there, mut needed, mut faults) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
    for object in objects {
        for reference in object["references"].as_array().into_iter().flatten() {
            let wanted = key(reference);
            if !there.contains(&wanted) {
                faults.push(format!("{} needs {wanted:?}, which is not there before it", object["id"]));
            }
            needed.insert(wanted);
        }
        there.insert(key(object));
    }
    let made_for_others = |(kind, _): &&Key| ["index-pattern", "lens", "visualization"].contains(&&**kind);
    faults.extend(there.difference(&needed).filter(made_for_others).map(|key| format!("nothing needs {key:?}")));
    faults
}

/// The names of references are those by which the object speaks of them, and none is used twice.
fn names(object: &Value) -> Vec<String> {
    let given: Vec<_> =
        object["references"].as_array().into_iter().flatten().filter_map(|one| one["name"].as_str()).collect();
    let given_set: BTreeSet<String> = given.iter().map(|name| (*name).to_owned()).collect();
    let used = used_names(object);
    let id = &object["id"];
    let mut faults: Vec<_> =
        given_set.symmetric_difference(&used).map(|name| format!("{id}: {name} is given or used alone")).collect();
    if given.len() != given_set.len() {
        faults.push(format!("{id}: two references have one name"));
    }
    faults
}

fn used_names(object: &Value) -> BTreeSet<String> {
    let attributes = &object["attributes"];
    let texts =
        |name: &str| members(attributes, name).into_iter().filter_map(|value| value.as_str().map(str::to_owned));
    let mut used: BTreeSet<String> = texts("indexRefName").chain(texts("indexPatternRefName")).collect();
    let layers = attributes["state"]["datasourceStates"]["formBased"]["layers"].as_object();
    used.extend(layers.into_iter().flatten().map(|(layer, _)| format!("indexpattern-datasource-layer-{layer}")));
    for panel in embedded(&attributes["panelsJSON"]).as_array().into_iter().flatten() {
        let (index, name) =
            (panel["panelIndex"].as_str().unwrap_or_default(), panel["panelRefName"].as_str().unwrap_or_default());
        let is_new = panel["type"].is_string();
        used.insert(if is_new { format!("{index}:{name}") } else { name.to_owned() });
    }
    let controls = embedded(&attributes["controlGroupInput"]["panelsJSON"]);
    used.extend(
        controls.as_object().into_iter().flatten().map(|(name, _)| format!("controlGroup_{name}:optionsListDataView")),
    );
    used
}
