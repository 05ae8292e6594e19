//! What a person sees when there is no page to show.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::frame::{bare, render};
use super::view::ErrorPage;
use crate::error::Error;

/// Puts a page into an answer that failed, in place of what axum may have said. `reader` is who is signed in, as far as
/// the request found out before it failed.
pub(crate) fn dress(response: Response, reader: Option<String>) -> Response {
    let (mut parts, _) = response.into_parts();
    let explanation = parts.extensions.get::<Error>().map(explain);
    parts.headers.remove(header::CONTENT_LENGTH);
    parts.headers.insert(header::CONTENT_TYPE, "text/html; charset=utf-8".parse().expect("a media type"));
    let html = html(parts.status, explanation, reader);
    (parts, html).into_response()
}

/// The page for a status, for who never became a request.
pub(crate) fn plain(status: StatusCode) -> bytes::Bytes {
    html(status, None, None)
}

fn html(status: StatusCode, explanation: Option<String>, reader: Option<String>) -> bytes::Bytes {
    let title = title(status).to_owned();
    let explanation = explanation.unwrap_or_else(|| hint(status).to_owned());
    let page = ErrorPage { frame: bare(reader, Vec::new()), status: status.as_u16(), title, explanation };
    // A template that fails here has nothing better to fall back to than the status itself.
    render(&page).unwrap_or_default()
}

/// Our own sentence; only a 400 knows more than its status does.
fn explain(error: &Error) -> String {
    match error {
        Error::NotFound => hint(StatusCode::NOT_FOUND).into(),
        Error::NotAuthorized => hint(StatusCode::FORBIDDEN).into(),
        other => format!("{other}."),
    }
}

fn title(status: StatusCode) -> &'static str {
    match status.as_u16() {
        400 => "That request makes no sense",
        401 => "Please sign in",
        403 => "Not from here",
        404 => "Nothing here",
        405 => "Not this way",
        408 => "Too slow",
        413 => "Too large",
        414 | 431 => "Too long",
        415 => "Unknown type of content",
        421 => "Not this site",
        429 => "Please slow down",
        503 => "Back in a moment",
        _ => "Something went wrong",
    }
}

fn hint(status: StatusCode) -> &'static str {
    match status.as_u16() {
        400 => "The request could not be understood.",
        401 => "You have to sign in first.",
        403 => "This request is not allowed.",
        404 => "There is no such page and no such user. Names are case-sensitive.",
        405 => "This address cannot be used in this way.",
        414 | 431 => {
            "The address or the headers of the request are too long. Deleting the cookies of this site may help."
        }
        503 => "The site is busy. Please try again in a moment.",
        _ => "Something went wrong here. It has been noted.",
    }
}
