//! A JSON object, read whatever the `Content-Type` says, as the simulator's contract asks.

use axum::extract::{FromRequest, Request};
use serde_json::{Map, Value};

use super::form::bytes;
use crate::error::{Error, Result};
use crate::redact::{self, Logged};
use crate::telemetry::RequestLog;

/// A JSON object, read into `T`.
#[derive(Debug)]
pub struct Json<T>(pub T);

/// The members of a JSON object.
#[derive(Debug)]
pub struct Object(Map<String, Value>);

impl Object {
    /// Takes a string out.
    ///
    /// # Errors
    /// 400 when it is missing or no string.
    pub fn need(&mut self, name: &'static str) -> Result<String> {
        let missing = || Error::BadRequest("field_missing", format!("The object has no string '{name}'"));
        self.take(name)?.ok_or_else(missing)
    }

    /// Takes a string out if it is there.
    ///
    /// # Errors
    /// 400 when it is there and no string.
    pub fn take(&mut self, name: &'static str) -> Result<Option<String>> {
        match self.0.remove(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(Error::BadRequest("field_no_string", format!("The member '{name}' is no string"))),
        }
    }
}

impl<S, T> FromRequest<S> for Json<T>
where
    S: Send + Sync,
    T: Logged + TryFrom<Object, Error = Error>,
{
    type Rejection = Error;

    async fn from_request(request: Request, state: &S) -> Result<Self> {
        let log = request.extensions().get::<RequestLog>().cloned();
        let body = bytes(request, state).await?;
        let object: Map<String, Value> = serde_json::from_slice(&body)
            .map_err(|_| Error::BadRequest("bad_json", "The body is not a JSON object".into()))?;
        if let Some(log) = log {
            log.content(redact::json(&object, T::FIELDS));
        }
        T::try_from(Object(object)).map(Self)
    }
}
