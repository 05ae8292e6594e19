//! The number of a letter: its segment and its line there, as in `12-3`.

use std::fmt;
use std::str::FromStr;

/// Of a letter; it stays as long as the letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Number {
    /// Of the segment, from 1.
    pub segment: u32,
    /// In the segment, from 1.
    pub line: u32,
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Through `pad`, so that tables can give it a width.
        f.pad(&format!("{}-{}", self.segment, self.line))
    }
}

/// A text is no number of a letter.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the number of a dead letter looks like 12-3; `log-shipper dead-letter list` shows them")]
pub struct NoNumber;

impl FromStr for Number {
    type Err = NoNumber;

    fn from_str(text: &str) -> Result<Self, NoNumber> {
        let (segment, line) = text.split_once('-').ok_or(NoNumber)?;
        let part = |text: &str| text.parse().ok().filter(|number| *number > 0).ok_or(NoNumber);
        Ok(Self { segment: part(segment)?, line: part(line)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_as_it_is_written() {
        let number = Number { segment: 12, line: 3 };
        assert_eq!(number.to_string().parse(), Ok(number));
        assert_eq!("000012-3".parse(), Ok(number));
        for wrong in ["", "12", "-3", "12-", "0-1", "1-0", "12-3-4", "one-two"] {
            assert_eq!(wrong.parse::<Number>(), Err(NoNumber), "{wrong}");
        }
    }
}
