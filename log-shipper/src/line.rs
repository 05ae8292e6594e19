//! A line as it was printed: its text, where it began, and what became of it on the way.

use crate::place::Place;

/// Which of a container's two outputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stream {
    /// Standard output.
    Stdout,
    /// Standard error.
    Stderr,
}

impl Stream {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Stdout, Self::Stderr];

    /// The name that Docker gives it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Stdout => "stdout",
            Self::Stderr => "stderr",
        }
    }
}

/// What happened to a line; each is a value of the document's `log.flags`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks(u16);

impl Marks {
    /// It was longer than the limit; the rest is missing.
    pub const TRUNCATED: Self = Self(1);
    /// It had bytes that are not UTF-8, or escapes that are no character; each was replaced by U+FFFD.
    pub const INVALID_TEXT: Self = Self(1 << 1);
    /// Pieces of it are missing, or did not come in time.
    pub const PARTIAL: Self = Self(1 << 2);
    /// Docker's entry could not be read; the text is the entry as it stands.
    pub const MALFORMED_ENTRY: Self = Self(1 << 3);
    /// Who the container is was not known in time.
    pub const NO_METADATA: Self = Self(1 << 4);
    /// It had members with names that are the shipper's; they were left out, and `event.original` has them.
    pub const RESERVED_NAMES: Self = Self(1 << 5);
    /// It is JSON that is too deep, has too many members or the same one twice; it was kept as text.
    pub const UNFIT_JSON: Self = Self(1 << 6);
    /// Several lines were joined by a start pattern.
    pub const MULTILINE: Self = Self(1 << 7);
    /// Something that looked like a secret was hidden.
    pub const MASKED: Self = Self(1 << 8);

    /// How many there are.
    pub const COUNT: usize = Self::NAMES.len();

    /// Their names, by their bits.
    pub const NAMES: [&'static str; 9] = [
        "truncated",
        "invalid_text",
        "partial",
        "malformed_entry",
        "no_metadata",
        "reserved_names",
        "unfit_json",
        "multiline",
        "masked",
    ];

    /// No mark at all.
    #[must_use]
    pub const fn none() -> Self {
        Self(0)
    }

    /// Whether there is none.
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Adds those of `other`.
    pub const fn add(&mut self, other: Self) {
        self.0 |= other.0;
    }

    /// Whether all of `other` are here.
    #[must_use]
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// The names, as the document has them.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        self.bits().map(|bit| Self::NAMES[bit])
    }

    /// The numbers of those that are here, from 0.
    pub fn bits(self) -> impl Iterator<Item = usize> {
        (0..Self::COUNT).filter(move |bit| self.0 >> bit & 1 == 1)
    }
}

/// A whole line, ready to become a document.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// Where its first byte is.
    pub start: Place,
    /// What was printed, without the end of the line; any bytes.
    pub text: &'a [u8],
    /// The output it came from, where there are two.
    pub stream: Option<Stream>,
    /// When Docker took it, as it wrote that down (RFC 3339, UTC, up to nanoseconds, trailing zeros cut).
    pub time: Option<&'a str>,
    /// What happened to it.
    pub marks: Marks,
    /// Whether it came in several pieces, or is several lines.
    pub joined: bool,
}
