//! What a document has of its line, whatever the line is.

mod json;
mod lines;
mod model;
mod properties;
mod templates;

use serde_json::{Map, Value};

use super::{Agent, Scratch, Template};
use crate::line::{Line, Marks, Stream};
use crate::place::{FileKey, Place};
use crate::source::{Hints, Source};

const DOCKERS: &str = "2026-11-25T09:00:00.123456789Z";

fn agent() -> Agent {
    Agent { host: "node-1".into(), version: "0.1.0".into() }
}

fn plain_source() -> Source {
    Source { name: "file//var/log/site.log".into(), container: None, hints: Hints::default() }
}

fn line(text: &[u8]) -> Line<'_> {
    let start = Place { file: FileKey(7), offset: 1_234 };
    Line { start, text, stream: Some(Stream::Stderr), time: Some(DOCKERS), marks: Marks::none(), joined: false }
}

fn written(line: &Line<'_>) -> (String, Marks) {
    let template = Template::new(&agent(), &plain_source(), "/var/log/site.log");
    let mut out = b"before".to_vec();
    let read_at = "2026-11-25T10:00:00.5Z".parse().unwrap();
    let marks = template.write(line, read_at, &mut Scratch::default(), &mut out);
    let document = String::from_utf8(out).unwrap().strip_prefix("before").unwrap().to_owned();
    assert!(!document.contains('\n'), "{document}");
    (document, marks)
}

/// The document of a line, as a map, and what was marked.
fn document(text: impl AsRef<[u8]>) -> (Map<String, Value>, Marks) {
    let (document, marks) = written(&line(text.as_ref()));
    (serde_json::from_str(&document).expect(&document), marks)
}

/// The members of the document that are not the same for all.
fn of_the_line(text: impl AsRef<[u8]>) -> (Value, Marks) {
    let (mut document, marks) = document(text);
    for (name, value) in ours() {
        assert_eq!(document.remove(&name), Some(value), "{name}");
    }
    document.remove("log.flags");
    if document.get("@timestamp") == Some(&DOCKERS.into()) {
        document.remove("@timestamp");
    }
    (document.into(), marks)
}

fn ours() -> Map<String, Value> {
    let ours = serde_json::json!({
        "ecs.version": "8.11.0",
        "agent.type": "log-shipper",
        "agent.version": "0.1.0",
        "host.name": "node-1",
        "log.file.path": "/var/log/site.log",
        "log.offset": 1_234,
        "stream": "stderr",
    });
    serde_json::from_value(ours).unwrap()
}
