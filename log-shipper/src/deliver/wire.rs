//! One host: how a request gets there, and what comes back.

use std::error::Error as _;
use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use bytes::Bytes;
use elasticsearch::auth::{ClientCertificate, Credentials};
use elasticsearch::cert::{Certificate, CertificateValidation};
use elasticsearch::http::headers::{
    ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, DATE, HeaderMap, HeaderValue, RETRY_AFTER,
    USER_AGENT,
};
use elasticsearch::http::response::Response;
use elasticsearch::http::transport::{SingleNodeConnectionPool, Transport, TransportBuilder};
use elasticsearch::http::{Method, StatusCode};
use jiff::fmt::rfc2822;
use secrecy::ExposeSecret;
use tokio::net::TcpStream;
use url::Url;

use super::BuildError;
use super::pin;
use super::request::{Failure, Reply, Request};
use super::settings::{Access, Credentials as Who, Trust};

/// Bytes of an answer at most, where its length is announced.
const ANSWER_LIMIT: u64 = 128 << 20;
const AGENT: &str = concat!("log-shipper/", env!("CARGO_PKG_VERSION"));

/// The way to a host.
pub(crate) struct Wire {
    client: Client,
    url: Url,
    headers: RwLock<HeaderMap>,
    access: Access,
}

enum Client {
    Transport(Transport),
    /// The transport cannot be told what certificates to accept, so a pinned one takes this way.
    Pinned(reqwest::Client),
}

