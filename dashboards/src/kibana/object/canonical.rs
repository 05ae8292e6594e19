//! JSON with sorted names, whatever `serde_json` is built to do, so that the same object is always the same text.

use serde_json::{Map, Value};

/// The text, without spaces.
pub(in crate::kibana) fn canonical(value: &Value) -> String {
    sorted(value).to_string()
}

/// The same value, with members put in by the order of their names: a map keeps that, or sorts anyway.
fn sorted(value: &Value) -> Value {
    match value {
        Value::Array(items) => items.iter().map(sorted).collect(),
        Value::Object(members) => {
            let mut names: Vec<_> = members.keys().collect();
            names.sort_unstable();
            names.into_iter().map(|name| (name.clone(), sorted(&members[name]))).collect::<Map<_, _>>().into()
        }
        other => other.clone(),
    }
}
