//! Settings of how documents are sent.

use std::time::Duration;

use clap::{Args, ValueEnum};

use super::parse::{count, duration, memory, wait};
use super::{Complaint, Effective};

/// How documents are sent.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "How it is sent")]
pub struct Delivery {
    /// Bytes of a request at most, before compression; a document that is longer goes alone
    #[arg(long, value_name = "SIZE", default_value = "2MiB", value_parser = memory)]
    pub batch_bytes: usize,

    /// Documents of a request at most
    #[arg(long, value_name = "N", default_value = "10000", value_parser = count::<1_000_000>)]
    pub batch_lines: usize,

    /// How long a document waits for others at most
    #[arg(long, value_name = "TIME", default_value = "200ms", value_parser = duration)]
    pub batch_age: Duration,

    /// Requests that are on their way at the same time at most; the lines of a file never overtake each other
    #[arg(long, value_name = "N", default_value = "4", value_parser = count::<64>)]
    pub lanes: usize,

    /// Memory for documents that are not acknowledged; when it is used up, reading waits
    #[arg(long, value_name = "SIZE", default_value = "24MiB", value_parser = memory)]
    pub memory: usize,

    /// Whether nothing is sent before `log-shipper setup` has put its template in place; without the template, a data
    /// stream that the first line creates has other fields for good
    #[arg(long, value_name = "WHETHER", default_value = "off")]
    pub await_setup: AwaitSetup,

    /// Pause before the first repetition of a request, or up to a half less; it doubles with each
    #[arg(long, value_name = "TIME", default_value = "1s", value_parser = wait)]
    pub retry_min: Duration,

    /// Pause between repetitions at most
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = wait)]
    pub retry_max: Duration,

    /// How long reading goes on after a first SIGTERM, for the last lines of containers that are stopped at the same
    /// time and then removed
    #[arg(long, value_name = "TIME", default_value = "0s", value_parser = duration)]
    pub shutdown_linger: Duration,

    /// How long documents in hand may still be sent after that; a swarm should wait longer than both
    /// (`stop_grace_period`)
    #[arg(long, value_name = "TIME", default_value = "25s", value_parser = duration)]
    pub shutdown_timeout: Duration,
}

/// Whether the template is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum AwaitSetup {
    /// Lines wait, as far as there is memory, and then in their files.
    On,
    /// They are sent at once.
    Off,
}

impl Delivery {
    pub(super) fn check(&self, effective: &Effective) -> Result<(), Complaint> {
        if self.memory < self.batch_bytes.saturating_mul(2) {
            let (blamed, other) = effective.blamed("memory", "batch-bytes");
            let reason = match blamed {
                "memory" => "is too small: it must hold two requests, twice",
                _ => "is too large: two requests must fit into",
            };
            return Err(Complaint::of(effective, blamed, reason, other));
        }
        if self.retry_min > self.retry_max {
            let (blamed, other) = effective.blamed("retry-min", "retry-max");
            let reason = if blamed == "retry-min" { "is longer than" } else { "is shorter than" };
            return Err(Complaint::of(effective, blamed, reason, other));
        }
        Ok(())
    }
}
