//! How the hosts are reached: who the shipper is, and whom it trusts.

use std::path::Path;

use anyhow::{Context, Result, anyhow, bail};
use rustls::RootCertStore;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use secrecy::{ExposeSecret, SecretString};

use super::live;
use crate::config::{Settings, regular};
use crate::deliver::{Access, Trust};

/// Files of certificates and keys.
const FILES: [&str; 3] = ["ca-file", "client-certificate-file", "client-key-file"];

/// What the settings say of it. Reads the files that they name.
///
/// # Errors
/// A file cannot be read, or does not hold what it should.
pub(super) fn access(settings: &Settings) -> Result<Access> {
    let given = &settings.elasticsearch;
    let trust = match (&given.ca_fingerprint, &given.ca_file) {
        (Some(fingerprint), _) => Trust::Fingerprint(fingerprint.0),
        (None, Some(path)) => Trust::Authorities(authorities(settings, path)?),
        (None, None) => Trust::Public,
    };
    let (credentials, identity) = (live::credentials(settings), identity(settings)?);
    Ok(Access { credentials, trust, identity, timeout: given.request_timeout, ..Access::default() })
}

/// Names the settings that a client could not be built with.
pub(super) fn blame(settings: &Settings) -> String {
    let given = FILES.iter().filter(|name| !settings.effective.is_default(name));
    given.map(|name| settings.effective.subject(name)).collect::<Vec<_>>().join(", ")
}

fn authorities(settings: &Settings, path: &Path) -> Result<Vec<u8>> {
    let pem = text(settings, "ca-file", path)?.into_bytes();
    let wrong = || named(settings, "ca-file", path, "has no certificate (PEM) of an authority");
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(&pem) {
        roots.add(certificate.map_err(|error| anyhow!("{error}")).with_context(wrong)?).with_context(wrong)?;
    }
    if roots.is_empty() {
        bail!(wrong());
    }
    Ok(pem)
}

/// Certificate and key in one text.
fn identity(settings: &Settings) -> Result<Option<SecretString>> {
    let given = &settings.elasticsearch;
    let (Some(certificate), Some(key)) = (&given.client_certificate_file, &given.client_key_file) else {
        return Ok(None);
    };
    let chain = text(settings, "client-certificate-file", certificate)?;
    let certificates: Vec<_> = CertificateDer::pem_slice_iter(chain.as_bytes()).filter_map(Result::ok).collect();
    if certificates.is_empty() {
        bail!(named(settings, "client-certificate-file", certificate, "has no certificate (PEM)"));
    }
    let secret = SecretString::from(text(settings, "client-key-file", key)?);
    let wrong = |what: &str| anyhow!(named(settings, "client-key-file", key, what));
    let private = PrivateKeyDer::from_pem_slice(secret.expose_secret().as_bytes());
    let private = private.map_err(|_| wrong("has no private key (PEM, without a pass phrase)"))?;
    let pair = CertifiedKey::from_der(certificates, private, &ring::default_provider());
    pair.map_err(|error| wrong(&format!("cannot be used with {}: {error}", certificate.display())))?;
    Ok(Some(format!("{chain}\n{}", secret.expose_secret()).into()))
}

fn text(settings: &Settings, name: &str, path: &Path) -> Result<String> {
    regular::text(path, regular::TEXT).map_err(|what| anyhow!(named(settings, name, path, &what)))
}

fn named(settings: &Settings, name: &str, path: &Path, what: &str) -> String {
    format!("{}: {} {what}", settings.effective.subject(name), path.display())
}
