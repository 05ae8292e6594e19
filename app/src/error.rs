//! The one error of the program, and what it says to whom: a status to the client, a cause to the log line.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

/// What the log line tells of a failed request; the request log takes it from the response's extensions.
#[derive(Clone, Debug)]
pub struct ErrorReport {
    /// A short constant, for `error.type`.
    pub kind: &'static str,
    /// Our own words, for `error.message`: never what a client or a driver said.
    pub message: String,
}

/// Everything that can go wrong with a request. No text of it repeats input.
#[derive(Clone, Debug, thiserror::Error)]
pub enum Error {
    /// The request cannot be read.
    #[error("{1}")]
    BadRequest(&'static str, String),
    /// A page needs a session.
    #[error("You have to sign in first")]
    Unauthorized,
    /// The simulator's credential is missing or wrong.
    #[error("You are not authorized to use this resource!")]
    NotAuthorized,
    /// A request that changes something came from another site.
    #[error("This request came from another site")]
    CrossSite,
    /// There is no such page, user or message.
    #[error("There is nothing here")]
    NotFound,
    /// The body is larger than allowed.
    #[error("The request is too large: at most {0} bytes")]
    BodyTooLarge(usize),
    /// The body is of a type that the route does not read.
    #[error("This type of content is not understood here")]
    UnsupportedMediaType,
    /// The body did not come in time.
    #[error("The request did not arrive in time")]
    BodyTimeout,
    /// The `Host` is none of ours.
    #[error("This host is not served here")]
    Misdirected,
    /// Too many failed sign-ins; again after so many seconds.
    #[error("Too many failed sign-ins. Please wait a moment and try again")]
    TooManyFailures(u64),
    /// The database does not answer.
    #[error("The site cannot reach its database. Please try again in a moment")]
    Unavailable(&'static str, String),
    /// More work waits than can be done.
    #[error("The site is busy. Please try again in a moment")]
    Busy,
    /// The request took too long.
    #[error("The request took too long. Please try again")]
    Timeout,
    /// Something that should not happen did.
    #[error("Something went wrong here. It has been noted")]
    Internal(&'static str, String),
}

/// A result with the program's error.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// The status that says it.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::BadRequest(..) => StatusCode::BAD_REQUEST,
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::NotAuthorized | Self::CrossSite => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::BodyTooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::BodyTimeout => StatusCode::REQUEST_TIMEOUT,
            Self::Misdirected => StatusCode::MISDIRECTED_REQUEST,
            Self::TooManyFailures(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable(..) | Self::Busy | Self::Timeout => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal(..) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The cause, for the log line.
    #[must_use]
    pub fn report(&self) -> ErrorReport {
        let (kind, message) = match self {
            Self::BadRequest(kind, _) => (*kind, self.to_string()),
            Self::Unavailable(kind, cause) | Self::Internal(kind, cause) => (*kind, cause.clone()),
            Self::Unauthorized => ("no_session", self.to_string()),
            Self::NotAuthorized => ("not_authorized", self.to_string()),
            Self::CrossSite => ("cross_site", self.to_string()),
            Self::NotFound => ("not_found", self.to_string()),
            Self::BodyTooLarge(_) => ("body_too_large", self.to_string()),
            Self::UnsupportedMediaType => ("unsupported_media_type", self.to_string()),
            Self::BodyTimeout => ("body_timeout", self.to_string()),
            Self::Misdirected => ("unknown_host", self.to_string()),
            Self::TooManyFailures(_) => ("too_many_failures", self.to_string()),
            Self::Busy => ("busy", self.to_string()),
            Self::Timeout => ("timeout", self.to_string()),
        };
        ErrorReport { kind, message }
    }

    fn retry_after(&self) -> Option<u64> {
        match self {
            Self::TooManyFailures(seconds) => Some(*seconds),
            Self::Unavailable(..) | Self::Busy | Self::Timeout => Some(1),
            _ => None,
        }
    }
}

impl IntoResponse for Error {
    /// A bare response that carries the error; the door that it leaves by dresses it as a page or as an error object.
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        if let Some(seconds) = self.retry_after() {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response.extensions_mut().insert(self.report());
        response.extensions_mut().insert(self);
        response
    }
}
