//! TLS where the public authorities are not trusted: which server is, and the shipper's own certificate.

use std::sync::Arc;

use rustls::client::WantsClientCert;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, ConfigBuilder, RootCertStore, WantsVerifier};
use secrecy::ExposeSecret;

use super::pin::Pin;
use super::settings::Access;

type Result<T> = std::result::Result<T, Box<dyn std::error::Error>>;

/// Accepts this certificate and no other.
pub(super) fn pinned(fingerprint: [u8; 32], access: &Access) -> Result<ClientConfig> {
    let pin = Pin { fingerprint, provider: Arc::new(ring::default_provider()) };
    certified(builder()?.dangerous().with_custom_certificate_verifier(Arc::new(pin)), access)
}

/// Accepts certificates of these authorities, PEM, and of no others.
pub(super) fn of_authorities(pem: &[u8], access: &Access) -> Result<ClientConfig> {
    certified(builder()?.with_root_certificates(roots(pem)?), access)
}

fn builder() -> Result<ConfigBuilder<ClientConfig, WantsVerifier>> {
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()));
    Ok(builder.with_safe_default_protocol_versions()?)
}

fn roots(pem: &[u8]) -> Result<RootCertStore> {
    let mut roots = RootCertStore::empty();
    for authority in CertificateDer::pem_slice_iter(pem) {
        roots.add(authority?)?;
    }
    if roots.is_empty() { Err("there is no certificate of an authority".into()) } else { Ok(roots) }
}

fn certified(builder: ConfigBuilder<ClientConfig, WantsClientCert>, access: &Access) -> Result<ClientConfig> {
    let Some(identity) = &access.identity else { return Ok(builder.with_no_client_auth()) };
    let pem = identity.expose_secret().as_bytes();
    let chain = CertificateDer::pem_slice_iter(pem).collect::<std::result::Result<_, _>>()?;
    Ok(builder.with_client_auth_cert(chain, PrivateKeyDer::from_pem_slice(pem)?)?)
}

#[cfg(test)]
mod tests {
    use rcgen::{BasicConstraints, CertificateParams, IsCa, KeyPair};

    use super::*;

    #[test]
    fn the_authorities_of_a_file_are_trusted_and_no_others() {
        let authority = |_| {
            let mut params = CertificateParams::new([]).unwrap();
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
            params.self_signed(&KeyPair::generate().unwrap()).unwrap().pem()
        };
        let pem: String = (0..2).map(authority).collect();
        assert_eq!(roots(pem.as_bytes()).unwrap().len(), 2);
        assert!(roots(b"nothing").is_err());
    }
}
