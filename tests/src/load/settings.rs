//! The settings of a load run.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::ensure;
use clap::ValueEnum;

use crate::database::{Postgres, System};
use crate::load::workload::Workload;
use crate::seed::Plan;

/// How many others the reader follows.
const FOLLOWEES: u64 = 40;

/// Few enough that each has filled a page of 30 messages with 10,000 messages in all, and again with 1,000,000.
const SCALE_USERS: u64 = 100;

/// What is measured, for how long, and on what.
#[derive(clap::Args)]
pub struct Settings {
    /// What to measure; may be given more than once, or with commas [default: all]
    #[arg(long = "workload", value_name = "NAME", value_delimiter = ',')]
    chosen: Vec<Workload>,
    /// The site's program [default: `minitwit` beside this program]
    #[arg(long, value_name = "PATH")]
    pub site: Option<PathBuf>,
    /// Measure on this PostgreSQL server too, in scratch databases of its own; the user must be allowed to make them
    #[arg(long, value_name = "URL", env = "LOAD_POSTGRES", hide_env_values = true)]
    postgres: Option<Postgres>,
    /// Leave SQLite out
    #[arg(long, requires = "postgres")]
    no_sqlite: bool,
    /// How often each side is measured; the sides take turns
    #[arg(long, value_name = "COUNT", default_value = "5", value_parser = clap::value_parser!(u32).range(1..))]
    pub rounds: u32,
    /// How long a round is
    #[arg(long = "seconds", value_name = "SECONDS", default_value = "3", value_parser = seconds)]
    pub length: Duration,
    /// How many keep-alive connections ask at once
    #[arg(long, value_name = "COUNT", default_value = "16", value_parser = clap::value_parser!(u16).range(1..=1000))]
    pub connections: u16,
    /// How many messages the database holds (not for scale)
    #[arg(long, value_name = "COUNT", default_value_t = 100_000)]
    messages: u64,
    /// How many users it holds (not for scale)
    #[arg(long, value_name = "COUNT", default_value = "1000", value_parser = clap::value_parser!(u64).range(41..))]
    users: u64,
    /// How many messages the large database of scale holds
    #[arg(long, value_name = "COUNT", default_value_t = 1_000_000)]
    pub large: u64,
    /// How many messages the small database of scale holds
    #[arg(long, value_name = "COUNT", default_value = "10000", value_parser = clap::value_parser!(u64).range(10_000..))]
    pub small: u64,
    /// How many requests memory makes
    #[arg(long, value_name = "COUNT", default_value = "1000000", value_parser = clap::value_parser!(u64).range(1000..))]
    pub requests: u64,
    /// Where the temporary folder is made [default: the system's]; it should lie on a real disk
    #[arg(long, value_name = "PATH")]
    pub folder: Option<PathBuf>,
    /// Print JSON in place of tables
    #[arg(long)]
    pub json: bool,
}

fn seconds(text: &str) -> anyhow::Result<Duration> {
    let length = Duration::try_from_secs_f64(text.parse()?)?;
    ensure!(!length.is_zero(), "it must be more than 0");
    Ok(length)
}

impl Settings {
    /// What to measure, in the order of the tables.
    #[must_use]
    pub fn workloads(&self) -> Vec<Workload> {
        let asked = |workload: &&Workload| self.chosen.is_empty() || self.chosen.contains(workload);
        Workload::value_variants().iter().filter(asked).copied().collect()
    }

    /// On what to measure.
    #[must_use]
    pub fn systems(&self) -> Vec<System> {
        let sqlite = (!self.no_sqlite).then_some(System::Sqlite);
        sqlite.into_iter().chain(self.postgres.clone().map(System::Postgres)).collect()
    }

    /// The usual content of a database.
    #[must_use]
    pub fn plan(&self) -> Plan {
        Plan { users: self.users, messages: self.messages, followees: FOLLOWEES }
    }

    /// The content of a database of scale.
    #[must_use]
    pub fn plan_with(messages: u64) -> Plan {
        Plan { users: SCALE_USERS, messages, followees: FOLLOWEES }
    }

    /// The conditions in one line, for the head of the report.
    #[must_use]
    pub fn conditions(&self) -> String {
        let cores = std::thread::available_parallelism().map_or(0, usize::from);
        let Self { rounds, length, connections, messages, .. } = self;
        format!(
            "{cores} cores shared by load and server, {connections} connections, {rounds} rounds of {} s, {messages} messages",
            length.as_secs_f64()
        )
    }
}
