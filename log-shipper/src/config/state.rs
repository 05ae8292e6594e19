//! Settings of what is kept on disk.

use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::Args;

use super::parse::{bytes, duration};
use super::{Complaint, Environment};

/// What is kept on disk.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "What is kept")]
pub struct State {
    /// Folder for positions and dead letters, one for each shipper [default: /var/lib/log-shipper for root, else
    /// log-shipper in `XDG_STATE_HOME` or ~/.local/state]
    #[arg(long = "state", value_name = "DIR")]
    given: Option<PathBuf>,

    #[arg(skip)]
    folder: PathBuf,

    /// How long the position of a file is kept after the file is gone
    #[arg(long, value_name = "TIME", default_value = "7d", value_parser = duration)]
    pub forget_after: Duration,

    /// Bytes of dead letters that are kept at most
    #[arg(long, value_name = "SIZE", default_value = "256MiB", value_parser = bytes)]
    pub dead_letter_limit: u64,
}

impl State {
    /// The folder for positions and dead letters; it need not exist yet.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    pub(super) fn resolve(&mut self, environment: &Environment) -> Result<(), Complaint> {
        let usual = || usual(environment, is_root());
        let missing = || Complaint::new("--state is missing: there is no home folder to keep positions in");
        self.folder = self.given.clone().or_else(usual).ok_or_else(missing)?;
        Ok(())
    }
}

fn usual(environment: &Environment, root: bool) -> Option<PathBuf> {
    if root {
        return Some("/var/lib/log-shipper".into());
    }
    let absolute = |name| environment.get(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let states = absolute("XDG_STATE_HOME").or_else(|| Some(absolute("HOME")?.join(".local/state")));
    states.map(|states| states.join("log-shipper"))
}

/// The kernel gives a process' folder the process' user.
fn is_root() -> bool {
    std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_lies_where_the_user_may_write() {
        let home = ("HOME", "/home/ada");
        let folder = |variables: &[(&str, &str)], root| usual(&Environment::of(variables), root);
        assert_eq!(folder(&[home], true), Some("/var/lib/log-shipper".into()));
        assert_eq!(folder(&[home], false), Some("/home/ada/.local/state/log-shipper".into()));
        assert_eq!(folder(&[home, ("XDG_STATE_HOME", "/s")], false), Some("/s/log-shipper".into()));
        assert_eq!(folder(&[("HOME", "relative")], false), None);
    }
}
