//! `log-shipper test config`

use std::ffi::OsString;

use anyhow::Result;
use clap::Args;

use super::output::{line, tell};
use crate::config::{Given, Origin, Settings, Value, example};
use crate::service;

/// `log-shipper test config`
#[derive(Args, Clone, Copy, Debug)]
pub struct TestConfig {
    /// Show defaults as well
    #[arg(long)]
    all: bool,

    /// Print a file with every setting, its default and what it is for
    #[arg(long, conflicts_with = "all")]
    example: bool,
}

impl TestConfig {
    /// Prints the settings, each with where it came from, and `ok` if `run` could begin with them.
    ///
    /// # Errors
    /// A setting is wrong or missing, or what it names cannot be used.
    pub fn run(self, given: &Given) -> Result<()> {
        if self.example {
            return line(example().trim_end());
        }
        let settings = Settings::load(given)?;
        let shown = settings.effective.iter().filter(|value| self.all || value.origin != Origin::Default);
        shown.filter(|value| !value.texts.is_empty()).try_for_each(|value| line(&row(value)))?;
        service::check(&settings)?.iter().for_each(|remark| tell(remark));
        line("ok")
    }
}

/// A setting as a line of the file, with where it came from.
fn row(value: &Value) -> String {
    let quoted = |text: &OsString| toml::Value::from(text.to_string_lossy().into_owned()).to_string();
    let texts: Vec<_> = value.texts.iter().map(quoted).collect();
    let texts = if let [text] = &texts[..] { text.clone() } else { format!("[{}]", texts.join(", ")) };
    format!("{} = {texts}  # {}", value.name, value.origin)
}
