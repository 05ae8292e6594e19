//! Settings of what is read, and how it becomes lines.

use std::path::{Path, PathBuf};
use std::time::Duration;

use clap::{Args, ValueEnum};
use globset::Glob;
use regex::bytes::Regex;

use super::own_container;
use super::parse::{count, duration, memory, path_glob, pattern, start_pattern, wait};
use super::selection::{Rule, Selection};

const DOCKER_ROOT: &str = "/var/lib/docker/containers";

/// What is read.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "What is read")]
pub struct Input {
    /// Folder with Docker's containers [default: /var/lib/docker/containers, unless --files or --stdin is given]
    #[arg(long, value_name = "DIR")]
    docker_root: Option<PathBuf>,

    /// Files that hold one line after another, by a pattern such as /var/log/site*.log
    #[arg(long, value_name = "GLOB", value_parser = path_glob)]
    pub files: Vec<Glob>,

    /// Read standard input to its end, then stop; it cannot be resumed
    #[arg(long)]
    pub stdin: bool,

    /// Read only such containers: name=GLOB, image=GLOB, service=GLOB, label:KEY or label:KEY=GLOB
    #[arg(long, value_name = "RULE")]
    pub include: Vec<Rule>,

    /// Do not read such containers, even if they are included; the label `log-shipper.exclude: "true"` does the same
    #[arg(long, value_name = "RULE")]
    pub exclude: Vec<Rule>,

    /// Whether the container in which the shipper runs is read
    #[arg(long, value_name = "WHAT", default_value = "skip")]
    pub own_container: OwnContainer,

    /// Lines are cut after so many bytes, and marked
    #[arg(long, value_name = "SIZE", default_value = "1MiB", value_parser = memory)]
    pub max_line: usize,

    /// How long the next piece of a line that Docker split is waited for
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = wait)]
    pub piece_timeout: Duration,

    /// Lines of plain files that do not match this belong to the line before; containers have the label
    /// log-shipper.multiline
    #[arg(long, value_name = "REGEX", value_parser = start_pattern)]
    pub multiline: Option<Regex>,

    /// How long the next line is waited for that may belong to the one before
    #[arg(long, value_name = "TIME", default_value = "2s", value_parser = wait)]
    pub multiline_timeout: Duration,

    /// Hide what matches, besides what usually is a secret; with a group, only what the group matches
    #[arg(long, value_name = "REGEX", value_parser = pattern)]
    pub mask: Vec<Regex>,

    /// How long lines of a container wait until it is known who it is; after that they go out marked
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = duration)]
    pub metadata_wait: Duration,

    /// How often everything is looked at anew, besides being watched
    #[arg(long, value_name = "TIME", default_value = "2s", value_parser = wait)]
    pub poll: Duration,

    /// Files that are held open at the same time at most
    #[arg(long, value_name = "N", default_value = "4096", value_parser = count::<1_048_576>)]
    pub max_open_files: usize,
}

/// What is done about the shipper's own container.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum OwnContainer {
    /// Its lines are not read.
    Skip,
    /// They are.
    Read,
}

impl Input {
    /// The folder with Docker's containers, if they are to be read: a folder that is given, or else the usual one where
    /// nothing else is.
    #[must_use]
    pub fn docker_root(&self) -> Option<&Path> {
        let nothing_else = self.files.is_empty() && !self.stdin;
        self.docker_root.as_deref().or_else(|| nothing_else.then(|| Path::new(DOCKER_ROOT)))
    }

    /// Which containers are wanted. Looks up which one is our own.
    #[must_use]
    pub fn selection(&self) -> Selection {
        self.selection_of(own_container::id())
    }

    /// The same for a shipper that runs in the container whose id begins so.
    pub(crate) fn selection_of(&self, own: Option<String>) -> Selection {
        let own = own.filter(|_| self.own_container == OwnContainer::Skip);
        Selection::new(self.include.clone(), self.exclude.clone(), own)
    }
}
