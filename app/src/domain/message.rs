//! The text of a message.

/// How many characters (Unicode scalar values) a message may have.
pub const MESSAGE_MAX_CHARS: usize = 4_000;

/// A text that may be posted: 1 to [`MESSAGE_MAX_CHARS`] characters, kept as it came, but for NUL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageText(String);

/// The text has more than [`MESSAGE_MAX_CHARS`] characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("The message is too long: at most 4000 characters")]
pub struct TooLong;

impl MessageText {
    /// Parses a text; an empty one is no error, it is just no message. NUL becomes U+FFFD, because PostgreSQL's text
    /// cannot hold it and both databases should answer alike.
    ///
    /// # Errors
    /// [`TooLong`].
    pub fn parse(raw: &str) -> Result<Option<Self>, TooLong> {
        if raw.is_empty() {
            return Ok(None);
        }
        // Most texts are short enough by bytes already, which costs nothing to see.
        if raw.len() > MESSAGE_MAX_CHARS && raw.chars().count() > MESSAGE_MAX_CHARS {
            return Err(TooLong);
        }
        Ok(Some(Self(raw.replace('\0', "\u{fffd}"))))
    }

    /// The text itself.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The text, given away.
    #[must_use]
    pub fn into_string(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_limit_counts_characters_not_bytes() {
        assert!(MessageText::parse(&"ü".repeat(MESSAGE_MAX_CHARS)).is_ok());
        assert_eq!(MessageText::parse(&"u".repeat(MESSAGE_MAX_CHARS + 1)), Err(TooLong));
    }

    #[test]
    fn nul_is_replaced_and_an_empty_text_is_no_message() {
        assert_eq!(MessageText::parse("a\0b").unwrap().unwrap().as_str(), "a\u{fffd}b");
        assert_eq!(MessageText::parse(""), Ok(None));
    }
}
