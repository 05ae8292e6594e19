//! Random JSON, spelled in random ways.

use std::fmt::Write;

use proptest::collection::{hash_map, vec};
use proptest::prelude::*;
use serde_json::{Map, Value};

/// Names that a line may not have, names that look like them, and parts of them to nest.
const NAMES: &[&str] = &[
    "@timestamp",
    "@timestamp.x",
    "log",
    "log.offset",
    "log.file.path",
    "log.level",
    "offset",
    "file",
    "file.path",
    "flags",
    "level",
    "host",
    "host.name",
    "host.ip",
    "name",
    "name.x",
    "event",
    "event.original",
    "original",
    "original.x",
    "event.kind",
    "ecs",
    "ecs.version",
    "version",
    "agent.type",
    "container",
    "docker.swarm.node",
    "stream",
    "streams",
    "_id",
    "_idx",
    "message",
    "logs",
];

/// The members of an object, and the object as it may be written.
pub(super) fn line() -> impl Strategy<Value = (Map<String, Value>, String)> {
    (hash_map(name(), value(), 0..8), vec(any::<u8>(), 1..40)).prop_map(|(members, choices)| {
        let mut spelling = Spelling { text: String::new(), choices: choices.into_iter().cycle() };
        spelling.object(members.iter());
        (members.into_iter().collect(), spelling.text)
    })
}

fn name() -> impl Strategy<Value = String> {
    prop_oneof![9 => proptest::sample::select(NAMES).prop_map(str::to_owned), 1 => "[a-z_]{1,20}"]
}

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<i32>().prop_map(|eighths| Value::from(f64::from(eighths) / 8.0)),
        any::<String>().prop_map(Value::from),
        Just(Value::from("8.11.0")),
        Just(Value::from("2020-01-01T00:00:00.5+01:00")),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        let members = hash_map(name(), inner.clone(), 0..6);
        prop_oneof![
            1 => vec(inner, 0..4).prop_map(Value::from),
            3 => members.prop_map(|members| members.into_iter().collect::<Map<_, _>>().into()),
        ]
    })
}

/// JSON with white space and escapes as the choices go.
struct Spelling<C> {
    text: String,
    choices: C,
}

impl<C: Iterator<Item = u8>> Spelling<C> {
    fn value(&mut self, value: &Value) {
        match value {
            Value::Object(members) => self.object(members.iter()),
            Value::Array(values) => self.list(['[', ']'], values, Self::value),
            Value::String(text) => self.string(text),
            other => self.text += &other.to_string(),
        }
        self.space();
    }

    fn object<'a>(&mut self, members: impl Iterator<Item = (&'a String, &'a Value)>) {
        self.list(['{', '}'], members, |spelling, (name, value)| {
            spelling.string(name);
            spelling.space();
            spelling.text.push(':');
            spelling.space();
            spelling.value(value);
        });
    }

    fn list<T>(&mut self, [open, close]: [char; 2], items: impl IntoIterator<Item = T>, item: impl Fn(&mut Self, T)) {
        self.text.push(open);
        self.space();
        for (at, each) in items.into_iter().enumerate() {
            self.text += if at == 0 { "" } else { "," };
            self.space();
            item(self, each);
        }
        self.text.push(close);
    }

    /// Now and then a character is written as its number; not those of times and versions, which then are others.
    fn string(&mut self, text: &str) {
        self.text.push('"');
        for c in text.chars() {
            if self.choice().is_multiple_of(16) && (c.is_ascii_lowercase() || !c.is_ascii()) {
                c.encode_utf16(&mut [0; 2]).iter().for_each(|unit| write!(self.text, "\\u{unit:04x}").unwrap());
            } else {
                self.text += serde_json::to_string(&c).unwrap().trim_matches('"');
                self.text += if c == '"' { "\"" } else { "" };
            }
        }
        self.text.push('"');
    }

    fn space(&mut self) {
        let choice = usize::from(self.choice() % 8);
        self.text += ["", "", "", "", " ", "\t", "\n", "\r\n"][choice];
    }

    fn choice(&mut self) -> u8 {
        self.choices.next().unwrap()
    }
}
