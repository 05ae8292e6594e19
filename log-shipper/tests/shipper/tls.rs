//! Whose certificates are trusted, and the shipper's own.

#![expect(clippy::unwrap_used, reason = "what a test takes for granted may end it")]

use std::sync::Arc;

use log_shipper::deliver::{Access, Credentials, Trouble, Trust};
use rcgen::{BasicConstraints, Certificate, CertificateParams, IsCa, Issuer, KeyPair};
use rstest::rstest;
use rustls::crypto::ring::cipher_suite::TLS13_AES_128_GCM_SHA256;
use rustls::pki_types::PrivateKeyDer;
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use secrecy::SecretString;
use tokio::time::Instant;
use tokio_rustls::TlsAcceptor;

use crate::harness::{Delivery, settings};
use crate::sink::Sink;

struct Authority {
    certificate: Certificate,
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    fn new() -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new([]).unwrap();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let certificate = params.self_signed(&key).unwrap();
        Self { certificate, issuer: Issuer::new(params, key) }
    }

    fn issue(&self, name: &str) -> (Certificate, KeyPair) {
        let key = KeyPair::generate().unwrap();
        (CertificateParams::new([name.to_owned()]).unwrap().signed_by(&key, &self.issuer).unwrap(), key)
    }
}

/// A server with a certificate for `name`.
struct Server {
    sink: Sink,
    authority: Authority,
    certificate: Certificate,
}

async fn server(name: &str, asks_for_certificate: bool) -> Server {
    let authority = Authority::new();
    let (certificate, key) = authority.issue(name);
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let builder =
        ServerConfig::builder_with_provider(Arc::clone(&provider)).with_safe_default_protocol_versions().unwrap();
    let builder = if asks_for_certificate {
        let mut roots = RootCertStore::empty();
        roots.add(authority.certificate.der().clone()).unwrap();
        let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap();
        builder.with_client_cert_verifier(verifier)
    } else {
        builder.with_no_client_auth()
    };
    let chain = vec![certificate.der().clone(), authority.certificate.der().clone()];
    let config = builder.with_single_cert(chain, PrivateKeyDer::try_from(key.serialize_der()).unwrap()).unwrap();
    let sink = Sink::start_with(Some(TlsAcceptor::from(Arc::new(config)))).await;
    Server { sink, authority, certificate }
}

fn fingerprint(certificate: &Certificate) -> Trust {
    let hash = TLS13_AES_128_GCM_SHA256.tls13().unwrap().common.hash_provider.hash(certificate.der());
    Trust::Fingerprint(hash.as_ref().try_into().unwrap())
}

/// Whether a document arrives with this access; if not, that is told.
async fn arrives(sink: &Sink, access: Access) -> bool {
    let mut settings = settings(vec![sink.url()]);
    settings.access = access;
    let mut delivery = Delivery::start(settings);
    let health = delivery.lanes.health();
    delivery.send_all(&["{}"]);
    while !matches!(health.trouble(), Some(Trouble::Unanswered(_))) {
        if !delivery.told.lock().unwrap().finished.is_empty() {
            return true;
        }
        tokio::task::yield_now().await;
    }
    assert_eq!(delivery.lanes.finish(Some(Instant::now())).await, 1);
    false
}

fn trusting(trust: Trust) -> Access {
    Access { trust, ..Access::default() }
}

#[tokio::test]
async fn a_server_is_trusted_by_its_authority() {
    let server = server("127.0.0.1", false).await;
    let authority = Trust::Authorities(server.authority.certificate.pem().into_bytes());
    assert!(arrives(&server.sink, trusting(authority)).await);
}

#[tokio::test]
async fn a_server_of_an_unknown_authority_gets_nothing() {
    let server = server("127.0.0.1", false).await;
    let stranger = Trust::Authorities(Authority::new().certificate.pem().into_bytes());
    for trust in [Trust::Public, stranger, fingerprint(&Authority::new().certificate)] {
        assert!(!arrives(&server.sink, trusting(trust)).await);
    }
    assert!(server.sink.seen().is_empty());
}

#[rstest]
#[case::its_name("127.0.0.1", true)]
#[case::another_name("elsewhere.example", false)]
#[tokio::test]
async fn a_fingerprint_stands_for_a_server_whatever_its_name_and_for_an_authority_only_with_it(
    #[case] name: &str,
    #[case] by_authority: bool,
) {
    let server = server(name, false).await;
    assert!(arrives(&server.sink, trusting(fingerprint(&server.certificate))).await);
    assert_eq!(arrives(&server.sink, trusting(fingerprint(&server.authority.certificate))).await, by_authority);
}

#[rstest]
#[case::with_authority(false)]
#[case::with_fingerprint(true)]
#[tokio::test]
async fn a_client_certificate_goes_together_with_credentials(#[case] pinned: bool) {
    let server = server("127.0.0.1", true).await;
    server.sink.require("ApiKey key");
    let (certificate, key) = server.authority.issue("client");
    let identity = SecretString::from(certificate.pem() + &key.serialize_pem());
    let trust = if pinned {
        fingerprint(&server.certificate)
    } else {
        Trust::Authorities(server.authority.certificate.pem().into_bytes())
    };
    assert!(!arrives(&server.sink, trusting(trust.clone())).await);
    let credentials = Some(Credentials::ApiKey("key".into()));
    assert!(arrives(&server.sink, Access { credentials, identity: Some(identity), trust, ..Access::default() }).await);
}
