//! The pages, on port 8000. A file is a page or a family of pages: what it reads, what it answers, what it shows.

mod assets;
pub mod avatar;
mod error_page;
mod escape;
mod flash;
mod follow;
mod frame;
mod link;
mod login;
mod logout;
mod posts;
mod register;
mod timeline;
mod view;

use std::sync::Arc;

use axum::Router;
use axum::http::{Method, StatusCode, Uri, header};
use axum::response::Response;
use axum::routing::{MethodRouter, get, post};

use crate::App;
use crate::auth::MaybeUser;
use crate::error::Result;
use crate::middleware::asterisk;
use crate::middleware::attempt::counted;
use crate::telemetry::Via;

pub(crate) use assets::names as asset_names;
pub(crate) use error_page::{dress, plain};
pub use link::path_segment;

/// The routes of the contract. The three GETs that change something stay for compatibility; the pages use POST.
pub fn routes() -> Router<Arc<App>> {
    let (read, write, both) = ("GET,HEAD,OPTIONS", "POST,OPTIONS", "GET,HEAD,POST,OPTIONS");
    let follow = counted(Via::Web, |m| &m.follows, follow::follow);
    let unfollow = counted(Via::Web, |m| &m.unfollows, follow::unfollow);
    Router::new()
        .route("/", page(get(timeline::home), read))
        .route("/public", page(get(timeline::public), read))
        .route("/add_message", page(post(counted(Via::Web, |m| &m.messages_posted, timeline::add_message)), write))
        .route("/login", page(get(login::form).post(counted(Via::Web, |m| &m.logins, login::submit)), both))
        .route(
            "/register",
            page(get(register::form).post(counted(Via::Web, |m| &m.registrations, register::submit)), both),
        )
        .route("/logout", page(get(logout::logout).post(logout::logout), both))
        .route("/static/{file}", page(get(assets::file), read))
        .route("/favicon.ico", page(get(assets::icon), read))
        .route("/robots.txt", page(get(assets::robots), read))
        .route("/{username}", page(get(timeline::of_user), read))
        .route("/{username}/follow", page(get(follow.clone()).post(follow), both))
        .route("/{username}/unfollow", page(get(unfollow.clone()).post(unfollow), both))
        .fallback(nothing)
}

/// Axum tells `Allow` with a 405 only, so what OPTIONS answers is said here.
fn page(methods: MethodRouter<Arc<App>>, allow: &'static str) -> MethodRouter<Arc<App>> {
    methods.options(async move || (StatusCode::NO_CONTENT, [(header::ALLOW, allow)]))
}

/// Asks who is there, so that the page that says no still shows who is signed in.
async fn nothing(method: Method, uri: Uri, _reader: MaybeUser) -> Result<Response> {
    asterisk::answer(&method, &uri)
}
