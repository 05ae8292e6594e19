//! A compose file or a stack, as an engine would read it: anchors and merge keys are resolved, variables are not set.

use std::fs;
use std::path::PathBuf;

use e2e::monitoring::product;
use serde_json::{Map, Value};

pub const MACHINE: &str = "compose/compose.yml";
pub const SWARM: &str = "stack.yml";

/// Programs of ours; their images have a user and a health check.
const OURS: [&str; 3] = ["minitwit:", "log-shipper:", "minitwit-backup:"];

/// One of the two files.
pub struct Platform {
    pub file: &'static str,
    pub text: String,
    content: Value,
}

/// A service in it.
#[derive(Clone, Copy)]
pub struct Service<'a> {
    pub file: &'static str,
    pub name: &'a str,
    content: &'a Value,
}

/// Both files as they are.
pub fn both() -> [Platform; 2] {
    [MACHINE, SWARM].map(|file| Platform::of(file, &fs::read_to_string(product(file)).unwrap()))
}

impl Platform {
    pub fn of(file: &'static str, text: &str) -> Self {
        let content = serde_saphyr::from_str(text).unwrap_or_else(|error| panic!("{file}: {error}"));
        Self { file, text: text.to_owned(), content }
    }

    /// What is defined under a name of the top level: networks, secrets.
    pub fn section(&self, name: &str) -> Map<String, Value> {
        self.content[name].as_object().cloned().unwrap_or_default()
    }

    pub fn services(&self) -> impl Iterator<Item = Service<'_>> {
        let all = self.content["services"].as_object().expect("a file has services");
        all.iter().map(|(name, content)| Service { file: self.file, name, content })
    }

    pub fn fault(&self, what: &str) -> String {
        format!("{}: {what}", self.file)
    }

    /// A file that it names, from its own folder.
    pub fn beside(&self, path: &str) -> PathBuf {
        product(self.file).parent().expect("a file is in a folder").join(path)
    }

    pub fn is_swarm(&self) -> bool {
        self.file == SWARM
    }
}

impl Service<'_> {
    pub fn fault(&self, what: &str) -> String {
        format!("{}: service {}: {what}", self.file, self.name)
    }

    /// What stands at a path such as `/deploy/resources`, or null.
    pub fn at(&self, path: &str) -> &Value {
        self.content.pointer(path).unwrap_or(&Value::Null)
    }

    pub fn text(&self, path: &str) -> &str {
        self.at(path).as_str().unwrap_or_default()
    }

    /// Names in a list or a map: networks, or secrets in their short or long form.
    pub fn names(&self, path: &str) -> Vec<&str> {
        match self.at(path) {
            Value::Array(all) => all.iter().filter_map(|one| one.as_str().or_else(|| one["source"].as_str())).collect(),
            Value::Object(all) => all.keys().map(String::as_str).collect(),
            _ => Vec::new(),
        }
    }

    /// The image, if no variable names another one.
    pub fn image(&self) -> String {
        settled(self.text("/image"))
    }

    pub fn is_ours(&self) -> bool {
        OURS.iter().any(|name| self.image().starts_with(name))
    }

    pub fn is_swarm(&self) -> bool {
        self.file == SWARM
    }

    /// Whether it is meant to end.
    pub fn is_job(&self) -> bool {
        let restart = if self.is_swarm() { "/deploy/restart_policy/condition" } else { "/restart" };
        ["on-failure", "no"].iter().any(|word| self.text(restart).starts_with(word))
    }
}

/// A text in which each `${NAME:-DEFAULT}` is its default.
pub fn settled(text: &str) -> String {
    let Some((before, rest)) = text.split_once("${") else { return text.to_owned() };
    let (variable, after) = rest.split_once('}').unwrap_or((rest, ""));
    let default = variable.split_once(":-").map_or("", |(_, default)| default);
    format!("{before}{default}{}", settled(after))
}

#[test]
fn merge_keys_are_resolved_and_what_is_said_beside_them_wins() {
    let text =
        "x-a: &a {init: true, restart: always}\nx-b: &b\n  <<: *a\n  restart: 'no'\nservices:\n  some:\n    <<: *b\n";
    let platform = Platform::of(MACHINE, text);
    let service = platform.services().next().unwrap();
    assert_eq!((service.at("/init"), service.text("/restart")), (&Value::Bool(true), "no"));
}

#[test]
fn a_variable_is_its_default() {
    assert_eq!(settled("${A:-x}/y:${B:-1}-${C}"), "x/y:1-");
}
