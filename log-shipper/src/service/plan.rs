//! What the settings mean for each part of the pipeline.

use std::fs;
use std::sync::Arc;

use anyhow::{Context, Result};
use secrecy::{ExposeSecret, SecretString};

use crate::clock::Clock;
use crate::config::{Credentials, Elasticsearch, Gzip, Settings};
use crate::deliver::{self, Access, Patience, Trust};
use crate::discover::Inputs;
use crate::document::Agent;
use crate::mask::Masker;
use crate::pipeline::{Options, Treatment};
use crate::source::{Hints, Source};
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

pub(super) fn treatment(settings: &Settings) -> Result<Treatment> {
    let extra: Vec<String> = settings.input.mask.iter().map(|pattern| pattern.as_str().to_owned()).collect();
    let selection = settings.input.selection();
    let wanted = move |source: &Source| source.container.as_ref().is_none_or(|container| selection.wants(container));
    let forget_after = settings.state.forget_after;
    Ok(Treatment { masker: Arc::new(Masker::new(&extra)?), wanted: Arc::new(wanted), forget_after })
}

pub(super) fn inputs(settings: &Settings) -> Inputs {
    let input = &settings.input;
    Inputs {
        docker_root: input.docker_root().map(Into::into),
        files: input.files.iter().map(ToString::to_string).collect(),
        hints: Hints { multiline: input.multiline.clone(), ..Hints::default() },
        patience: input.metadata_wait,
        look: input.poll,
    }
}

pub(super) fn delivery(settings: &Settings) -> Result<deliver::Settings> {
    let (elasticsearch, delivery) = (&settings.elasticsearch, &settings.delivery);
    let patience = Patience { first: delivery.retry_min, longest: delivery.retry_max, ..Patience::default() };
    Ok(deliver::Settings {
        access: access(elasticsearch)?,
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

pub(super) fn access(settings: &Elasticsearch) -> Result<Access> {
    let credentials = credentials(settings);
    let trust = match (&settings.ca_fingerprint, &settings.ca_file) {
        (Some(fingerprint), _) => Trust::Fingerprint(fingerprint.0),
        (None, Some(path)) => {
            Trust::Authorities(fs::read(path).with_context(|| format!("--ca-file: cannot read {}", path.display()))?)
        }
        (None, None) => Trust::Public,
    };
    let identity = identity(settings)?;
    Ok(Access { credentials, trust, identity, timeout: settings.request_timeout, ..Access::default() })
}

/// Who the shipper is.
pub(super) fn credentials(settings: &Elasticsearch) -> Option<deliver::Credentials> {
    match &settings.credentials {
        Credentials::None => None,
        Credentials::Basic { user, password } => Some(deliver::Credentials::Basic(user.clone(), password.clone())),
        Credentials::ApiKey(key) => Some(deliver::Credentials::ApiKey(key.clone())),
    }
}

/// Certificate and key in one text.
fn identity(settings: &Elasticsearch) -> Result<Option<SecretString>> {
    let (Some(certificate), Some(key)) = (&settings.client_certificate_file, &settings.client_key_file) else {
        return Ok(None);
    };
    let text = |path: &std::path::Path, flag: &str| {
        fs::read_to_string(path).with_context(|| format!("--{flag}: cannot read {}", path.display()))
    };
    let key = SecretString::from(text(key, "client-key-file")?);
    let certificate = text(certificate, "client-certificate-file")?;
    Ok(Some(format!("{certificate}\n{}", key.expose_secret()).into()))
}
