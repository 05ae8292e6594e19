//! Where documents go, and what the template for it is called.

use std::fmt;
use std::str::FromStr;

/// A data stream, an alias or an index, by a name that the server accepts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target(String);

/// A name that the server would refuse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "a target is lower case, has at most 255 bytes, does not begin with - _ + or ., and has no space and none of \
     \\ / * ? \" < > | , # :"
)]
pub struct WrongTarget;

impl Target {
    /// Where documents go by default.
    pub const DEFAULT: &str = "logs-minitwit-default";

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0
    }

    /// Which names the template is for: every namespace of the data set of `logs-DATASET-NAMESPACE` (the naming scheme of
    /// data streams); of another name, just that one.
    #[must_use]
    pub fn pattern(&self) -> String {
        self.dataset().map_or_else(|| self.0.clone(), |dataset| format!("logs-{dataset}-*"))
    }

    /// The template's name: `minitwit-logs` for `logs-minitwit-default`.
    #[must_use]
    pub fn template(&self) -> String {
        format!("{}-logs", self.dataset().unwrap_or(&self.0))
    }

    fn dataset(&self) -> Option<&str> {
        let (dataset, namespace) = self.0.strip_prefix("logs-")?.rsplit_once('-')?;
        (!dataset.is_empty() && !namespace.is_empty()).then_some(dataset)
    }
}

impl Default for Target {
    fn default() -> Self {
        Self(Self::DEFAULT.to_owned())
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Target {
    type Err = WrongTarget;

    /// Elasticsearch's rules for the name of an index.
    fn from_str(name: &str) -> Result<Self, WrongTarget> {
        let forbidden =
            |c: char| c.is_uppercase() || c.is_whitespace() || c.is_control() || "\\/*?\"<>|,#:".contains(c);
        let good = !name.is_empty()
            && name.len() <= 255
            && !name.starts_with(['-', '_', '+', '.'])
            && !name.contains(forbidden);
        if good { Ok(Self(name.to_owned())) } else { Err(WrongTarget) }
    }
}
