//! What a start of the program was given, kept so that settings can be read again.

use std::collections::BTreeMap;
use std::env;
use std::ffi::{OsStr, OsString};
use std::fmt;
use std::path::PathBuf;

use clap::parser::ValueSource;
use clap::{ArgAction, ArgMatches, Args, Command};

use super::{Complaint, Origin, Settings, hint};

const PREFIX: &str = "LOG_SHIPPER_";

/// Names behind the prefix that are no settings.
const OTHERS: [&str; 5] = ["CONFIG", "PASSWORD", "API_KEY", "BINARY", "REVISION"];

/// What such names begin with: those of the tests, and those that an orchestrator sets for a service of our name.
const OTHER_GROUPS: [&str; 3] = ["TORTURE_", "SERVICE_", "PORT"];

/// The one flag that is not itself a setting of the file.
#[derive(Args, Debug)]
pub(crate) struct ConfigFile {
    /// TOML file with settings; its keys are the names of the flags
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
}

/// Flags, environment and the path of the file.
#[derive(Clone, Debug, Default)]
pub struct Given {
    pub(super) flags: BTreeMap<String, Vec<OsString>>,
    pub(super) environment: Environment,
    pub(super) file: Option<SettingsFile>,
}

/// The file with settings, and who named it.
#[derive(Clone, Debug)]
pub(super) struct SettingsFile {
    pub(super) path: PathBuf,
    pub(super) origin: Origin,
}

impl Given {
    /// What the flags of a command line and an environment give.
    #[must_use]
    pub fn new(matches: &ArgMatches, environment: Environment) -> Self {
        // `completions` has no such flag.
        let flag = matches.try_get_one::<PathBuf>("config").ok().flatten();
        let flag = flag.map(|path| SettingsFile { path: path.clone(), origin: Origin::Flag });
        let file = flag.or_else(|| {
            let (name, path) = ("LOG_SHIPPER_CONFIG", environment.get("LOG_SHIPPER_CONFIG")?);
            Some(SettingsFile { path: path.into(), origin: Origin::Variable(name.into()) })
        });
        Self { flags: flags(&Settings::grammar(), matches), environment, file }
    }

    /// Whether each variable with our prefix is known; one that is not would be without effect.
    pub(super) fn check_variables(&self, settings: &Command) -> Result<(), Complaint> {
        let known = |name: &str| {
            settings.get_arguments().any(|arg| arg.get_long().map(Self::variable).as_deref() == Some(name))
        };
        let other = |name: &str| OTHERS.contains(&name) || OTHER_GROUPS.iter().any(|group| name.starts_with(group));
        let mut ours = self.environment.0.keys().filter_map(|name| Some((name, name.strip_prefix(PREFIX)?)));
        match ours.find(|(name, rest)| !known(name) && !other(rest)) {
            Some((name, rest)) => Err(unknown(settings, name, rest)),
            None => Ok(()),
        }
    }

    /// The variable of a setting.
    pub(super) fn variable(name: &str) -> String {
        [PREFIX, &name.to_uppercase().replace('-', "_")].concat()
    }
}

fn unknown(settings: &Command, name: &str, rest: &str) -> Complaint {
    let flag = ["--", &rest.to_lowercase().replace('_', "-")].concat();
    let meant = settings.clone().try_get_matches_from([flag]).err().as_ref().and_then(hint);
    let meant = meant
        .map(|flags| flags.split(" or ").map(|flag| Given::variable(flag.trim_start_matches('-'))).collect::<Vec<_>>());
    let hint =
        meant.map_or_else(|| "see `log-shipper --help`".into(), |names| format!("is {} meant?", names.join(" or ")));
    Complaint::new(format!("{name} is not known: {hint}"))
}

/// The settings that stand on the command line itself, as texts.
fn flags(settings: &Command, matches: &ArgMatches) -> BTreeMap<String, Vec<OsString>> {
    let mut flags = BTreeMap::new();
    for arg in settings.get_arguments() {
        let (id, Some(name)) = (arg.get_id().as_str(), arg.get_long()) else { continue };
        let is_given =
            matches.ids().any(|known| known == id) && matches.value_source(id) == Some(ValueSource::CommandLine);
        if is_given && matches!(arg.get_action(), ArgAction::SetTrue) {
            flags.insert(name.to_owned(), vec!["true".into()]);
        } else if is_given {
            let texts = matches.get_raw(id).into_iter().flatten().map(OsStr::to_owned).collect();
            flags.insert(name.to_owned(), texts);
        }
    }
    flags
}

/// The variables that matter to us. Those that are empty count as not set, as Compose leaves them.
#[derive(Clone, Default)]
pub struct Environment(BTreeMap<String, OsString>);

impl Environment {
    /// The environment of the process.
    #[must_use]
    pub fn of_process() -> Self {
        let ours = |name: &str| name.starts_with(PREFIX) || ["HOME", "XDG_STATE_HOME"].contains(&name);
        let named = env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value)));
        Self(named.filter(|(name, value)| ours(name) && !value.is_empty()).collect())
    }

    /// One of these variables alone.
    #[must_use]
    pub fn of(variables: &[(&str, &str)]) -> Self {
        let set = variables.iter().filter(|(_, value)| !value.is_empty());
        Self(set.map(|(name, value)| ((*name).to_owned(), value.into())).collect())
    }

    pub(super) fn get(&self, name: &str) -> Option<&OsStr> {
        self.0.get(name).map(OsString::as_os_str)
    }
}

impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}
