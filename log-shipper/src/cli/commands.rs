//! The commands and their own flags; those of settings are added to each of them in [`super`].

use std::time::Duration;

use clap::{Args, Subcommand};

use super::{Completions, TestConfig};
use crate::config::duration;

/// What the program can be asked to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Ship lines until told to stop (the default)
    Run(Run),
    /// Put index template and lifecycle into Elasticsearch
    Setup(Setup),
    /// Check settings, or the way to Elasticsearch
    #[command(subcommand)]
    Test(Test),
    /// Show each file, its position, and how far behind it is
    Status(Status),
    /// List, show, replay and purge documents that Elasticsearch refused
    #[command(subcommand)]
    DeadLetter(DeadLetter),
    /// Print a completion script for a shell
    Completions(Completions),
}

/// `log-shipper run`
#[derive(Args, Clone, Copy, Debug, Default)]
pub struct Run {
    /// Read everything to its end, wait until it has arrived, and stop; exit code 0 only if all of it did
    #[arg(long, conflicts_with = "dry_run")]
    pub once: bool,

    /// Print documents instead of sending them, and move no position
    #[arg(long)]
    pub dry_run: bool,
}

/// `log-shipper setup`
#[derive(Args, Clone, Debug)]
pub struct Setup {
    /// Print what would be put in place
    #[arg(long)]
    pub dry_run: bool,

    /// How long Elasticsearch keeps documents
    #[arg(long, value_name = "TIME", default_value = "30d", value_parser = duration)]
    pub retention: Duration,
}

/// `log-shipper test`
#[derive(Debug, Subcommand)]
pub enum Test {
    /// Check the settings, and show those that are not defaults
    Config(TestConfig),
    /// Check that Elasticsearch can be reached, lets us in and is set up
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

/// `log-shipper dead-letter`
#[derive(Debug, Subcommand)]
pub enum DeadLetter {
    /// List dead letters, oldest first
    List(Letters),
    /// Show one with its whole line
    Show(Show),
    /// Send them again, under the same ids
    Replay(Replay),
    /// Delete them
    Purge(Purge),
}

/// `log-shipper dead-letter list`
#[derive(Args, Clone, Copy, Debug)]
pub struct Letters {
    /// One JSON object for each, a line each
    #[arg(long)]
    pub json: bool,
}

/// `log-shipper dead-letter show`
#[derive(Args, Clone, Debug)]
pub struct Show {
    /// The document's id
    pub id: String,
}

/// `log-shipper dead-letter replay`
#[derive(Args, Clone, Debug)]
pub struct Replay {
    /// Ids of documents [default: all]
    #[arg(value_name = "ID")]
    pub ids: Vec<String>,
}

/// `log-shipper dead-letter purge`
#[derive(Args, Clone, Debug)]
pub struct Purge {
    /// Ids of documents
    #[arg(value_name = "ID", required_unless_present = "all")]
    pub ids: Vec<String>,

    /// Delete all of them
    #[arg(long, conflicts_with = "ids")]
    pub all: bool,
}
