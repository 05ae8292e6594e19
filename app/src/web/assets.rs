//! The style sheet and the icon, part of the binary. Their address holds a hash of their content, so that browsers may
//! keep them for ever; under their plain names they can be had too, and are asked for again.

use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use crate::error::{Error, Result};

struct Asset {
    name: &'static str,
    hashed_name: String,
    url: String,
    etag: HeaderValue,
    media_type: &'static str,
    content: &'static [u8],
}

impl Asset {
    fn new(stem: &str, extension: &str, name: &'static str, media_type: &'static str, content: &'static [u8]) -> Self {
        let digest = Sha256::digest(content);
        let hash = format!("{:016x}", u64::from_be_bytes(digest[..8].try_into().expect("a digest has 32 bytes")));
        let hashed_name = format!("{stem}-{hash}.{extension}");
        let etag = HeaderValue::from_str(&format!("\"{hash}\"")).expect("hexadecimal digits");
        Self { name, url: format!("/static/{hashed_name}"), hashed_name, etag, media_type, content }
    }

    fn answer(&self, headers: &HeaderMap, caching: &'static str) -> Response {
        let known = headers.get(header::IF_NONE_MATCH).is_some_and(|tags| self.is_among(tags));
        let mut response = if known { StatusCode::NOT_MODIFIED.into_response() } else { self.content.into_response() };
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.media_type));
        headers.insert(header::ETAG, self.etag.clone());
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
        response
    }

    /// RFC 9110, section 13.1.2: a list of tags, weak ones included, or a star.
    fn is_among(&self, tags: &HeaderValue) -> bool {
        let tags = tags.to_str().unwrap_or_default().split(',').map(|tag| tag.trim().trim_start_matches("W/"));
        tags.into_iter().any(|tag| tag == "*" || tag.as_bytes() == self.etag.as_bytes())
    }
}

static STYLE: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new("style", "css", "style.css", "text/css; charset=utf-8", include_bytes!("../../static/style.css"))
});
static ICON: LazyLock<Asset> = LazyLock::new(|| {
    Asset::new("favicon", "svg", "favicon.svg", "image/svg+xml", include_bytes!("../../static/favicon.svg"))
});

/// The file names of all assets, plain and hashed.
pub(crate) fn names() -> Vec<String> {
    [&*STYLE, &*ICON].iter().flat_map(|asset| [asset.name.to_owned(), asset.hashed_name.clone()]).collect()
}

/// The address of the style sheet.
pub(super) fn style_url() -> &'static str {
    &STYLE.url
}

/// The address of the icon.
pub(super) fn icon_url() -> &'static str {
    &ICON.url
}

/// `GET /static/{file}`
pub(super) async fn file(Path(file): Path<String>, headers: HeaderMap) -> Result<Response> {
    for asset in [&*STYLE, &*ICON] {
        if file == asset.hashed_name {
            return Ok(asset.answer(&headers, "public, max-age=31536000, immutable"));
        }
        if file == asset.name {
            return Ok(asset.answer(&headers, "public, no-cache"));
        }
    }
    Err(Error::NotFound)
}

/// `GET /favicon.ico`, which browsers ask for when a page of ours is not the first thing they see.
pub(super) async fn icon(headers: HeaderMap) -> Response {
    ICON.answer(&headers, "public, max-age=86400")
}

/// `GET /robots.txt`: robots may read, but have no business with forms.
pub(super) async fn robots() -> Response {
    let rules = "User-agent: *\nDisallow: /login\nDisallow: /register\nDisallow: /logout\nDisallow: /*/follow\nDisallow: /*/unfollow\n";
    ([(header::CACHE_CONTROL, "public, max-age=86400")], rules).into_response()
}
