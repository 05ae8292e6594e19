//! What is around every page, and how a page becomes an answer.

use askama::Template;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;

use super::assets;
use super::flash::Flash;
use super::view::Frame;
use crate::auth::MaybeUser;
use crate::error::{Error, Result};

/// A usual answer has fewer, those of the middleware included; growing the map one by one would cost more than filling it.
const HEADERS: usize = 12;
const HTML: HeaderValue = HeaderValue::from_static("text/html; charset=utf-8");

/// The frame for a reader, with what waits to be shown to them.
pub(super) fn frame(reader: &MaybeUser, flash: &Flash) -> Frame {
    bare(reader.user().map(|user| user.username.clone()), flash.texts())
}

/// A frame of given parts.
pub(super) fn bare(reader: Option<String>, flashes: Vec<String>) -> Frame {
    Frame { reader, flashes, style: assets::style_url(), icon: assets::icon_url() }
}

/// Renders a page.
pub(super) fn render(page: &impl Template) -> Result<Bytes> {
    let html = page.render().map_err(|_| Error::Internal("template", "a page could not be rendered".into()))?;
    Ok(html.into())
}

/// An answer with a page. Whoever is signed in, or was told something, gets one that nobody may keep.
pub(super) fn answer(html: Bytes, reader: &MaybeUser, flash: &Flash) -> Response {
    let personal = reader.user().is_some() || !flash.is_empty();
    let caching = if personal { "private, no-store" } else { "private, no-cache" };
    let mut response = Response::new(Body::from(html));
    let headers = response.headers_mut();
    headers.reserve(HEADERS);
    headers.insert(header::CONTENT_TYPE, HTML);
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
    headers.insert(header::VARY, HeaderValue::from_static("cookie"));
    flash.shown(headers);
    response
}

/// Renders and answers in one go.
pub(super) fn page(page: &impl Template, reader: &MaybeUser, flash: &Flash) -> Result<Response> {
    Ok(answer(render(page)?, reader, flash))
}

/// 302, as the contract has it, not 303.
pub(super) fn redirect(to: &str) -> (StatusCode, HeaderMap) {
    let mut headers = HeaderMap::new();
    headers.insert(header::LOCATION, HeaderValue::from_str(to).expect("paths of the site are of visible characters"));
    (StatusCode::FOUND, headers)
}
