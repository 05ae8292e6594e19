//! Messages that are shown once, on the next page that the browser gets, whichever replica serves it.
//!
//! They travel in a cookie as codes, so no replica keeps anything; the texts are ours, and a name in one must be a name.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::auth::cookie;
use crate::domain::Username;
use crate::middleware::identify::Caller;
use crate::telemetry::RequestLog;

const COOKIE: &str = "flash";
/// A browser that never shows a page collects no more than these.
const MAX: usize = 8;
const LIFETIME: u64 = 600;

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// After sign-in.
    LoggedIn,
    /// After sign-out.
    LoggedOut,
    /// After registration.
    Registered,
    /// After a post.
    Posted,
    /// After following somebody.
    Following(String),
    /// After following somebody no longer.
    NotFollowing(String),
}

impl Message {
    fn text(&self) -> String {
        match self {
            Self::LoggedIn => "You were logged in".into(),
            Self::LoggedOut => "You were logged out".into(),
            Self::Registered => "You were successfully registered and can login now".into(),
            Self::Posted => "Your message was recorded".into(),
            Self::Following(name) => format!("You are now following \"{name}\""),
            Self::NotFollowing(name) => format!("You are no longer following \"{name}\""),
        }
    }

    /// The kind, for the log line.
    fn kind(&self) -> &'static str {
        match self {
            Self::LoggedIn => "logged_in",
            Self::LoggedOut => "logged_out",
            Self::Registered => "registered",
            Self::Posted => "posted",
            Self::Following(_) => "following",
            Self::NotFollowing(_) => "not_following",
        }
    }

    fn encode(&self) -> String {
        match self {
            Self::Following(name) | Self::NotFollowing(name) => {
                format!("{}-{}", self.kind(), URL_SAFE_NO_PAD.encode(name))
            }
            _ => self.kind().into(),
        }
    }

    fn decode(code: &str) -> Option<Self> {
        let (kind, name) = code.split_once('-').unwrap_or((code, ""));
        let name = || {
            let name = String::from_utf8(URL_SAFE_NO_PAD.decode(name).ok()?).ok()?;
            Username::parse(&name).ok().map(|_| name)
        };
        Some(match kind {
            "logged_in" => Self::LoggedIn,
            "logged_out" => Self::LoggedOut,
            "registered" => Self::Registered,
            "posted" => Self::Posted,
            "following" => Self::Following(name()?),
            "not_following" => Self::NotFollowing(name()?),
            _ => return None,
        })
    }
}

/// The messages that the browser has not shown yet.
#[derive(Clone, Debug)]
pub struct Flash {
    waiting: Vec<Message>,
    /// HEAD shows nothing, so it takes nothing.
    shows: bool,
    secure: bool,
    log: Option<RequestLog>,
}

impl<S: Send + Sync> FromRequestParts<S> for Flash {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        let secure = Caller::is_secure(&parts.extensions);
        let codes = cookie::get(&parts.headers, &cookie::name(COOKIE, secure)).unwrap_or_default();
        Ok(Self {
            waiting: codes.split('.').filter_map(Message::decode).take(MAX).collect(),
            shows: parts.method != Method::HEAD,
            secure,
            log: parts.extensions.get::<RequestLog>().cloned(),
        })
    }
}

impl Flash {
    /// Whether there is nothing to show.
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }

    /// The texts, oldest first.
    pub fn texts(&self) -> Vec<String> {
        self.waiting.iter().map(Message::text).collect()
    }

    /// Makes the browser forget what this page shows.
    pub fn shown(&self, headers: &mut HeaderMap) {
        if self.shows && !self.is_empty() {
            headers.append(header::SET_COOKIE, cookie::set(COOKIE, "", 0, self.secure));
        }
    }

    /// Adds a message to those that the next page shows; of more than eight the oldest go.
    pub fn push(&self, message: &Message, headers: &mut HeaderMap) {
        if let Some(log) = &self.log {
            log.flash(message.kind());
        }
        let kept = self.waiting.len().saturating_sub(MAX - 1);
        let codes: Vec<_> = self.waiting[kept..].iter().chain([message]).map(Message::encode).collect();
        headers.append(header::SET_COOKIE, cookie::set(COOKIE, &codes.join("."), LIFETIME, self.secure));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_survives_the_cookie() {
        for message in
            [Message::LoggedIn, Message::Following("Zoë \"x\"".into()), Message::NotFollowing("a-b.c".into())]
        {
            assert_eq!(Message::decode(&message.encode()), Some(message));
        }
    }

    #[test]
    fn a_cookie_cannot_put_words_into_our_mouth() {
        for code in ["", "following", "following-", "following-!!", "following-YQBi", "gossip", "logged_in2"] {
            assert_eq!(Message::decode(code), None, "{code}");
        }
    }
}
