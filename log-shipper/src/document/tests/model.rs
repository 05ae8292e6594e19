//! The same rules on values in memory, slow and plain.

use std::collections::HashSet;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::document::time;

/// What is left of a line's members, and whether anything was left out that says something.
pub(super) fn left_of(line: &Map<String, Value>) -> (Map<String, Value>, bool) {
    let mut rules = Rules::default();
    let left = rules.members(&[], line);
    if !rules.reserved {
        return (left, false);
    }
    rules.takes_original = true;
    (rules.members(&[], line), true)
}

const TAKEN: [&str; 7] = ["@timestamp", "ecs", "agent", "container", "docker", "stream", "_id"];

#[derive(Default)]
struct Rules {
    reserved: bool,
    takes_original: bool,
}

impl Rules {
    fn members(&mut self, path: &[&str], members: &Map<String, Value>) -> Map<String, Value> {
        let left = |(name, value): (&String, &Value)| {
            let path: Vec<_> = path.iter().copied().chain(name.split('.')).collect();
            Some((name.clone(), self.member(&path, value)?))
        };
        members.iter().filter_map(left).collect()
    }

    fn member(&mut self, path: &[&str], value: &Value) -> Option<Value> {
        let stays = match (path, value) {
            (["log" | "host" | "event"], Value::Object(members)) => return Some(self.members(path, members).into()),
            (["log" | "host" | "event"], Value::Null) | ([], _) => true,
            (["ecs"], Value::Object(members)) => {
                self.members(path, members);
                return None;
            }
            (["ecs", "version"], Value::String(_)) => return None,
            (["event"] | ["event", "original", ..], _) if self.takes_original => return None,
            (["@timestamp"], Value::String(text)) => time::is_valid(text.as_bytes()),
            (["log" | "host"] | ["log", "offset" | "file" | "flags", ..] | ["host", "name", ..], _) => false,
            ([name, ..], _) => !TAKEN.contains(name),
        };
        self.reserved |= !stays;
        stays.then(|| value.clone())
    }
}

/// JSON of which Elasticsearch has nothing to say but the meaning.
#[derive(Default)]
pub(super) struct Fit {
    pub depth: usize,
    pub members: usize,
}

impl<'de> Deserialize<'de> for Fit {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FitVisitor)
    }
}

struct FitVisitor;

impl<'de> Visitor<'de> for FitVisitor {
    type Value = Fit;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("JSON")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Fit, M::Error> {
        let (mut whole, mut names) = (Fit::default(), HashSet::new());
        while let Some((name, value)) = map.next_entry::<String, Fit>()? {
            let blank = |part: &str| part.chars().all(|c| c.is_whitespace() || c.is_control());
            if name.split('.').any(blank) || !names.insert(name) {
                return Err(M::Error::custom("unfit name"));
            }
            whole = Fit { depth: whole.depth.max(value.depth), members: whole.members + value.members + 1 };
        }
        Ok(Fit { depth: whole.depth + 1, ..whole })
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut values: S) -> Result<Fit, S::Error> {
        let mut whole = Fit::default();
        while let Some(value) = values.next_element::<Fit>()? {
            whole = Fit { depth: whole.depth.max(value.depth), members: whole.members + value.members };
        }
        Ok(Fit { depth: whole.depth + 1, ..whole })
    }

    fn visit_unit<E>(self) -> Result<Fit, E> {
        Ok(Fit::default())
    }

    fn visit_bool<E>(self, _: bool) -> Result<Fit, E> {
        Ok(Fit::default())
    }

    fn visit_i64<E>(self, _: i64) -> Result<Fit, E> {
        Ok(Fit::default())
    }

    fn visit_u64<E>(self, _: u64) -> Result<Fit, E> {
        Ok(Fit::default())
    }

    fn visit_f64<E>(self, _: f64) -> Result<Fit, E> {
        Ok(Fit::default())
    }

    fn visit_str<E>(self, _: &str) -> Result<Fit, E> {
        Ok(Fit::default())
    }
}
