//! What can go wrong with a database, told without what the database said: its messages repeat values and addresses.

use crate::error::Error;

/// A failed statement: whether trying again later helps, and a cause that is safe to log.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{cause}")]
pub struct StoreError {
    kind: Kind,
    cause: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Setting,
    Unavailable,
    Slow,
    Full,
    Broken,
}

impl StoreError {
    /// A setting that cannot be used; `cause` is our own sentence.
    pub(super) fn setting(cause: impl Into<String>) -> Self {
        Self { kind: Kind::Setting, cause: cause.into() }
    }

    pub(super) fn timed_out() -> Self {
        Self { kind: Kind::Slow, cause: "the database did not answer in time".into() }
    }

    pub(super) fn closed() -> Self {
        Self { kind: Kind::Unavailable, cause: "the database is being closed".into() }
    }

    pub(super) fn is_timeout(&self) -> bool {
        self.kind == Kind::Slow
    }

    /// Whether the database is away, rather than the statement wrong.
    #[must_use]
    pub fn is_unavailable(&self) -> bool {
        matches!(self.kind, Kind::Unavailable | Kind::Slow | Kind::Full)
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let (kind, cause) = match &error {
            sqlx::Error::Io(io) => (Kind::Unavailable, format!("cannot reach the database: {}", io.kind())),
            sqlx::Error::Tls(_) => (Kind::Unavailable, "no TLS connection with the database".into()),
            sqlx::Error::PoolTimedOut => return Self::timed_out(),
            sqlx::Error::PoolClosed | sqlx::Error::WorkerCrashed => return Self::closed(),
            sqlx::Error::Protocol(_) => (Kind::Unavailable, "the connection with the database broke".into()),
            sqlx::Error::Database(database) => refused(database.as_ref()),
            sqlx::Error::RowNotFound => (Kind::Broken, "a row is missing".into()),
            sqlx::Error::Configuration(_) => (Kind::Setting, "the database's URL is not understood".into()),
            _ => (Kind::Broken, "a statement failed in the driver".into()),
        };
        Self { kind, cause }
    }
}

/// PostgreSQL's SQLSTATE or SQLite's result code says enough; constraint and table are names of our own schema.
fn refused(error: &dyn sqlx::error::DatabaseError) -> (Kind, String) {
    let code = error.code().unwrap_or_default();
    if primary(&code) == Some(CANNOT_OPEN) {
        let cause = "the database's file cannot be opened: does its folder exist, and may it be written to?";
        return (Kind::Unavailable, cause.into());
    }
    let whereabouts = match (error.table(), error.constraint()) {
        (Some(table), Some(constraint)) => format!(" ({table}, {constraint})"),
        (Some(table), None) => format!(" ({table})"),
        _ => String::new(),
    };
    (kind_of(&code), format!("the database refused a statement: code {code}{whereabouts}"))
}

/// Five characters are a SQLSTATE, of which the first two are the class; SQLite's codes are shorter, and their low byte
/// is the primary code: 5 busy, 6 locked, 10 input/output, 13 full, 14 cannot open, 8 read-only.
fn kind_of(code: &str) -> Kind {
    if code.len() == 5 {
        return match &code[..2] {
            "08" | "57" | "55" | "40" => Kind::Unavailable,
            "53" | "58" => Kind::Full,
            _ if code == "25006" => Kind::Unavailable,
            _ => Kind::Broken,
        };
    }
    match primary(code) {
        Some(5 | 6 | CANNOT_OPEN) => Kind::Unavailable,
        Some(8 | 10 | 13) => Kind::Full,
        _ => Kind::Broken,
    }
}

const CANNOT_OPEN: u32 = 14;

/// The primary code of a result code of SQLite.
fn primary(code: &str) -> Option<u32> {
    let code = Some(code).filter(|code| code.len() < 5)?;
    code.parse::<u32>().ok().map(|code| code & 0xff)
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error.kind {
            Kind::Unavailable => Self::Unavailable("database_unavailable", error.cause),
            Kind::Slow => Self::Unavailable("database_timeout", error.cause),
            Kind::Full => Self::Unavailable("database_full", error.cause),
            Kind::Setting | Kind::Broken => Self::Internal("database", error.cause),
        }
    }
}
