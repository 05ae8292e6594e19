//! Sessions: who holds which token, kept as its SHA-256, so that a stolen database opens no session.

use std::sync::Arc;

use sqlx::FromRow;

use super::{Result, Store, Version, all, maybe, run};
use crate::domain::{User, UserId};

/// A session that begins.
#[derive(Clone, Debug)]
pub struct NewSession<'a> {
    /// SHA-256 of the token in the cookie.
    pub token_hash: [u8; 32],
    /// Whose.
    pub user: UserId,
    /// What the browser calls itself, cut to a sensible length.
    pub user_agent: &'a str,
    /// From which address.
    pub address: &'a str,
}

/// A session as a request meets it, with the version at the same moment.
#[derive(Clone, Debug)]
pub struct Session {
    /// Whose.
    pub user: User,
    /// When it was last seen, in microseconds since 1970, UTC; up to an hour behind.
    pub last_seen_at: i64,
    /// See [`Store::version`].
    pub version: Version,
}

#[derive(FromRow)]
struct Row {
    #[sqlx(flatten)]
    user: User,
    last_seen_at: i64,
}

/// Sessions by token, each as it was read at a version.
#[derive(Clone)]
pub(super) struct KnownSessions(Arc<quick_cache::sync::Cache<[u8; 32], Session>>);

impl Default for KnownSessions {
    fn default() -> Self {
        Self(Arc::new(quick_cache::sync::Cache::new(10_000)))
    }
}

/// A session in a list for operators: a device of a user.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct SessionInfo {
    /// When it began, microseconds since 1970, UTC.
    pub created_at: i64,
    /// When it was last seen.
    pub last_seen_at: i64,
    /// What the browser calls itself.
    pub user_agent: String,
    /// From which address.
    pub address: String,
}

const FIND: &str = "SELECT u.id, u.username, s.last_seen_at FROM sessions s JOIN users u ON u.id = s.user_id
     WHERE s.token_hash = $1";

impl Store {
    /// Begins a session.
    ///
    /// # Errors
    /// The database fails.
    pub async fn begin_session(&self, session: &NewSession<'_>, now: i64) -> Result<()> {
        let sql = "INSERT INTO sessions (token_hash, user_id, created_at, last_seen_at, user_agent, address)
             VALUES ($1, $2, $3, $3, $4, $5)";
        let NewSession { token_hash, user, user_agent, address } = session;
        run!(self, sql, &token_hash[..], user, now, *user_agent, *address)?;
        Ok(())
    }

    /// The session of that token, if it was seen after `alive_since`. As long as no session begins or ends anywhere, it is
    /// remembered; but before it counts as ended, whether another replica has seen it since is asked.
    ///
    /// # Errors
    /// The database fails.
    pub async fn session(&self, token_hash: &[u8; 32], alive_since: i64) -> Result<Option<Session>> {
        let version = self.version().await?;
        let holds = |known: &Session| known.version.sessions == version.sessions && known.last_seen_at > alive_since;
        let known = self.sessions.0.get(token_hash).filter(holds);
        let session = match known {
            Some(known) => Some(Session { version, ..known }),
            None => self.read_session(token_hash, version).await?,
        };
        Ok(session.filter(|session| session.last_seen_at > alive_since))
    }

    async fn read_session(&self, token_hash: &[u8; 32], version: Version) -> Result<Option<Session>> {
        let Some(Row { user, last_seen_at }) = maybe!(self, Row, FIND, &token_hash[..])? else { return Ok(None) };
        let session = Session { user, last_seen_at, version };
        self.sessions.0.insert(*token_hash, session.clone());
        Ok(Some(session))
    }

    /// Notes that a session is in use.
    ///
    /// # Errors
    /// The database fails.
    pub async fn touch_session(&self, token_hash: &[u8; 32], now: i64) -> Result<()> {
        run!(self, "UPDATE sessions SET last_seen_at = $2 WHERE token_hash = $1", &token_hash[..], now)?;
        self.sessions.0.remove(token_hash);
        Ok(())
    }

    /// Ends one session.
    ///
    /// # Errors
    /// The database fails.
    pub async fn end_session(&self, token_hash: &[u8; 32]) -> Result<()> {
        run!(self, "DELETE FROM sessions WHERE token_hash = $1", &token_hash[..])?;
        Ok(())
    }

    /// Ends all sessions of a user and returns how many there were.
    ///
    /// # Errors
    /// The database fails.
    pub async fn end_sessions_of(&self, user: UserId) -> Result<u64> {
        run!(self, "DELETE FROM sessions WHERE user_id = $1", user)
    }

    /// The sessions of a user, last seen first.
    ///
    /// # Errors
    /// The database fails.
    pub async fn sessions_of(&self, user: UserId) -> Result<Vec<SessionInfo>> {
        let sql = "SELECT created_at, last_seen_at, user_agent, address FROM sessions WHERE user_id = $1
             ORDER BY last_seen_at DESC";
        all!(self, SessionInfo, sql, user)
    }

    /// Removes sessions that were not seen since `before`, at most a thousand at once, and returns how many.
    ///
    /// # Errors
    /// The database fails.
    pub async fn remove_stale_sessions(&self, before: i64) -> Result<u64> {
        let sql = "DELETE FROM sessions WHERE token_hash IN
             (SELECT token_hash FROM sessions WHERE last_seen_at <= $1 ORDER BY last_seen_at LIMIT 1000)";
        run!(self, sql, before)
    }
}
