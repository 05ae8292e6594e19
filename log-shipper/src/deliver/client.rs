//! The HTTP client of a host: whom it trusts, and that it goes nowhere else.
//!
//! It is not the `elasticsearch` crate's: that one follows an answer to another address, and sends the documents there too.

use bytes::Bytes;
use reqwest::{ClientBuilder, Identity, Method, redirect};
use secrecy::ExposeSecret;
use url::Url;

use super::settings::{Access, Trust};
use super::{BuildError, tls};

/// A client for these ways of access. It follows no answer to another address: documents would go there too.
pub(super) fn build(access: &Access) -> Result<reqwest::Client, BuildError> {
    let builder = reqwest::Client::builder().no_proxy().redirect(redirect::Policy::none());
    let builder = trusting(builder.connect_timeout(access.connect_timeout), access);
    builder.and_then(|builder| Ok(builder.build()?)).map_err(|error| BuildError::Certificates(error.to_string()))
}

fn trusting(builder: ClientBuilder, access: &Access) -> Result<ClientBuilder, Box<dyn std::error::Error>> {
    let builder = match (&access.trust, &access.identity) {
        (Trust::Fingerprint(fingerprint), _) => builder.use_preconfigured_tls(tls::pinned(*fingerprint, access)?),
        (Trust::Authorities(pem), _) => builder.use_preconfigured_tls(tls::of_authorities(pem, access)?),
        (Trust::Public, Some(pem)) => {
            builder.use_rustls_tls().identity(Identity::from_pem(pem.expose_secret().as_bytes())?)
        }
        (Trust::Public, None) => builder.use_rustls_tls(),
    };
    Ok(builder)
}

/// A request for a path below the host's.
pub(super) fn request(
    client: &reqwest::Client,
    method: Method,
    host: &Url,
    path: &str,
    body: Option<Bytes>,
) -> reqwest::RequestBuilder {
    let url = format!("{}{path}", host.as_str().trim_end_matches('/'));
    let request = client.request(method, url);
    match body {
        Some(body) => request.body(body),
        None => request,
    }
}
