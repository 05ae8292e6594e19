//! Settings of where documents go: hosts, credentials, TLS.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, ValueEnum};
use url::{Host, Url};

use super::parse::{Fingerprint, fingerprint, host, target, wait};
use super::{Complaint, Credentials, Effective};

/// Where documents go.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Where it goes")]
pub struct Elasticsearch {
    /// URL of an Elasticsearch or OpenSearch host, with its port; several are used in turn
    #[arg(long = "elasticsearch", value_name = "URL", value_parser = host)]
    hosts: Vec<Url>,

    /// Data stream, alias or index that documents are created in
    #[arg(long, value_name = "NAME", default_value = "logs-minitwit-default", value_parser = target)]
    pub target: String,

    /// User; the password comes from --password-file or from `LOG_SHIPPER_PASSWORD`
    #[arg(long, value_name = "NAME")]
    pub(super) user: Option<String>,

    /// File that holds the user's password
    #[arg(long, value_name = "FILE")]
    pub(super) password_file: Option<PathBuf>,

    /// File that holds an API key as Elasticsearch prints it encoded; `LOG_SHIPPER_API_KEY` does as well
    #[arg(long, value_name = "FILE")]
    pub(super) api_key_file: Option<PathBuf>,

    /// How we prove who we are.
    #[arg(skip)]
    pub credentials: Credentials,

    /// File with certificates (PEM) of which one must have signed the host's
    #[arg(long, value_name = "FILE")]
    pub ca_file: Option<PathBuf>,

    /// SHA-256 of a certificate that must be among those that the host shows
    #[arg(long, value_name = "HEX", value_parser = fingerprint)]
    pub ca_fingerprint: Option<Fingerprint>,

    /// File with our own certificate (PEM), for hosts that ask for one
    #[arg(long, value_name = "FILE")]
    pub client_certificate_file: Option<PathBuf>,

    /// File with the key (PEM) of our own certificate
    #[arg(long, value_name = "FILE")]
    pub client_key_file: Option<PathBuf>,

    /// Whether requests are compressed; `auto` does it for every host but this machine
    #[arg(long, value_name = "WHEN", default_value = "auto")]
    pub gzip: Gzip,

    /// How long a host may take to answer a request
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = wait)]
    pub request_timeout: Duration,
}

/// When requests are compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Gzip {
    /// For every host but a loopback address.
    Auto,
    /// Always.
    On,
    /// Never.
    Off,
}

impl Gzip {
    /// Whether requests to `host` are compressed.
    #[must_use]
    pub fn compresses(self, host: &Url) -> bool {
        let is_here = match host.host() {
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            Some(Host::Domain(name)) => name == "localhost",
            None => false,
        };
        self == Self::On || self == Self::Auto && !is_here
    }
}

impl Elasticsearch {
    /// The hosts; at least one.
    ///
    /// # Errors
    /// There is none.
    pub fn hosts(&self) -> Result<&[Url], Complaint> {
        let missing = "--elasticsearch is missing: say where lines go, such as --elasticsearch http://127.0.0.1:9200";
        if self.hosts.is_empty() { Err(Complaint::new(missing)) } else { Ok(&self.hosts) }
    }

    pub(super) fn check(&self, effective: &Effective) -> Result<(), Complaint> {
        let (certificate, key) = ("client-certificate-file", "client-key-file");
        match (&self.client_certificate_file, &self.client_key_file) {
            (Some(_), None) => return Err(Complaint::of(effective, certificate, "is of no use without", key)),
            (None, Some(_)) => return Err(Complaint::of(effective, key, "is of no use without", certificate)),
            _ => {}
        }
        if self.ca_file.is_some() && self.ca_fingerprint.is_some() {
            return Err(Complaint::of(effective, "ca-file", "cannot be used with", "ca-fingerprint"));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_over_a_network_is_compressed() {
        for (url, auto) in [
            ("http://127.0.0.1:9200", false),
            ("http://[::1]:9200", false),
            ("http://localhost:9200", false),
            ("http://10.0.0.7:9200", true),
            ("https://search.example", true),
        ] {
            let url = Url::parse(url).unwrap();
            assert_eq!(
                [Gzip::Auto, Gzip::On, Gzip::Off].map(|gzip| gzip.compresses(&url)),
                [auto, true, false],
                "{url}"
            );
        }
    }
}
