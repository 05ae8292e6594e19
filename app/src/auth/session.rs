//! Sessions: a random token in a cookie, its hash in the database, so that any replica knows it and it can be revoked.

use std::convert::Infallible;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderValue, header};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::cookie;
use crate::App;
use crate::domain::{User, UserId};
use crate::error::{Error, Result};
use crate::middleware::identify::Caller;
use crate::redact;
use crate::store::{NewSession, Session};
use crate::telemetry::RequestLog;

const COOKIE: &str = "session";
/// How exact "last seen" is at most, in microseconds: one write an hour, not one for each request.
const SEEN_EVERY: i64 = 3_600_000_000;

/// The user whose session the request carries; a request without one is refused with 401.
#[derive(Clone, Debug)]
pub struct CurrentUser(pub User);

/// The session that the request carries, if any.
#[derive(Clone, Debug)]
pub struct MaybeUser(pub Option<Session>);

impl MaybeUser {
    /// The user, if somebody is signed in.
    #[must_use]
    pub fn user(&self) -> Option<&User> {
        self.0.as_ref().map(|session| &session.user)
    }
}

impl FromRequestParts<Arc<App>> for MaybeUser {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self> {
        if let Some(known) = parts.extensions.get::<Self>() {
            return Ok(known.clone());
        }
        let Some(token_hash) = presented(parts) else { return Ok(Self(None)) };
        let now = app.clock.now();
        let lifetime = micros(app.settings.session_lifetime);
        let session = app.store.session(&token_hash, now.saturating_sub(lifetime)).await?;
        if let Some(session) = &session {
            if let Some(log) = parts.extensions.get::<RequestLog>() {
                log.user(session.user.id.0, &session.user.username);
                log.role("user");
            }
            if now - session.last_seen_at > SEEN_EVERY.min(lifetime / 10) {
                app.store.touch_session(&token_hash, now).await?;
            }
        }
        // A route may ask twice: once to refuse strangers before it reads the form, once for the page's frame.
        parts.extensions.insert(Self(session.clone()));
        Ok(Self(session))
    }
}

impl FromRequestParts<Arc<App>> for CurrentUser {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self> {
        let MaybeUser(session) = <MaybeUser as FromRequestParts<_>>::from_request_parts(parts, app).await?;
        session.map(|session| Self(session.user)).ok_or(Error::Unauthorized)
    }
}

/// Where a request comes from and how, as sessions need it.
#[derive(Clone, Debug)]
pub struct Device {
    /// SHA-256 of the token that came with the request.
    presented: Option<[u8; 32]>,
    /// What the browser calls itself, as far as a log line may have it.
    user_agent: String,
    /// The client's address.
    pub address: String,
    /// Over TLS.
    pub secure: bool,
}

impl FromRequestParts<Arc<App>> for Device {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &Arc<App>) -> Result<Self, Infallible> {
        let agent = parts.headers.get(header::USER_AGENT);
        Ok(Self {
            presented: presented(parts),
            user_agent: agent.map_or_else(String::new, |agent| redact::user_agent(agent.as_bytes(), &app.hash_key)),
            address: Caller::of(&parts.extensions).map_or_else(String::new, |caller| caller.address.to_string()),
            secure: Caller::is_secure(&parts.extensions),
        })
    }
}

/// Begins a session with a new token and returns its cookie. A token that the browser brought along ends: nobody can
/// have planted it beforehand.
///
/// # Errors
/// The database fails.
pub async fn begin(app: &App, user: UserId, device: &Device) -> Result<HeaderValue> {
    if let Some(old) = &device.presented {
        app.store.end_session(old).await?;
    }
    let mut token = [0_u8; 32];
    getrandom::fill(&mut token).map_err(|_| Error::Internal("random", "the system gives no random bytes".into()))?;
    let token = URL_SAFE_NO_PAD.encode(token);
    let (user_agent, address) = (device.user_agent.as_str(), device.address.as_str());
    let session = NewSession { token_hash: hash(&token), user, user_agent, address };
    app.store.begin_session(&session, app.clock.now()).await?;
    Ok(cookie::set(COOKIE, &token, app.settings.session_lifetime.as_secs(), device.secure))
}

/// Ends the session that the request carries and returns the cookie that makes the browser forget it.
///
/// # Errors
/// The database fails.
pub async fn end(app: &App, device: &Device) -> Result<HeaderValue> {
    if let Some(token_hash) = &device.presented {
        app.store.end_session(token_hash).await?;
    }
    Ok(cookie::set(COOKIE, "", 0, device.secure))
}

fn presented(parts: &Parts) -> Option<[u8; 32]> {
    let secure = Caller::is_secure(&parts.extensions);
    let name = if secure { "__Host-session" } else { COOKIE };
    // A token has 43 characters; what is longer is none, and not worth hashing.
    cookie::get(&parts.headers, name).filter(|token| token.len() == 43).map(hash)
}

fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// A duration in the clock's microseconds.
pub(crate) fn micros(duration: std::time::Duration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}
