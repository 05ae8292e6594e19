//! The line of one request: what of it may be shown, and its JSON in Elastic Common Schema 8 names.

use std::borrow::Cow;
use std::net::IpAddr;

use super::json::Object;

/// The status of a request whose client went away before the answer (nginx's convention; no RFC has one).
pub(super) const CLIENT_GONE: u16 = 499;

/// Everything that a line tells, cleaned; what is missing is left out.
#[derive(Debug, Default)]
pub(super) struct Entry<'a> {
    /// When the request came, in microseconds since 1970, UTC.
    pub at: i64,
    /// How long it took, in nanoseconds (ECS `event.duration`).
    pub duration: u64,
    pub status: u16,
    pub request: RequestFacts<'a>,
    pub response_type: Option<&'static str>,
    pub response_bytes: Option<u64>,
    pub url: UrlFacts<'a>,
    pub user: Option<(i64, &'a str)>,
    pub client: Option<IpAddr>,
    pub agent: Option<&'a str>,
    pub site: SiteFacts<'a>,
    pub error: Option<(&'static str, Cow<'a, str>)>,
}

/// `http.version` and `http.request.*`.
#[derive(Debug, Default)]
pub(super) struct RequestFacts<'a> {
    pub method: Option<&'static str>,
    pub version: Option<&'static str>,
    pub id: Option<&'a str>,
    pub media_type: Option<&'static str>,
    pub referrer: Option<&'a str>,
    pub bytes: Option<u64>,
    pub content: Option<&'a str>,
}

/// `url.*`.
#[derive(Debug, Default)]
pub(super) struct UrlFacts<'a> {
    pub path: Option<&'a str>,
    pub query: &'a str,
    pub domain: Option<&'a str>,
}

/// `minitwit.*`: what ECS has no name for.
#[derive(Debug, Default)]
pub(super) struct SiteFacts<'a> {
    pub via: Option<&'static str>,
    pub route: Option<&'a str>,
    pub role: Option<&'static str>,
    pub redirect: Option<&'a str>,
    pub flash: Option<&'static str>,
    pub latest: Option<i64>,
    pub truncated: bool,
    pub body_hash: Option<&'a str>,
    pub query_dropped: u32,
}

impl Entry<'_> {
    /// `info`, or `error` where the fault is ours.
    pub(super) fn level(&self) -> &'static str {
        if self.status >= 500 { "error" } else { "info" }
    }

    /// ECS `event.outcome`: `unknown` if nobody was there to be answered.
    fn outcome(&self) -> &'static str {
        match self.status {
            CLIENT_GONE => "unknown",
            400.. => "failure",
            _ => "success",
        }
    }

    /// Appends the line without its end; `tail` holds its last members.
    pub(super) fn json(&self, out: &mut Vec<u8>, tail: &[u8]) {
        Object::write(out, |line| {
            line.time("@timestamp", self.at);
            line.object("log", |log| log.plain("level", self.level()));
            self.message(line);
            line.object("http", |http| self.http(http));
            line.object("url", |url| self.url.write(url));
            line.object("user", |user| self.user(user));
            line.object("client", |client| self.client.into_iter().for_each(|ip| client.ip("ip", ip)));
            line.object("minitwit", |site| self.site.write(site));
            line.object("error", |error| {
                self.error.iter().for_each(|(kind, message)| {
                    error.plain("type", kind);
                    error.text("message", message);
                });
            });
            line.object("event", |event| self.event(event));
            line.object("user_agent", |agent| agent.maybe_text("original", self.agent));
            line.raw(tail);
        });
    }

    /// `POST /login 302`.
    fn message(&self, line: &mut Object<'_>) {
        let mut status = itoa::Buffer::new();
        let (method, path) = (self.request.method.unwrap_or("-"), self.url.path.unwrap_or("-"));
        line.words("message", &[method, path, status.format(self.status)]);
    }

    fn http(&self, http: &mut Object<'_>) {
        self.request.version.into_iter().for_each(|version| http.plain("version", version));
        http.object("request", |request| self.request.write(request));
        http.object("response", |response| {
            response.number("status_code", self.status);
            self.response_type.into_iter().for_each(|media_type| response.plain("mime_type", media_type));
            self.response_bytes.into_iter().for_each(|n| response.object("body", |body| body.number("bytes", n)));
        });
    }

    fn user(&self, user: &mut Object<'_>) {
        if let Some((id, name)) = self.user {
            user.text("id", itoa::Buffer::new().format(id));
            user.text("name", name);
        }
    }

    fn event(&self, event: &mut Object<'_>) {
        event.raw(br#""kind":"event","category":["web"],"dataset":"minitwit.request""#);
        event.plain("outcome", self.outcome());
        event.number("duration", self.duration);
    }
}

impl RequestFacts<'_> {
    fn write(&self, request: &mut Object<'_>) {
        request.maybe_text("id", self.id);
        self.method.into_iter().for_each(|method| request.plain("method", method));
        self.media_type.into_iter().for_each(|media_type| request.plain("mime_type", media_type));
        request.maybe_text("referrer", self.referrer);
        request.object("body", |body| {
            self.bytes.into_iter().for_each(|bytes| body.number("bytes", bytes));
            body.maybe_text("content", self.content);
        });
    }
}

impl UrlFacts<'_> {
    fn write(&self, url: &mut Object<'_>) {
        url.maybe_text("path", self.path);
        url.maybe_text("query", Some(self.query).filter(|query| !query.is_empty()));
        url.maybe_text("domain", self.domain);
    }
}

impl SiteFacts<'_> {
    fn write(&self, site: &mut Object<'_>) {
        self.via.into_iter().for_each(|via| site.plain("via", via));
        site.maybe_text("route", self.route);
        self.role.into_iter().for_each(|role| site.plain("role", role));
        site.maybe_text("redirect", self.redirect);
        self.flash.into_iter().for_each(|flash| site.plain("flash", flash));
        self.latest.into_iter().for_each(|latest| site.number("latest", latest));
        if self.truncated {
            site.raw(br#""truncated":true"#);
        }
        site.maybe_text("body_hash", self.body_hash);
        if self.query_dropped > 0 {
            site.number("query_dropped", self.query_dropped);
        }
    }
}
