//! The hosts, one by one, for commands that ask and put.

use anyhow::Result;

use super::plan;
use crate::config::Settings;
use crate::setup::Client;

/// Each host's address, without a path or a password, and the way to it.
///
/// # Errors
/// There is no host, or a certificate or a credential cannot be used.
pub fn clients(settings: &Settings) -> Result<Vec<(String, Client)>> {
    let access = plan::access(&settings.elasticsearch)?;
    let hosts = settings.elasticsearch.hosts()?.iter();
    hosts.map(|host| Ok((host.origin().ascii_serialization(), Client::new(host, &access)?))).collect()
}
