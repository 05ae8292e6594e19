//! A replica of the simulator API, as a URL names it.

use std::str::FromStr;

use anyhow::{Context, ensure};
use http::Uri;

/// Where one replica listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replica {
    /// The name or address to connect to.
    pub host: String,
    /// The port to connect to.
    pub port: u16,
    /// What the `Host` header says.
    pub authority: String,
    /// What stands before `/register`, `/msgs` and `/fllws`; mostly empty. It never ends in a slash.
    pub prefix: String,
}

impl FromStr for Replica {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<Self> {
        let url: Uri = text.parse().context("it is not a URL")?;
        ensure!(url.scheme_str() == Some("http"), "it must begin with http://");
        ensure!(url.query().is_none(), "it must have no query");
        let authority = url.authority().context("it names no host")?;
        ensure!(!authority.as_str().contains('@'), "it must have no user; the credential is an option of its own");
        Ok(Self {
            host: authority.host().trim_matches(['[', ']']).to_owned(),
            port: authority.port_u16().unwrap_or(80),
            authority: authority.to_string(),
            prefix: url.path().trim_end_matches('/').to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_names_host_port_and_prefix() {
        let replica: Replica = "http://[::1]:8001/api/".parse().expect("the URL is good");
        assert_eq!((replica.host.as_str(), replica.port, replica.prefix.as_str()), ("::1", 8001, "/api"));
        let replica: Replica = "http://localhost".parse().expect("the URL is good");
        assert_eq!((replica.host.as_str(), replica.port, replica.prefix.as_str()), ("localhost", 80, ""));
    }

    #[test]
    fn what_cannot_be_asked_over_plain_http_is_refused() {
        for url in ["https://localhost", "localhost:8001", "http://a:b@localhost", "http://localhost/?a=b", ""] {
            assert!(url.parse::<Replica>().is_err(), "{url}");
        }
    }
}
