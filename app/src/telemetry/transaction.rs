//! From a request and its answer to one line, whatever its end.

use std::borrow::Cow;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Instant;

use axum::body::{Body, HttpBody};
use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::Response;
use http_body_util::BodyExt;

use super::entry::{CLIENT_GONE, Entry, RequestFacts, SiteFacts, UrlFacts};
use super::facts::Facts;
use super::names::UNMATCHED;
use super::{Journal, LogWriter, RequestLog, Via};
use crate::error::ErrorReport;
use crate::middleware::identify::Caller;
use crate::redact::{self, HashKey, Hosts, Names, Paths, Query, UserAgents, Vocabulary};

/// Makes the lines of requests: cheap to clone.
#[derive(Clone, Debug)]
pub struct TransactionLog(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    journal: Journal,
    agents: UserAgents,
    key: HashKey,
    hosts: Hosts,
    vocabulary: Vocabulary,
}

impl TransactionLog {
    /// Lines go to `journal`; `key` hashes what may not be shown, `hosts` are ours, `vocabulary` has the file names of
    /// our assets.
    #[must_use]
    pub fn new(journal: Journal, key: HashKey, hosts: Hosts, vocabulary: Vocabulary) -> Self {
        let agents = UserAgents::new(key.clone());
        Self(Arc::new(Inner { journal, agents, key, hosts, vocabulary }))
    }

    /// The writer behind, to wait for room.
    #[must_use]
    pub fn writer(&self) -> &LogWriter {
        self.0.journal.writer()
    }

    /// Starts a request's clock, and gives the request the [`RequestLog`] that its handler finds as an extractor.
    #[must_use]
    pub fn begin(self, via: Via, request: &mut Request) -> Transaction {
        let facts = RequestLog::attached();
        let head = Head::of(via, request, self.0.journal.now());
        request.extensions_mut().insert(facts.clone());
        observe_body(request.body_mut(), &facts);
        Transaction { log: self, started: Instant::now(), head, facts, open: true }
    }

    /// The line of a request that the server itself refused before there was one to handle: a malformed head (400), one
    /// too large (431), a connection too many (503). `kind` becomes `error.type`; operations are no door of the service.
    pub fn refused(&self, via: Option<Via>, client: IpAddr, status: StatusCode, kind: &'static str) {
        let error = Some((kind, Cow::Borrowed("The request was refused before it was read")));
        let (at, status) = (self.0.journal.now(), status.as_u16());
        let site = SiteFacts { via: via.map(Via::name), ..SiteFacts::default() };
        self.0.journal.entry(&Entry { at, status, client: Some(client), site, error, ..Entry::default() });
    }
}

/// A request that is being answered. If it is dropped before the answer, its client has gone away: that is its line.
#[derive(Debug)]
pub struct Transaction {
    log: TransactionLog,
    started: Instant,
    head: Head,
    facts: RequestLog,
    open: bool,
}

impl Transaction {
    /// Returns when the log has room for the line; at once if it has.
    pub async fn room(&self) {
        self.log.0.journal.writer().room().await;
    }

    /// Writes the line of an answered request.
    pub fn answered(mut self, response: &Response) {
        self.open = false;
        self.write(&Answer::of(response, &self.head));
    }

    fn write(&self, answer: &Answer<'_>) {
        if let Some(facts) = self.facts.facts() {
            self.log.0.write(&self.head, &facts, answer, self.started);
        }
    }
}

impl Drop for Transaction {
    fn drop(&mut self) {
        if !self.open {
            return;
        }
        let (status, kind, message) = if std::thread::panicking() {
            (500, "panic", "The request's handler panicked")
        } else {
            (CLIENT_GONE, "client_gone", "The client went away before the answer")
        };
        self.write(&Answer { status, error: Some((kind, message)), ..Answer::default() });
    }
}

/// What the line needs of the request's head. Its values are shared with the request, not copied.
#[derive(Debug)]
struct Head {
    at: i64,
    via: Via,
    method: &'static str,
    version: &'static str,
    media_type: Option<&'static str>,
    announced: u64,
    uri: Uri,
    route: Option<MatchedPath>,
    host: Option<HeaderValue>,
    referrer: Option<HeaderValue>,
    agent: Option<HeaderValue>,
    caller: Option<Caller>,
}

impl Head {
    fn of(via: Via, request: &Request, at: i64) -> Self {
        let (headers, extensions) = (request.headers(), request.extensions());
        Self {
            at,
            via,
            method: redact::method(request.method()),
            version: redact::http_version(request.version()),
            media_type: media_type(headers),
            announced: announced(headers),
            uri: request.uri().clone(),
            route: extensions.get().cloned(),
            host: headers.get(header::HOST).cloned(),
            referrer: headers.get(header::REFERER).cloned(),
            agent: headers.get(header::USER_AGENT).cloned(),
            caller: extensions.get().cloned(),
        }
    }

