//! What is wanted, beside what is there.

use serde_json::Value;

/// The paths at which `there` is not as `wanted`. What only `there` has is no difference: servers fill in what was left out.
#[must_use]
pub fn differences(wanted: &Value, there: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare("", wanted, there, &mut found);
    found
}

/// The members of `there` that are not `wanted`, as paths within `within`, which must be an object.
#[must_use]
pub fn surplus(within: &str, wanted: &Value, there: &Value) -> Vec<String> {
    let members = there.as_object().into_iter().flatten();
    members.filter(|(name, _)| wanted.get(name).is_none()).map(|(name, _)| format!("{within}.{name}")).collect()
}

fn compare(path: &str, wanted: &Value, there: &Value, found: &mut Vec<String>) {
    match (wanted, there) {
        (Value::Object(members), Value::Object(_)) => {
            let at = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
            members.iter().for_each(|(name, value)| compare(&at(name), value, &there[name], found));
        }
        (Value::Array(items), Value::Array(others)) if items.len() == others.len() => {
            items.iter().zip(others).for_each(|(item, other)| compare(path, item, other, found));
        }
        _ if same(wanted, there) => {}
        _ => found.push(path.to_owned()),
    }
    found.dedup();
}

/// Servers give numbers and truths in settings back as text.
fn same(wanted: &Value, there: &Value) -> bool {
    let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let scalar = |value: &Value| !value.is_object() && !value.is_array() && !value.is_null();
    wanted == there || (scalar(wanted) && scalar(there) && text(wanted) == text(there))
}
