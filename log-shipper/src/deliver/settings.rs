//! How Elasticsearch is reached, and how patiently.

use std::num::NonZeroUsize;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::watch;
use url::Url;

use super::Patience;

/// All that the lanes have to know.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The hosts, used in turn; a path before `_bulk` is kept.
    pub hosts: Vec<Url>,
    /// How they are reached.
    pub access: Access,
    /// Whether bodies are compressed; if not said, for hosts that are not loopback.
    pub gzip: Option<bool>,
    /// Requests in flight at most: so many lanes are for all files.
    pub lanes: NonZeroUsize,
    /// Lanes beside these, each for the files of one target that is not most files' target.
    pub own_lanes: usize,
    /// How long to wait between tries.
    pub patience: Patience,
    /// Bytes of a request before compression: a batch of more than twice that is sent in parts.
    pub bytes: usize,
    /// How long the name of a target's write index is taken for good. An old name costs nothing but a longer look-up when
    /// an answer stays away.
    pub resolve_every: Duration,
    /// Nothing is sent before this is true; none if nothing has to be waited for.
    pub gate: Option<watch::Receiver<bool>>,
}

impl Settings {
    /// The defaults, for these hosts.
    #[must_use]
    pub fn new(hosts: Vec<Url>) -> Self {
        Self {
            hosts,
            access: Access::default(),
            gzip: None,
            lanes: const { NonZeroUsize::new(2).expect("two is not zero") },
            own_lanes: 0,
            patience: Patience::default(),
            bytes: 2 << 20,
            resolve_every: Duration::from_mins(1),
            gate: None,
        }
    }

    /// Whether bodies are compressed.
    #[must_use]
    pub fn compresses(&self) -> bool {
        self.gzip.unwrap_or_else(|| !self.hosts.iter().all(is_loopback))
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// Credentials, certificates and time-outs of a connection.
#[derive(Clone, Debug)]
pub struct Access {
    /// Who the shipper is.
    pub credentials: Option<Credentials>,
    /// Whose certificates are trusted.
    pub trust: Trust,
    /// A client certificate with its key, PEM.
    pub identity: Option<SecretString>,
    /// How long a request may take, with its answer.
    pub timeout: Duration,
    /// How long a connection may take.
    pub connect_timeout: Duration,
}

impl Default for Access {
    fn default() -> Self {
        Self {
            credentials: None,
            trust: Trust::Public,
            identity: None,
            timeout: Duration::from_mins(1),
            connect_timeout: Duration::from_secs(10),
        }
    }
}

/// Who the shipper is.
#[derive(Clone, Debug)]
pub enum Credentials {
    /// A user's name and password.
    Basic(String, SecretString),
    /// An API key: `ID:KEY`, or that in base64, as Elasticsearch gives it.
    ApiKey(SecretString),
}

impl Credentials {
    /// The value of the header `Authorization`.
    #[must_use]
    pub fn header(&self) -> SecretString {
        match self {
            Self::Basic(user, password) => {
                format!("Basic {}", STANDARD.encode(format!("{user}:{}", password.expose_secret()))).into()
            }
            Self::ApiKey(key) if key.expose_secret().contains(':') => {
                format!("ApiKey {}", STANDARD.encode(key.expose_secret())).into()
            }
            Self::ApiKey(key) => format!("ApiKey {}", key.expose_secret()).into(),
        }
    }
}

/// Whose certificates are trusted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Trust {
    /// Those of the public authorities.
    #[default]
    Public,
    /// Those of these authorities, PEM, and of no others.
    Authorities(Vec<u8>),
    /// The one with this SHA-256: the server's own, whatever name is in it, or an authority that the server sends along.
    Fingerprint([u8; 32]),
}

/// A text that is no fingerprint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a certificate's fingerprint is its SHA-256: 64 hexadecimal digits, with colons between them or without")]
pub struct InvalidFingerprint;

impl Trust {
    /// Trust in a certificate by its SHA-256, as `openssl x509 -fingerprint -sha256` prints it, or without the colons.
    ///
    /// # Errors
    /// It is not 32 bytes in hexadecimal digits.
    pub fn fingerprint(text: &str) -> Result<Self, InvalidFingerprint> {
        let digits: Vec<u8> =
            text.bytes().filter(|byte| *byte != b':').map(digit).collect::<Option<_>>().ok_or(InvalidFingerprint)?;
        let bytes: Vec<u8> =
            digits.chunks(2).map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit)).collect();
        let whole = digits.len() == 64;
        bytes.try_into().ok().filter(|_| whole).map(Self::Fingerprint).ok_or(InvalidFingerprint)
    }
}

fn digit(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok())
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::loopback(&["http://127.0.0.1:9200", "http://[::1]:9200", "http://localhost"], false)]
    #[case::network(&["http://127.0.0.1:9200", "https://elastic.example"], true)]
    fn only_what_leaves_the_machine_is_compressed(#[case] hosts: &[&str], #[case] compressed: bool) {
        let hosts = hosts.iter().map(|host| host.parse().unwrap()).collect();
        assert_eq!(Settings::new(hosts).compresses(), compressed);
    }

    #[rstest]
    #[case::basic(Credentials::Basic("ada".into(), "pass".into()), "Basic YWRhOnBhc3M=")]
    #[case::two_parts(Credentials::ApiKey("id:key".into()), "ApiKey aWQ6a2V5")]
    #[case::encoded(Credentials::ApiKey("aWQ6a2V5".into()), "ApiKey aWQ6a2V5")]
    fn credentials_become_a_header(#[case] credentials: Credentials, #[case] header: &str) {
        assert_eq!(credentials.header().expose_secret(), header);
    }

    #[rstest]
    #[case::plain(&"0a".repeat(32), Ok(Trust::Fingerprint([10; 32])))]
    #[case::colons(&vec!["0A"; 32].join(":"), Ok(Trust::Fingerprint([10; 32])))]
    #[case::short(&"0a".repeat(31), Err(InvalidFingerprint))]
    #[case::odd(&"0".repeat(63), Err(InvalidFingerprint))]
    #[case::no_digits(&"zz".repeat(32), Err(InvalidFingerprint))]
    fn a_fingerprint_is_read_with_colons_or_without(
        #[case] text: &str,
        #[case] trust: Result<Trust, InvalidFingerprint>,
    ) {
        assert_eq!(Trust::fingerprint(text), trust);
    }
}
