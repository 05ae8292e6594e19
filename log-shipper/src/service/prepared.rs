//! All that can go wrong before anything is connected to; `test config` asks the same.

use anyhow::Result;

use super::live::Live;
use super::sources::Sources;
use super::{Purpose, clients, listen, plan};
use crate::checkpoint::{self, State};
use crate::config::Settings;
use crate::deliver;

/// What a run begins with.
pub(super) struct Prepared {
    pub(super) live: Live,
    pub(super) sources: Sources,
    /// None if nothing is sent.
    pub(super) delivery: Option<deliver::Settings>,
}

impl Prepared {
    /// # Errors
    /// A setting is missing; a file, a folder or a certificate that one names cannot be used.
    pub(super) fn of(settings: &Settings, purpose: Purpose) -> Result<Self> {
        let delivery = (purpose != Purpose::Print).then(|| delivery(settings)).transpose()?;
        Ok(Self { live: Live::of(settings)?, sources: Sources::of(settings)?, delivery })
    }
}

/// How documents are sent; with clients that could be built.
pub(super) fn delivery(settings: &Settings) -> Result<deliver::Settings> {
    clients(settings)?;
    plan::delivery(settings)
}

/// Whether `run` could begin with these settings, without a server, and changing nothing. Gives what is worth knowing,
/// a sentence each.
///
/// # Errors
/// Why it could not.
pub fn check(settings: &Settings) -> Result<Vec<String>> {
    let Prepared { sources, .. } = Prepared::of(settings, Purpose::Follow)?;
    let mut remarks = sources.empty;
    match State::probe(settings.state.folder()) {
        Err(error @ checkpoint::Error::InUse { .. }) => remarks.push(error.to_string()),
        probed => probed.map_err(|error| in_state(settings, &error))?,
    }
    remarks.extend(listen::probe(settings)?);
    Ok(remarks)
}

/// An error of the state folder, with the setting that names the folder.
#[must_use]
pub fn in_state(settings: &Settings, error: &checkpoint::Error) -> anyhow::Error {
    anyhow::Error::msg(format!("{}: {error}", settings.effective.subject("state")))
}
