//! The hosts, one by one, for commands that ask and put.

use anyhow::{Error, Result};
use url::Url;

use super::access;
use crate::config::Settings;
use crate::deliver::BuildError;
use crate::setup::Client;

/// Each host's address, without a path or a password, and the way to it.
///
/// # Errors
/// There is no host, or a certificate or a credential cannot be used.
pub fn clients(settings: &Settings) -> Result<Vec<(String, Client)>> {
    let access = access::access(settings)?;
    let hosts = settings.elasticsearch.hosts()?.iter();
    let client = |host| Client::new(host, &access).map_err(|error| blamed(settings, error));
    hosts.map(|host| Ok((name(host), client(host)?))).collect()
}

/// With its port, also if that is only implied: it is another one than people may think of.
fn name(host: &Url) -> String {
    let port = host.port_or_known_default().map(|port| format!(":{port}")).unwrap_or_default();
    format!("{}://{}{port}", host.scheme(), host.host_str().unwrap_or_default())
}

/// Names the settings that are at fault.
fn blamed(settings: &Settings, error: BuildError) -> Error {
    let names = match error {
        BuildError::Certificates(_) => access::blame(settings),
        BuildError::Credentials | BuildError::NoHost => String::new(),
    };
    if names.is_empty() { error.into() } else { Error::msg(format!("{names}: {error}")) }
}