/// Why a request did not get there, or has no answer.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub(crate) enum Unsent {
    Transport(#[from] elasticsearch::Error),
    Pinned(#[from] reqwest::Error),
}

impl Unsent {
    fn of_http(&self) -> Option<&reqwest::Error> {
        match self {
            Self::Transport(error) => error.source().and_then(|source| source.downcast_ref()),
            Self::Pinned(error) => Some(error),
        }
    }
}

impl Wire {
    pub(crate) fn new(url: &Url, access: &Access) -> Result<Self, BuildError> {
        let client = match &access.trust {
            Trust::Fingerprint(fingerprint) => Client::Pinned(pin::client(*fingerprint, access)?),
            _ => Client::Transport(transport(url, access)?),
        };
        Ok(Self {
            client,
            url: url.clone(),
            headers: RwLock::new(headers(access.credentials.as_ref())?),
            access: access.clone(),
        })
    }

    /// Says from now on who the shipper is.
    pub(super) fn log_in(&self, credentials: Option<&Who>) -> Result<(), BuildError> {
        *self.headers.write().unwrap_or_else(PoisonError::into_inner) = headers(credentials)?;
        Ok(())
    }

    fn headers(&self) -> HeaderMap {
        self.headers.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether the host takes connections. The transport has no time-out for that alone.
    pub(super) async fn knock(&self) -> Result<(), Failure> {
        let host = self.url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        let port = self.url.port_or_known_default().unwrap_or(9_200);
        match tokio::time::timeout(self.access.connect_timeout, TcpStream::connect((host, port))).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(Failure::Unreached(error.to_string())),
            Err(_) => Err(Failure::Unreached("no connection in time".to_owned())),
        }
    }

    /// Sends a request and waits for the whole answer.
    pub(super) async fn ask(&self, request: &Request<'_>) -> Result<Reply, Failure> {
        let mut headers = self.headers();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(request.content_type));
        if request.gzip {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        let method = if request.body.is_some() { Method::Post } else { Method::Get };
        let response = self.send(method, request.path, headers, request.body.clone(), self.access.timeout).await;
        read(response.map_err(|unsent| failure(unsent.of_http()))?).await
    }

    /// Sends JSON, or nothing, by any method.
    pub(crate) async fn send_json(
        &self,
        method: Method,
        path: &str,
        body: Option<String>,
        timeout: Duration,
    ) -> Result<Response, Unsent> {
        let mut headers = self.headers();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        self.send(method, path, headers, body.map(Bytes::from), timeout).await
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        headers: HeaderMap,
        body: Option<Bytes>,
        timeout: Duration,
    ) -> Result<Response, Unsent> {
        match &self.client {
            Client::Transport(transport) => {
                Ok(transport.send(method, path, headers, None::<&()>, body, Some(timeout)).await?)
            }
            Client::Pinned(client) => {
                let request = pin::request(client, method, &self.url, path, body).headers(headers);
                Ok(Response::new(request.timeout(timeout).send().await?, method))
            }
        }
    }
}

fn transport(url: &Url, access: &Access) -> Result<Transport, BuildError> {
    let bad = |error: &dyn std::error::Error| BuildError::Certificates(error.to_string());
    let mut builder = TransportBuilder::new(SingleNodeConnectionPool::new(url.clone())).disable_proxy();
    if let Trust::Authorities(pem) = &access.trust {
        let authorities = Certificate::from_pem(pem).map_err(|error| bad(&error))?;
        builder = builder.cert_validation(CertificateValidation::Full(authorities));
    }
    if let Some(pem) = &access.identity {
        let identity = ClientCertificate::Pem(pem.expose_secret().as_bytes().to_vec());
        builder = builder.auth(Credentials::Certificate(identity));
    }
    builder.build().map_err(|error| bad(&error))
}

/// Those of every request. Credentials stand here and not in the transport, which has room for a client certificate or for
/// them, not for both. Answers are small, so they need no compression.
fn headers(credentials: Option<&Who>) -> Result<HeaderMap, BuildError> {
    let mut headers = HeaderMap::new();
    headers.insert(USER_AGENT, HeaderValue::from_static(AGENT));
    headers.insert(ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    if let Some(credentials) = credentials {
        let text = credentials.header();
        let mut value = HeaderValue::from_str(text.expose_secret()).map_err(|_| BuildError::Credentials)?;
        value.set_sensitive(true);
        headers.insert(AUTHORIZATION, value);
    }
    Ok(headers)
}

async fn read(response: Response) -> Result<Reply, Failure> {
    if response.content_length().is_some_and(|length| length > ANSWER_LIMIT) {
        return Err(Failure::Unanswered { cause: "the answer is too long".to_owned(), cut: false });
    }
    let (status, retry_after) = (response.status_code(), retry_after(response.headers()));
    match response.bytes().await {
        Ok(body) => Ok(Reply { status: StatusCode::as_u16(&status), retry_after, body }),
        Err(error) => Err(failure(error.source().and_then(|source| source.downcast_ref()))),
    }
}

/// Seconds, or a date; a date is compared with the server's own clock.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let asked = text(RETRY_AFTER)?;
    if let Ok(seconds) = asked.trim().parse() {
        return Some(Duration::from_secs(seconds));
    }
    let time = |text| rfc2822::DateTimeParser::new().parse_timestamp(text).ok();
    time(asked)?.duration_since(time(text(DATE)?)?).try_into().ok()
}

fn failure(error: Option<&reqwest::Error>) -> Failure {
    let Some(error) = error else { return Failure::Unreached("the request cannot be made".to_owned()) };
    let timed_out = error.is_timeout();
    let cause = if timed_out { "no answer in time".to_owned() } else { innermost(error) };
    if error.is_connect() || error.is_builder() {
        Failure::Unreached(cause)
    } else {
        Failure::Unanswered { cause, cut: !timed_out }
    }
}

/// The outer ones repeat the URL, which may hold a password.
fn innermost(error: &reqwest::Error) -> String {
    let mut cause: Option<&dyn std::error::Error> = error.source();
    while let Some(source) = cause.and_then(std::error::Error::source) {
        cause = Some(source);
    }
    cause.map_or_else(|| "the connection failed".to_owned(), ToString::to_string)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::seconds("120", Some(120))]
    #[case::date("Wed, 21 Oct 2015 07:28:10 GMT", Some(10))]
    #[case::a_date_gone_by("Wed, 21 Oct 2015 07:00:00 GMT", None)]
    #[case::nonsense("soon", None)]
    fn what_the_server_asks_for_is_read(#[case] asked: &str, #[case] seconds: Option<u64>) {
        let mut headers = HeaderMap::new();
        headers.insert(RETRY_AFTER, HeaderValue::from_str(asked).unwrap());
        headers.insert(DATE, HeaderValue::from_static("Wed, 21 Oct 2015 07:28:00 GMT"));
        assert_eq!(retry_after(&headers), seconds.map(Duration::from_secs));
    }
}
