//! Questions to the server, and its answers, as JSON.

use std::sync::Arc;
use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::Value;
use url::Url;

use super::tls;
use crate::deliver::{Access, Answer, BuildError, Wire};

/// Nobody waits longer than this for an answer of a few kilobytes.
const PATIENCE: Duration = Duration::from_secs(30);

/// A longer reason of the server is cut: it may hold a whole template.
const REASON_LIMIT: usize = 400;

/// Why a question has no good answer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There was no answer at all; the text is the innermost cause.
    #[error("no answer: {0}")]
    NoAnswer(String),
    /// TLS could not be agreed on; the text is the innermost cause.
    #[error("no encrypted connection: {}; {}", .0, tls::advice(.0))]
    Tls(String),
    /// The server refused.
    #[error("{asked} is answered {status}{reason}")]
    Refused {
        /// The method and path.
        asked: String,
        /// The status.
        status: u16,
        /// `: ` and the server's own words, or nothing.
        reason: String,
    },
    /// The answer is none that such a server gives.
    #[error("{0} is not answered as Elasticsearch or OpenSearch would; is this the right URL?")]
    Foreign(&'static str),
}

/// A server's answer.
#[derive(Debug)]
pub struct Reply {
    /// Its status.
    pub status: StatusCode,
    /// Its body; null if that is not JSON.
    pub body: Value,
    /// Whether it came over TLS.
    pub encrypted: bool,
    asked: String,
}

impl Reply {
    /// Whether the status is one of success.
    #[must_use]
    pub fn is_good(&self) -> bool {
        self.status.is_success()
    }

    /// The body of a good answer; None if what was asked for is not there.
    pub fn found(self) -> Result<Option<Value>, Error> {
        match self.status {
            StatusCode::NOT_FOUND => Ok(None),
            _ => self.good().map(Some),
        }
    }

    /// The body of a good answer.
    pub fn good(self) -> Result<Value, Error> {
        if self.is_good() { Ok(self.body) } else { Err(self.refusal()) }
    }

    /// The error that a bad answer is.
    #[must_use]
    pub fn refusal(&self) -> Error {
        let reason = self.reason().map(|reason| format!(": {reason}")).unwrap_or_default();
        Error::Refused { asked: self.asked.clone(), status: self.status.as_u16(), reason }
    }

    /// Why the server refused: the innermost of its causes.
    #[must_use]
    pub fn reason(&self) -> Option<String> {
        let mut cause = &self.body["error"];
        while cause["caused_by"]["reason"].is_string() {
            cause = &cause["caused_by"];
        }
        let reason = cause["reason"].as_str().or_else(|| cause.as_str())?;
        Some(reason.chars().take(REASON_LIMIT).collect())
    }
}

/// Asks one server.
#[derive(Clone)]
pub struct Client(Arc<Wire>);

impl Client {
    /// Reaches a host as the shipper itself does.
    ///
    /// # Errors
    /// A certificate or a credential cannot be used.
    pub fn new(host: &Url, access: &Access) -> Result<Self, BuildError> {
        Ok(Self(Arc::new(Wire::new(host, access)?)))
    }

    /// `GET path`.
    pub async fn get(&self, path: &str) -> Result<Reply, Error> {
        self.ask(Method::GET, path, None).await
    }

    /// `POST path` with a JSON body.
    pub async fn post(&self, path: &str, body: &Value) -> Result<Reply, Error> {
        self.ask(Method::POST, path, Some(body.to_string())).await
    }

    /// `PUT path` with a JSON body.
    pub async fn put(&self, path: &str, body: &Value) -> Result<Reply, Error> {
        self.ask(Method::PUT, path, Some(body.to_string())).await
    }

    /// `POST path` with lines of JSON.
    pub async fn post_lines(&self, path: &str, lines: String) -> Result<Reply, Error> {
        // The server takes NDJSON by this content type, too.
        self.ask(Method::POST, path, Some(lines)).await
    }

    async fn ask(&self, method: Method, path: &str, body: Option<String>) -> Result<Reply, Error> {
        let path_alone = path.split('?').next().unwrap_or(path);
        let asked = format!("{method} {path_alone}");
        let answer = self.0.send_json(method, path, body, PATIENCE).await;
        let answer = answer.map_err(|error| no_answer(&error))?;
        let Answer { status, body, encrypted, .. } = answer;
        Ok(Reply { status, body: serde_json::from_slice(&body).unwrap_or_default(), encrypted, asked })
    }
}

fn no_answer(error: &dyn std::error::Error) -> Error {
    let mut causes = vec![error.to_string()];
    let mut source = error.source();
    while let Some(cause) = source {
        causes.push(cause.to_string());
        source = cause.source();
    }
    let innermost = causes.pop().unwrap_or_default();
    if tls::is_meant(&innermost) { Error::Tls(innermost) } else { Error::NoAnswer(innermost) }
}
