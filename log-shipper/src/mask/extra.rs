//! Patterns of the settings.

use regex::bytes::{Regex, RegexBuilder};

use super::MASKED;

/// A pattern's automata have no more bytes.
const SIZE_MAX: usize = 1024 * 1024;

/// More patterns make every line slow.
const COUNT_MAX: usize = 100;

/// Why a pattern cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum MaskError {
    /// There are too many.
    #[error("{0} mask patterns are too many; join some with `|`, up to {COUNT_MAX} can be used")]
    TooMany(usize),
    /// It is no regular expression, or one that needs too much memory.
    #[error("mask pattern {number} `{pattern}` cannot be used: {reason} (the syntax is that of the crate `regex`)")]
    Invalid {
        /// Which one, from 1.
        number: usize,
        /// As it was given.
        pattern: String,
        /// What is wrong with it.
        reason: String,
    },
    /// It matches where there is nothing.
    #[error(
        "mask pattern {number} `{pattern}` matches the empty text; let it begin or end with what a secret always has"
    )]
    Empty {
        /// Which one, from 1.
        number: usize,
        /// As it was given.
        pattern: String,
    },
}

#[derive(Debug)]
pub(super) struct Extra {
    pattern: Regex,
    /// The number of the group `secret`, or of the first if none has that name; 0, the whole match, if there is no group.
    group: usize,
}

impl Extra {
    pub(super) fn all(patterns: &[String]) -> Result<Vec<Self>, MaskError> {
        if patterns.len() > COUNT_MAX {
            return Err(MaskError::TooMany(patterns.len()));
        }
        patterns.iter().zip(1..).map(|(pattern, number)| Self::new(pattern, number)).collect()
    }

    fn new(text: &str, number: usize) -> Result<Self, MaskError> {
        let built = RegexBuilder::new(text).size_limit(SIZE_MAX).dfa_size_limit(SIZE_MAX).build();
        let pattern = built.map_err(|error| {
            let reason = error.to_string().lines().last().unwrap_or_default().trim_start_matches("error: ").to_owned();
            MaskError::Invalid { number, pattern: text.to_owned(), reason }
        })?;
        if pattern.is_match(b"") {
            return Err(MaskError::Empty { number, pattern: text.to_owned() });
        }
        let named = pattern.capture_names().position(|name| name == Some("secret"));
        let group = named.unwrap_or(usize::from(pattern.captures_len() > 1));
        Ok(Self { pattern, group })
    }

    /// How many matches of `text` were hidden; `out` is written only if there are any.
    pub(super) fn hide(&self, text: &[u8], out: &mut Vec<u8>) -> u32 {
        let (mut count, mut done) = (0, 0);
        for found in self.pattern.captures_iter(text) {
            let Some(secret) = found.get(self.group).filter(|secret| !is_done(secret.as_bytes())) else { continue };
            if count == 0 {
                out.clear();
            }
            out.extend_from_slice(&text[done..secret.start()]);
            out.extend_from_slice(MASKED);
            done = secret.end();
            count += 1;
        }
        if count > 0 {
            out.extend_from_slice(&text[done..]);
        }
        count
    }
}

fn is_done(secret: &[u8]) -> bool {
    secret.is_empty() || secret == MASKED
}