    fn path<'a>(&'a self, paths: &Paths<'_>) -> Cow<'a, str> {
        match &self.route {
            Some(route) => paths.matched(route.as_str(), self.uri.path()),
            None => Cow::Owned(paths.unmatched(self.uri.path())),
        }
    }

    fn authority(&self) -> Option<Cow<'_, str>> {
        let target = self.uri.authority().map(|authority| Cow::Borrowed(authority.as_str()));
        target.or_else(|| self.host.as_ref().map(text))
    }
}

/// What the line needs of the response.
#[derive(Debug, Default)]
struct Answer<'a> {
    status: u16,
    media_type: Option<&'static str>,
    bytes: Option<u64>,
    location: Option<&'a HeaderValue>,
    error: Option<(&'static str, &'a str)>,
}

impl<'a> Answer<'a> {
    fn of(response: &'a Response, head: &Head) -> Self {
        let bytes = if head.method == "HEAD" { Some(0) } else { response.body().size_hint().exact() };
        let report = response.extensions().get::<ErrorReport>();
        Self {
            status: response.status().as_u16(),
            media_type: media_type(response.headers()),
            bytes,
            location: response.headers().get(header::LOCATION),
            error: report.map(|report| (report.kind, report.message.as_str())),
        }
    }
}

impl Inner {
    fn write(&self, head: &Head, facts: &Facts, answer: &Answer<'_>, started: Instant) {
        let paths = self.paths(&facts.names);
        let path = head.path(&paths);
        let query = head.uri.query().map(Query::parse).unwrap_or_default();
        let authority = head.authority();
        let domain = authority.as_ref().map(|authority| self.hosts.domain(authority, &self.key));
        let referrer = head.referrer.as_ref().map(|value| self.hosts.referrer(&text(value), &paths));
        let redirect = answer.location.map(|value| self.hosts.location(&text(value), &paths));
        let agent = head.agent.as_ref().map(|value| self.agents.shown(value.as_bytes()));
        let id = head.caller.as_ref().map(|caller| redact::identifier(caller.id.as_str(), &self.key));
        let content = facts.shown_content(&self.key);
        let body_hash = facts.body_hash(&self.key);
        let said = facts.error.as_ref().map(|(kind, message)| (*kind, message.as_str()));
        self.journal.entry(&Entry {
            at: head.at,
            duration: u64::try_from(started.elapsed().as_nanos()).unwrap_or(u64::MAX),
            status: answer.status,
            request: RequestFacts {
                method: Some(head.method),
                version: Some(head.version),
                id: id.as_deref(),
                media_type: head.media_type,
                referrer: referrer.as_deref(),
                bytes: Some(facts.body_bytes(head.announced)).filter(|bytes| redact::is_small(*bytes)),
                content: content.as_ref().map(|content| content.json.as_str()),
            },
            response_type: answer.media_type,
            response_bytes: answer.bytes,
            url: UrlFacts { path: Some(&path), query: &query.shown, domain: domain.as_deref() },
            user: facts.user(),
            client: head.caller.as_ref().map(|caller| caller.address),
            agent: agent.as_deref(),
            site: SiteFacts {
                via: Some(head.via.name()),
                route: Some(head.route.as_ref().map_or(UNMATCHED, MatchedPath::as_str)),
                role: facts.role,
                redirect: redirect.as_deref(),
                flash: facts.flash,
                latest: facts.latest.filter(|latest| redact::is_small(latest.unsigned_abs())),
                truncated: content.as_ref().is_some_and(|content| content.truncated),
                body_hash: body_hash.as_deref(),
                query_dropped: query.dropped,
            },
            error: answer.error.or(said).map(|(kind, message)| (kind, Cow::Owned(redact::sentence(message)))),
        });
    }

    fn paths<'a>(&'a self, names: &'a Names) -> Paths<'a> {
        Paths { names, key: &self.key, vocabulary: &self.vocabulary }
    }
}

/// Notes the body's pieces as they pass; an empty body passes untouched.
fn observe_body(body: &mut Body, facts: &RequestLog) {
    if body.size_hint().exact() != Some(0) {
        let facts = facts.clone();
        let observed = |body: Body| {
            body.inspect_frame(move |frame| frame.data_ref().into_iter().for_each(|piece| facts.received(piece)))
        };
        *body = Body::new(observed(std::mem::take(body)));
    }
}

fn media_type(headers: &HeaderMap) -> Option<&'static str> {
    headers.get(header::CONTENT_TYPE).map(|value| redact::media_type(value.as_bytes()))
}

/// The body's announced bytes; 0 if none are, or in pieces of unknown number.
fn announced(headers: &HeaderMap) -> u64 {
    headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok()).unwrap_or_default()
}

/// A header's value as text; what is not UTF-8 becomes something that no vocabulary has.
fn text(value: &HeaderValue) -> Cow<'_, str> {
    std::str::from_utf8(value.as_bytes()).map_or_else(|_| String::from_utf8_lossy(value.as_bytes()), Cow::Borrowed)
}
