//! Whose documents are counted by themselves: the site's, so that its requests can be held beside what was stored of them.

use std::sync::LazyLock;

use memchr::memmem::Finder;

/// Which part of the site's log a document belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dataset {
    /// A line for each request.
    Requests,
    /// Events of the program.
    Events,
    /// What others wrote.
    Other,
}

/// As the site writes it. Within a text the quotes would be escaped.
static NAME: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(br#""dataset":"minitwit."#));

impl Dataset {
    /// All, in the order of their numbers.
    pub const ALL: [Self; 3] = [Self::Requests, Self::Events, Self::Other];

    /// The names of [`Self::ALL`]: what `event.dataset` says, or that it is another one.
    pub const NAMES: [&'static str; 3] = ["minitwit.request", "minitwit.app", "other"];

    /// The one that a document says it belongs to.
    #[must_use]
    pub fn of(document: &[u8]) -> Self {
        let Some(at) = NAME.find(document) else { return Self::Other };
        match &document[at + NAME.needle().len()..] {
            rest if rest.starts_with(b"request\"") => Self::Requests,
            rest if rest.starts_with(b"app\"") => Self::Events,
            _ => Self::Other,
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::NAMES[self as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_belongs_to_what_it_says_and_not_to_what_its_text_says() {
        let of = |document: &str| Dataset::of(document.as_bytes()).name();
        assert_eq!(of(r#"{"event":{"kind":"event","dataset":"minitwit.request"}}"#), "minitwit.request");
        assert_eq!(of(r#"{"event":{"dataset":"minitwit.app"},"message":"x"}"#), "minitwit.app");
        assert_eq!(of(r#"{"event":{"dataset":"minitwit.apple"}}"#), "other");
        assert_eq!(of(r#"{"message":"\"dataset\":\"minitwit.request\""}"#), "other");
        assert_eq!(of(r#"{"event":{"dataset":"minitwit."#), "other");
    }
}
