//! Whether a target that is missing is made by the first document.

use serde_json::Value;

use super::{Check, permission};
use crate::setup::Target;
use crate::setup::http::{Client, Reply};

/// What is said of one that is.
pub(super) const COMES: &str = "does not exist yet; the first document creates it";

/// Asks whether the server makes what is missing.
pub(super) async fn by_itself(client: &Client, target: &Target) -> Check {
    let path = "/_cluster/settings?include_defaults=true&filter_path=*.action.auto_create_index";
    let settings = match client.get(path).await.and_then(Reply::good) {
        Ok(settings) => settings,
        Err(error) => return Check::fault("target", permission::advice(&error, "monitor", target)),
    };
    let groups = ["transient", "persistent", "defaults"];
    let setting = groups.iter().find_map(|group| text(&settings[group]["action"]["auto_create_index"]));
    if setting.as_deref().is_none_or(|setting| allows(setting, target.name())) {
        Check::ok("target", format!("{target} {COMES}"))
    } else {
        let advice = "does not exist, and action.auto_create_index keeps it from being created: PUT /_data_stream/";
        Check::fault("target", format!("{target} {advice}{target}"))
    }
}

fn text(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        Value::Array(items) => Some(items.iter().filter_map(Value::as_str).collect::<Vec<_>>().join(",")),
        other => Some(other.to_string()),
    }
}

/// `action.auto_create_index`: `true`, `false`, or patterns, of which the first that fits decides.
pub(in crate::setup) fn allows(setting: &str, name: &str) -> bool {
    match setting {
        "true" => true,
        "false" => false,
        patterns => {
            let mut patterns = patterns.split(',').map(str::trim).map(|pattern| match pattern.strip_prefix('-') {
                Some(forbidden) => (false, forbidden),
                None => (true, pattern.trim_start_matches('+')),
            });
            patterns.find(|(_, pattern)| fits(pattern, name)).is_some_and(|(allowed, _)| allowed)
        }
    }
}

/// A pattern in which `*` stands for anything.
fn fits(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((start, rest)) => name.strip_prefix(start).is_some_and(|name| {
            name.char_indices().map(|(at, _)| at).chain([name.len()]).any(|at| fits(rest, &name[at..]))
        }),
    }
}
