//! The commands and their own flags; those of settings are added to each of them in [`super`].

use std::time::Duration;

use clap::{Args, Subcommand};

use super::{Completions, TestConfig, examples};
use crate::config::wait;
use crate::dead_letter::{Number, Selection};
use crate::setup::Product;

/// What the program can be asked to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Ship lines until told to stop (the default)
    #[command(after_help = examples::RUN)]
    Run(Run),
    /// Put index template and lifecycle into Elasticsearch
    #[command(after_help = examples::SETUP)]
    Setup(Setup),
    /// Check settings, or the way to Elasticsearch
    #[command(subcommand)]
    Test(Test),
    /// Show each file, its position, and how far behind it is
    #[command(after_help = examples::STATUS)]
    Status(Status),
    /// Ask a running shipper whether it lives: exit code 0 if so, 1 if not
    #[command(after_help = examples::HEALTHCHECK)]
    Healthcheck(Healthcheck),
    /// List, show, replay and purge documents that Elasticsearch refused
    #[command(subcommand)]
    DeadLetter(DeadLetter),
    /// Print a completion script for a shell
    #[command(after_help = examples::COMPLETIONS)]
    Completions(Completions),
}

/// `log-shipper run`
#[derive(Args, Clone, Copy, Debug, Default)]
pub struct Run {
    /// Read everything to its end, wait until it has arrived, and stop; exit code 0 only if all of it did, and not
    /// if --files matches nothing, and never has
    #[arg(long, conflicts_with = "dry_run")]
    pub once: bool,

    /// Print documents instead of sending them, and move no position
    #[arg(long)]
    pub dry_run: bool,
}

/// `log-shipper setup`
#[derive(Args, Clone, Debug)]
pub struct Setup {
    /// Print what would be put in place, and the role that the shipper's user needs; nothing is changed
    #[arg(long)]
    pub dry_run: bool,

    /// With --dry-run: print it for this server, and ask none [default: the kind that --elasticsearch is; without
    /// that, elasticsearch]
    #[arg(long = "for", value_name = "SERVER", requires = "dry_run")]
    pub product: Option<Product>,

    /// How long Elasticsearch keeps documents
    #[arg(long, value_name = "TIME", default_value = "30d", value_parser = wait)]
    pub retention: Duration,
}

/// `log-shipper test`
#[derive(Debug, Subcommand)]
pub enum Test {
    /// Check the settings, and show those that are not defaults
    #[command(after_help = examples::TEST_CONFIG)]
    Config(TestConfig),
    /// Check that Elasticsearch can be reached, lets us in and is set up
    #[command(after_help = examples::TEST_OUTPUT)]
    Output(TestOutput),
}

/// `log-shipper test output`
#[derive(Args, Clone, Copy, Debug)]
pub struct TestOutput {}

/// `log-shipper status`
#[derive(Args, Clone, Copy, Debug)]
pub struct Status {
    /// One JSON object for each file, a line each
    #[arg(long)]
    pub json: bool,
}

/// `log-shipper healthcheck`
#[derive(Args, Clone, Copy, Debug)]
pub struct Healthcheck {}

/// `log-shipper dead-letter`
#[derive(Debug, Subcommand)]
pub enum DeadLetter {
    /// List dead letters, oldest first
    #[command(after_help = examples::LIST)]
    List(Letters),
    /// Show some with their whole lines
    #[command(after_help = examples::SHOW)]
    Show(Show),
    /// Send them again, under the same ids; those that are stored are removed
    #[command(after_help = examples::REPLAY)]
    Replay(Replay),
    /// Delete them
    #[command(after_help = examples::PURGE)]
    Purge(Purge),
}

/// `log-shipper dead-letter list`
#[derive(Args, Clone, Copy, Debug)]
pub struct Letters {
    /// One JSON object for each, a line each
    #[arg(long)]
    pub json: bool,

    /// The newest ones, so many at most
    #[arg(long, value_name = "N", default_value = "100")]
    pub limit: usize,
}

/// `log-shipper dead-letter show`
#[derive(Args, Clone, Debug)]
pub struct Show {
    /// Their numbers, as `list` has them
    #[arg(value_name = "NUMBER", required = true)]
    pub numbers: Vec<Number>,
}

/// `log-shipper dead-letter replay`
#[derive(Args, Clone, Debug)]
pub struct Replay {
    /// Which [default: all]
    #[command(flatten)]
    pub chosen: Chosen,
}

/// `log-shipper dead-letter purge`
#[derive(Args, Clone, Debug)]
pub struct Purge {
    /// Which
    #[command(flatten)]
    pub chosen: Chosen,
}

/// Some of the dead letters.
#[derive(Args, Clone, Debug)]
#[group(multiple = false)]
pub struct Chosen {
    /// Those with these numbers, as `list` has them
    #[arg(value_name = "NUMBER")]
    pub numbers: Vec<Number>,

    /// Those that were refused for this reason, such as `document_parsing_exception`
    #[arg(long = "type", value_name = "TYPE")]
    pub kind: Option<String>,

    /// All of them
    #[arg(long)]
    pub all: bool,
}

impl Chosen {
    /// Those that are chosen; none if nothing is.
    #[must_use]
    pub fn selection(self) -> Option<Selection> {
        match self {
            Self { all: true, .. } => Some(Selection::All),
            Self { kind: Some(kind), .. } => Some(Selection::Type(kind)),
            Self { numbers, .. } if !numbers.is_empty() => Some(Selection::Numbers(numbers)),
            _ => None,
        }
    }
}
