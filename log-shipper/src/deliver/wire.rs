//! One host: how a request gets there, and what comes back.

use std::sync::{PoisonError, RwLock};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use jiff::fmt::rfc2822;
use reqwest::header::{
    ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, DATE, HeaderMap, HeaderValue, RETRY_AFTER,
    USER_AGENT,
};
use reqwest::{Method, StatusCode};
use secrecy::ExposeSecret;
use tokio::net::TcpStream;
use url::Url;

use super::BuildError;
use super::client;
use super::request::{Failure, QUESTION_LIMIT, Reply, Request};
use super::settings::{Access, Credentials as Who};

const AGENT: &str = concat!("log-shipper/", env!("CARGO_PKG_VERSION"));

/// The way to a host.
pub(crate) struct Wire {
    client: reqwest::Client,
    url: Url,
    headers: RwLock<HeaderMap>,
    access: Access,
}

/// A whole answer, as it came.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) body: Bytes,
    /// Whether it came over TLS.
    pub(crate) encrypted: bool,
    headers: HeaderMap,
}

/// Why a request did not get there, or has no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unsent {
    #[error(transparent)]
    Http(#[from] reqwest::Error),
    #[error("the answer is too long")]
    TooLong,
}

impl Wire {
    pub(crate) fn new(url: &Url, access: &Access) -> Result<Self, BuildError> {
        Ok(Self {
            client: client::build(access)?,
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

    /// Whether the host takes connections.
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
        let method = if request.body.is_some() { Method::POST } else { Method::GET };
        let (body, timeout) = (request.body.clone(), self.access.timeout);
        let answer = self.send(method, request.path, headers, body, timeout, request.answer_limit).await;
        let Answer { status, body, headers, .. } = answer.map_err(|unsent| failure(&unsent))?;
        Ok(Reply { status: status.as_u16(), retry_after: retry_after(&headers), body })
    }

    /// Sends JSON, or nothing, by any method.
    pub(crate) async fn send_json(
        &self,
        method: Method,
        path: &str,
        body: Option<String>,
        timeout: Duration,
    ) -> Result<Answer, Unsent> {
        let mut headers = self.headers();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        self.send(method, path, headers, body.map(Bytes::from), timeout, QUESTION_LIMIT).await
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        headers: HeaderMap,
        body: Option<Bytes>,
        timeout: Duration,
        limit: usize,
    ) -> Result<Answer, Unsent> {
        let request = client::request(&self.client, method, &self.url, path, body).headers(headers);
        let response = request.timeout(timeout).send().await?;
        let (status, encrypted) = (response.status(), response.url().scheme() == "https");
        let headers = response.headers().clone();
        Ok(Answer { status, body: read(response, limit).await?, encrypted, headers })
    }
}

/// Those of every request. Answers are small, so they need no compression.
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

/// The body of an answer, which may have any length whether it says so or not.
async fn read(mut response: reqwest::Response, limit: usize) -> Result<Bytes, Unsent> {
    let is_too_long = |length: usize| if length > limit { Err(Unsent::TooLong) } else { Ok(()) };
    is_too_long(response.content_length().map_or(0, |length| usize::try_from(length).unwrap_or(usize::MAX)))?;
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await? {
        is_too_long(body.len() + chunk.len())?;
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
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

fn failure(unsent: &Unsent) -> Failure {
    let Unsent::Http(error) = unsent else { return Failure::Unanswered(unsent.to_string()) };
    let cause = if error.is_timeout() { "no answer in time".to_owned() } else { innermost(error) };
    if error.is_connect() || error.is_builder() { Failure::Unreached(cause) } else { Failure::Unanswered(cause) }
}

/// The outer ones repeat the URL, which may hold a password.
fn innermost(error: &reqwest::Error) -> String {
    let mut cause = std::error::Error::source(error);
    while let Some(source) = cause.and_then(std::error::Error::source) {
        cause = Some(source);
    }
    cause.map_or_else(|| "the connection failed".to_owned(), ToString::to_string)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::super::fake;
    use super::*;

    async fn ask(host: &Url) -> Result<Reply, Failure> {
        let request = Request { answer_limit: 1_000, ..Request::post("/_bulk", Bytes::from("{}")) };
        Wire::new(host, &Access::default()).unwrap().ask(&request).await
    }

    #[tokio::test]
    async fn nothing_is_sent_where_an_answer_points_to() {
        let other = fake::start(|_, _| fake::json(200, "{}")).await;
        let location = format!("{}other", other.url);
        let server = fake::start(move |_, _| {
            format!("HTTP/1.1 307 Temporary Redirect\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n")
        });
        assert_eq!(ask(&server.await.url).await.unwrap().status, 307);
        assert!(other.seen().is_empty());
    }

    #[rstest]
    #[case::fits(1_000, true)]
    #[case::too_long(1_001, false)]
    #[tokio::test]
    async fn an_answer_is_read_up_to_its_limit_although_it_does_not_say_its_length(
        #[case] length: usize,
        #[case] is_read: bool,
    ) {
        let server = fake::start(move |_, _| {
            format!(
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n{length:x}\r\n{}\r\n0\r\n\r\n",
                "x".repeat(length)
            )
        });
        assert_eq!(ask(&server.await.url).await.is_ok_and(|reply| reply.body.len() == length), is_read);
    }

    #[test]
    fn a_file_without_an_authority_is_not_taken_for_trust() {
        let access = Access { trust: super::super::Trust::Authorities(b"nothing".to_vec()), ..Access::default() };
        let wire = Wire::new(&"https://localhost".parse().unwrap(), &access);
        assert!(matches!(wire.err(), Some(BuildError::Certificates(_))));
    }

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
