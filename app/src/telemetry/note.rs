//! The line of an event of the program's own: start, stop, a migration, an error, a panic.

use super::json::Object;

/// What such a line tells, cleaned.
#[derive(Debug, Default)]
pub(super) struct Note<'a> {
    /// When, in microseconds since 1970, UTC.
    pub at: i64,
    /// ECS `log.level`, in lower case.
    pub level: &'static str,
    /// The module that says it (ECS `log.logger`).
    pub logger: &'a str,
    pub message: &'a str,
    /// ECS `error.type` and `error.message`.
    pub error: Option<(&'static str, &'a str)>,
    /// ECS `labels`: a fixed set of names.
    pub labels: &'a [(&'static str, String)],
}

impl Note<'_> {
    /// Appends the line without its end; `tail` holds its last members.
    pub(super) fn json(&self, out: &mut Vec<u8>, tail: &[u8]) {
        Object::write(out, |line| {
            line.time("@timestamp", self.at);
            line.object("log", |log| {
                log.text("level", self.level);
                log.text("logger", self.logger);
            });
            line.text("message", self.message);
            line.object("labels", |labels| self.labels.iter().for_each(|(name, value)| labels.text(name, value)));
            line.object("error", |error| {
                self.error.iter().for_each(|(kind, message)| {
                    error.text("type", kind);
                    error.text("message", message);
                });
            });
            line.raw(br#""event":{"kind":"event","category":["process"],"dataset":"minitwit.app"}"#);
            line.raw(tail);
        });
    }
}
