//! What a line of the program's own log tells.

use jiff::Timestamp;
use serde_json::{Value, json};

/// The text of a value is cut after so many characters.
const LONGEST: usize = 1_000;

/// An event, cleaned.
#[derive(Clone, Debug, Default)]
pub(super) struct Note {
    /// When, in microseconds since 1970, UTC.
    pub(super) at: i64,
    /// ECS `log.level`, in lower case.
    pub(super) level: &'static str,
    /// The module that says it (ECS `log.logger`).
    pub(super) logger: &'static str,
    pub(super) message: String,
    /// ECS `error.message`.
    pub(super) error: Option<String>,
    /// ECS `labels`: a fixed set of names.
    pub(super) labels: Vec<(&'static str, String)>,
}

impl Note {
    /// Who says what, without how it was this time.
    pub(super) fn brief(&self) -> Self {
        Self { error: None, labels: Vec::new(), ..self.clone() }
    }

    /// The line without its end, in names of the Elastic Common Schema.
    pub(super) fn json(&self, node: &str) -> String {
        let mut line = json!({
            "@timestamp": time(self.at),
            "log": { "level": self.level, "logger": self.logger },
            "message": self.message,
            "event": { "kind": "event", "category": ["process"], "dataset": "log-shipper.event" },
            "service": { "name": "log-shipper", "version": env!("CARGO_PKG_VERSION"), "node": { "name": node } },
            "host": { "name": node },
            "ecs": { "version": "8.11.0" },
        });
        if !self.labels.is_empty() {
            line["labels"] = self.labels.iter().map(|(name, value)| (*name, Value::from(value.as_str()))).collect();
        }
        if let Some(error) = &self.error {
            line["error"] = json!({ "message": error });
        }
        line.to_string()
    }
}

fn time(micros: i64) -> String {
    let time = Timestamp::from_microsecond(micros).unwrap_or_default();
    time.strftime("%Y-%m-%dT%H:%M:%S%.6fZ").to_string()
}

/// A text that stays on its line, steers no terminal and has an end.
pub(super) fn clean(text: &str) -> String {
    let invisible = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    let mut clean: String = text.chars().take(LONGEST).map(|c| if invisible(c) { '\u{fffd}' } else { c }).collect();
    if text.chars().nth(LONGEST).is_some() {
        clean.push('…');
    }
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_cannot_leave_its_line_or_go_on_for_ever() {
        assert_eq!(clean("a\nb\u{1b}[31m\u{202e}c é"), "a\u{fffd}b\u{fffd}[31m\u{fffd}c é");
        assert_eq!(clean(&"x".repeat(2_000)).chars().count(), 1_001);
    }

    #[test]
    fn a_note_is_one_object_in_ecs_names() {
        let note = Note {
            at: 1_582_246_860_738_000,
            level: "warn",
            logger: "log_shipper::deliver",
            message: "a \"host\" rests".into(),
            error: Some("refused".into()),
            labels: vec![("host", "http://es:9200".into())],
        };
        let line: Value = serde_json::from_str(&note.json("node-1")).unwrap();
        assert_eq!(line["@timestamp"], "2020-02-21T01:01:00.738000Z");
        assert_eq!(line["log"], json!({"level": "warn", "logger": "log_shipper::deliver"}));
        assert_eq!(line["message"], "a \"host\" rests");
        assert_eq!(line["event"]["dataset"], "log-shipper.event");
        assert_eq!(line["service"]["name"], "log-shipper");
        assert_eq!(line["labels"], json!({"host": "http://es:9200"}));
        assert_eq!(line["error"], json!({"message": "refused"}));
        let bare: Value = serde_json::from_str(&Note::default().json("n")).unwrap();
        assert!(bare.get("labels").is_none() && bare.get("error").is_none());
    }
}
