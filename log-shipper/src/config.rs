//! Settings: flags, environment variables and a TOML file.
//!
//! A setting has one name: `--batch-bytes` on the command line, `LOG_SHIPPER_BATCH_BYTES` in the environment, and
//! `batch-bytes` in the file. The first of these that gives it wins. What clap knows of a flag (form, default, help) holds
//! for the other two as well, so nothing about a setting is written twice.

mod complaint;
mod delivery;
mod elasticsearch;
mod example;
mod file;
mod given;
mod input;
mod layers;
mod operations;
mod own_container;
mod parse;
mod secrets;
mod selection;
mod state;

use clap::{Args, Command, FromArgMatches};

pub use complaint::Complaint;
pub(crate) use complaint::{accepted, hint, shown};
pub use delivery::Delivery;
pub use elasticsearch::{Elasticsearch, Gzip};
pub use example::example;
pub(crate) use given::ConfigFile;
pub use given::{Environment, Given};
pub use input::{Input, OwnContainer};
pub use layers::{Effective, Origin, Value};
pub use operations::{LogFormat, LogLevel, Operations};
pub(crate) use parse::wait;
pub use parse::{Fingerprint, Listen};
pub use secrets::Credentials;
pub use selection::{Rule, Selection};
pub use state::State;

/// What can be changed while the program runs; everything else waits for a restart.
const LIVE: [&str; 8] =
    ["include", "exclude", "mask", "multiline", "forget-after", "user", "password-file", "api-key-file"];

/// All settings, each as its flag, its variable, the file or its default says.
#[derive(Args, Clone, Debug)]
pub struct Settings {
    /// What is read.
    #[command(flatten)]
    pub input: Input,
    /// What is kept on disk.
    #[command(flatten)]
    pub state: State,
    /// Where documents go.
    #[command(flatten)]
    pub elasticsearch: Elasticsearch,
    /// How they are sent.
    #[command(flatten)]
    pub delivery: Delivery,
    /// What the program tells about itself.
    #[command(flatten)]
    pub operations: Operations,
    /// The same as texts, with where each came from.
    #[arg(skip)]
    pub effective: Effective,
}

impl Settings {
    /// The settings as they are now: reads the file, and files with secrets. Called again, it sees what has changed there,
    /// under the same flags and environment; if that is wrong, the old settings stay good.
    ///
    /// # Errors
    /// One line that names the flag, the variable, or the file with line and key, and says what is accepted.
    pub fn load(given: &Given) -> Result<Self, Complaint> {
        let command = Self::grammar();
        given.check_variables(&command)?;
        let effective = Effective::merge(&command, given)?;
        let words = effective.words(&command);
        let parsed = command.try_get_matches_from(words).and_then(|found| Self::from_arg_matches(&found));
        // Each value was accepted by itself, and no flag of a setting depends on another one.
        let mut settings = parsed.map_err(|error| Complaint::new(accepted(&error)))?;
        settings.elasticsearch.credentials = secrets::credentials(&settings.elasticsearch, &effective, given)?;
        settings.state.resolve(&given.environment)?;
        settings.effective = effective;
        settings.check()?;
        Ok(settings)
    }

    /// The names of settings that differ from those of `old` and have no effect before the program is started again.
    #[must_use]
    pub fn changes_that_need_a_restart(&self, old: &Self) -> Vec<&str> {
        let changed = self.effective.differing(&old.effective);
        changed.filter(|name| !LIVE.contains(name)).collect()
    }

    /// A command that has all settings as its flags, and nothing else.
    fn grammar() -> Command {
        Self::augment_args(Command::new("log-shipper").no_binary_name(true).disable_help_flag(true))
    }

    fn check(&self) -> Result<(), Complaint> {
        self.elasticsearch.check()?;
        self.delivery.check()
    }
}

#[cfg(test)]
mod tests;
