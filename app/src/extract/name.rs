//! The user name in a path.

use axum::extract::{FromRequestParts, Path};
use axum::http::request::Parts;

use crate::error::{Error, Result};

/// The user name of a route `/…/{username}`, decoded.
#[derive(Debug)]
pub struct Name(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Name {
    type Rejection = Error;

    /// What is not UTF-8 is nobody's name, so it is answered like any other unknown one.
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self> {
        let segment = Path::from_request_parts(parts, state).await;
        segment.map(|Path(name)| Self(name)).map_err(|_| Error::NotFound)
    }
}
