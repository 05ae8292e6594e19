//! What the settings mean for each part of the pipeline.

use anyhow::{Context, Result};

use super::access::access;
use crate::clock::Clock;
use crate::config::{Gzip, Settings};
use crate::deliver::{self, Patience};
use crate::document::Agent;
use crate::pipeline::Options;
use crate::{batch, docker};

/// The name of this node.
pub(super) fn host() -> String {
    rustix::system::uname().nodename().to_string_lossy().into_owned()
}

pub(super) fn options(settings: &Settings, host: &str, clock: &Clock) -> Options {
    let (input, delivery) = (&settings.input, &settings.delivery);
    Options {
        agent: Agent { host: host.to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
        target: settings.elasticsearch.target.as_str().into(),
        max_line: input.max_line,
        joining: docker::Limits {
            bytes: input.max_line,
            piece: input.piece_timeout,
            line: input.multiline_timeout,
            ..docker::Limits::default()
        },
        batch: batch::Limits { bytes: delivery.batch_bytes, count: delivery.batch_lines, age: delivery.batch_age },
        memory: delivery.memory,
        max_open_files: input.max_open_files,
        clock: clock.clone(),
    }
}

pub(super) fn delivery(settings: &Settings) -> Result<deliver::Settings> {
    let (elasticsearch, delivery) = (&settings.elasticsearch, &settings.delivery);
    let patience = Patience { first: delivery.retry_min, longest: delivery.retry_max, ..Patience::default() };
    Ok(deliver::Settings {
        access: access(settings)?,
        gzip: match elasticsearch.gzip {
            Gzip::Auto => None,
            Gzip::On => Some(true),
            Gzip::Off => Some(false),
        },
        lanes: delivery.lanes.try_into().context("--lanes is 0")?,
        patience,
        bytes: delivery.batch_bytes,
        own_lanes: own_lanes(delivery.memory / delivery.batch_bytes.max(1)),
        ..deliver::Settings::new(elasticsearch.hosts()?.to_vec())
    })
}

/// Targets that can have a lane of their own, where there is memory for so many batches. A lane that is stuck holds two:
/// at most half of the memory waits in such lanes.
fn own_lanes(batches: usize) -> usize {
    (batches / 4).min(16)
}
