//! What a damaged log means, in words.

use std::fmt;
use std::path::PathBuf;

use super::reading::Flaws;

/// The positions could not be read in full; everything that could be read is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Damage {
    /// The log.
    pub file: PathBuf,
    /// Where it is kept as it was; none if that failed.
    pub kept: Option<PathBuf>,
    flaws: Flaws,
    length: u64,
}

impl Damage {
    pub(super) fn new(file: PathBuf, kept: Option<PathBuf>, flaws: Flaws, length: u64) -> Self {
        Self { file, kept, flaws, length }
    }

    /// Whether it is just what a power cut leaves: the last record is not whole.
    #[must_use]
    pub fn is_torn_end(&self) -> bool {
        let Flaws { header, gaps, strange, .. } = self.flaws;
        !header && strange == 0 && gaps.count == 1 && gaps.at_end
    }

    fn cause(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Flaws { header, gaps, strange, orphans } = self.flaws;
        if self.length == 0 {
            return write!(f, "it is empty");
        }
        if self.is_torn_end() {
            return write!(
                f,
                "its last {} bytes are no whole record, as after a power cut or on a full disk",
                gaps.bytes
            );
        }
        let mut parts = Vec::new();
        if header {
            parts.push("it does not begin as one of ours".to_owned());
        }
        if gaps.count > 0 {
            parts.push(format!(
                "{} bytes in {} places cannot be read, from byte {}",
                gaps.bytes, gaps.count, gaps.first
            ));
        }
        if strange > 0 {
            parts.push(format!("{strange} records say nothing that is known"));
        }
        if orphans > 0 {
            parts.push(format!("{orphans} records belong to files whose own record is lost"));
        }
        write!(f, "{}", parts.join("; "))
    }
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is damaged: ", self.file.display())?;
        self.cause(f)?;
        write!(f, ". What can be read is used; lines after it are sent again with the same ids. ")?;
        match &self.kept {
            Some(kept) => write!(f, "The damaged file is kept as {}", kept.display()),
            None => write!(f, "The damaged file could not be kept"),
        }
    }
}
