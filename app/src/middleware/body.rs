//! Reads the whole body before the handler runs: bounded in size and time, so that a slow client holds nothing but its
//! connection, and the request log knows every body, parsed or not.

use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::Request;
use axum::http::header;
use http_body_util::{BodyExt, LengthLimitError, Limited};

use crate::error::{Error, Result};

/// Bytes of a body at most.
pub const BODY_LIMIT: usize = 64 * 1024;

/// Replaces the body by one that is in memory.
///
/// # Errors
/// 413 when it is too large, 415 when it is compressed, 408 when it does not arrive in time, 400 when it breaks off.
pub async fn read(request: &mut Request, patience: Duration) -> Result<()> {
    let encoded = request.headers().get(header::CONTENT_ENCODING).is_some_and(|coding| coding != "identity");
    if request.body().is_end_stream() {
        return Ok(());
    }
    if request.body().size_hint().lower() > BODY_LIMIT as u64 {
        return Err(Error::BodyTooLarge(BODY_LIMIT));
    }
    let body = std::mem::replace(request.body_mut(), Body::empty());
    let bytes = collect(body, patience).await?;
    if encoded {
        return Err(Error::UnsupportedMediaType);
    }
    *request.body_mut() = Body::from(bytes);
    Ok(())
}

async fn collect(body: Body, patience: Duration) -> Result<Bytes> {
    match tokio::time::timeout(patience, Limited::new(body, BODY_LIMIT).collect()).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(Error::BodyTooLarge(BODY_LIMIT)),
        Ok(Err(_)) => Err(Error::BadRequest("body_incomplete", "The body broke off".into())),
        Err(_) => Err(Error::BodyTimeout),
    }
}
