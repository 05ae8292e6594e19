//! What an event says, as far as it may be shown.

use std::error::Error;
use std::fmt::{self, Debug, Write};

use tracing::field::{Field, Visit};
use tracing::{Event, Level};

/// The message, the field `error`, and the fields that were asked for; all others are silent, so that a line's content, a
/// secret or an id by the thousand does not come into a log by accident.
#[derive(Debug, Default)]
pub struct Said {
    /// ECS `message`.
    pub message: String,
    /// ECS `error.message`.
    pub error: Option<String>,
    /// ECS `labels`.
    pub labels: Vec<(&'static str, String)>,
}

impl Said {
    /// What an event says; `labels` names the fields that are asked for, and `clean` makes any text fit for a line.
    #[must_use]
    pub fn of(event: &Event<'_>, labels: &[&'static str], clean: fn(&str) -> String) -> Self {
        let mut hearing = Hearing { said: Self::default(), labels, clean };
        event.record(&mut hearing);
        hearing.said
    }
}

struct Hearing<'l> {
    said: Said,
    labels: &'l [&'static str],
    clean: fn(&str) -> String,
}

impl Hearing<'_> {
    fn add(&mut self, field: &Field, value: fmt::Arguments<'_>) {
        let label = self.labels.iter().find(|label| **label == field.name());
        if label.is_none() && !matches!(field.name(), "message" | "error") {
            return;
        }
        let mut text = String::new();
        // A Debug that fails leaves what it wrote so far.
        let _ = text.write_fmt(value);
        let text = (self.clean)(&text);
        match label {
            Some(label) => self.said.labels.push((label, text)),
            None if field.name() == "message" => self.said.message = text,
            None => self.said.error = Some(text),
        }
    }
}

impl Visit for Hearing<'_> {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.add(field, format_args!("{value}"));
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        self.add(field, format_args!("{value}"));
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.add(field, format_args!("{value:?}"));
    }
}

/// Whether an event comes from a module of that crate, by its target.
#[must_use]
pub fn is_of(target: &str, name: &str) -> bool {
    target.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

/// ECS `log.level`, in lower case.
#[must_use]
pub fn level_name(level: Level) -> &'static str {
    match level {
        Level::ERROR => "error",
        Level::WARN => "warn",
        Level::INFO => "info",
        Level::DEBUG => "debug",
        Level::TRACE => "trace",
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use tracing::Subscriber;
    use tracing_subscriber::Layer;
    use tracing_subscriber::layer::{Context, SubscriberExt};

    use super::*;

    #[derive(Clone, Default)]
    struct Listener(Arc<Mutex<Vec<Said>>>);

    impl<S: Subscriber> Layer<S> for Listener {
        fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
            let said = Said::of(event, &["port", "listener"], |text| text.replace('\n', " "));
            self.0.lock().unwrap().push(said);
        }
    }

    #[test]
    fn message_error_and_wanted_fields_are_heard_clean_and_nothing_else() {
        let listener = Listener::default();
        tracing::subscriber::with_default(tracing_subscriber::registry().with(listener.clone()), || {
            let error: &dyn Error = &fmt::Error;
            tracing::info!(port = 80, listener = "a\nb", password = "secret", error, "listens\non");
        });
        let said = listener.0.lock().unwrap().pop().unwrap();
        assert_eq!(said.message, "listens on");
        assert_eq!(said.error, Some(fmt::Error.to_string()));
        assert_eq!(said.labels, [("port", "80".to_owned()), ("listener", "a b".to_owned())]);
    }

    #[test]
    fn a_crate_whose_name_begins_alike_is_another_one() {
        assert!(is_of("minitwit", "minitwit") && is_of("minitwit::store", "minitwit"));
        assert!(!is_of("minitwit_extra", "minitwit") && !is_of("hyper", "minitwit"));
    }
}
