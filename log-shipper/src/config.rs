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
mod origin;
mod own_container;
mod parse;
pub(crate) mod regular;
mod secrets;
mod selection;
mod state;

use clap::{Args, Command, FromArgMatches};

pub use complaint::Complaint;
pub(crate) use complaint::{accepted, hint, shown};
pub use delivery::{AwaitSetup, Delivery};
pub use elasticsearch::{Elasticsearch, Gzip};
pub use example::example;
pub(crate) use given::ConfigFile;
pub use given::{Environment, Given};
pub use input::{Input, OwnContainer};
pub use layers::{Effective, Value};
pub use operations::{LogFormat, LogLevel, Operations};
pub use origin::Origin;
pub(crate) use parse::wait;
pub use parse::{Fingerprint, Listen};
pub use secrets::Credentials;
pub use selection::{Rule, Selection};
pub use state::State;

/// What a running shipper takes over when the file is read again; everything else stays as it was at the start.
const LIVE: [&str; 13] = [
    "docker-root",
    "files",
    "include",
    "exclude",
    "own-container",
    "multiline",
    "mask",
    "metadata-wait",
    "poll",
    "forget-after",
    "user",
    "password-file",
    "api-key-file",
];

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
        Self::of(Effective::merge(&command, given)?, given)
    }

    /// What these settings become when they are read again while the program runs, and the names of those that have
    /// changed and do not come into effect before it is started again. All that is there now has to be right.
    ///
    /// # Errors
    /// As those of [`Self::load`].
    pub fn renewed(&self, given: &Given) -> Result<(Self, Vec<String>), Complaint> {
        let now = Self::load(given)?;
        let changed = now.effective.differing(&self.effective);
        let late = changed.filter(|name| !LIVE.contains(name)).map(str::to_owned).collect();
        Ok((Self::of(now.effective.with(&self.effective, &LIVE), given)?, late))
    }

    fn of(effective: Effective, given: &Given) -> Result<Self, Complaint> {
        let command = Self::grammar();
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

    /// A command that has all settings as its flags, and nothing else.
    fn grammar() -> Command {
        Self::augment_args(Command::new("log-shipper").no_binary_name(true).disable_help_flag(true))
    }

    fn check(&self) -> Result<(), Complaint> {
        self.elasticsearch.check(&self.effective)?;
        self.delivery.check(&self.effective)
    }
}

#[cfg(test)]
mod tests;
