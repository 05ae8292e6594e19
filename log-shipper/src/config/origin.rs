//! Where a setting came from, and how it is called there.

use std::fmt;
use std::path::PathBuf;

use super::Effective;

/// Where a setting came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Origin {
    /// Its flag.
    Flag,
    /// This variable.
    Variable(String),
    /// The file, and the line in it.
    File(PathBuf, usize),
    /// Nowhere.
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag => f.write_str("flag"),
            Self::Variable(name) => f.write_str(name),
            Self::File(path, line) => write!(f, "{}:{line}", path.display()),
            Self::Default => f.write_str("default"),
        }
    }
}

impl Origin {
    /// What a sentence about the setting `name` begins with: `--lanes`, `LOG_SHIPPER_LANES` or `/etc/c.toml:3: lanes`.
    pub(super) fn subject(&self, name: &str) -> String {
        match self {
            Self::Variable(variable) => variable.clone(),
            Self::File(..) => format!("{self}: {name}"),
            Self::Flag | Self::Default => format!("--{name}"),
        }
    }
}

impl Effective {
    /// What a complaint about a setting begins with: its name where it came from.
    #[must_use]
    pub fn subject(&self, name: &str) -> String {
        self.origin(name).unwrap_or(&Origin::Default).subject(name)
    }

    /// The same within a sentence: `lanes (/etc/c.toml:3)`, `--lanes (default: 4)`.
    #[must_use]
    pub fn mention(&self, name: &str) -> String {
        match self.origin(name) {
            Some(Origin::Variable(variable)) => variable.clone(),
            Some(place @ Origin::File(..)) => format!("{name} ({place})"),
            Some(Origin::Default) => format!("--{name}{}", self.default(name)),
            Some(Origin::Flag) | None => format!("--{name}"),
        }
    }

    fn default(&self, name: &str) -> String {
        let value = self.iter().find(|value| value.name == name).and_then(|value| value.texts.first());
        value.map(|text| format!(" (default: {})", text.to_string_lossy())).unwrap_or_default()
    }

    /// Of two settings that do not go together, the one that somebody chose, and the other.
    pub(super) fn blamed<'n>(&self, one: &'n str, other: &'n str) -> (&'n str, &'n str) {
        if self.is_default(one) { (other, one) } else { (one, other) }
    }

    /// Whether nobody chose it.
    #[must_use]
    pub fn is_default(&self, name: &str) -> bool {
        self.origin(name) == Some(&Origin::Default)
    }
}
