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
use axum::routing::{get, post};

use crate::App;
use crate::auth::MaybeUser;
use crate::error::Error;

pub(crate) use assets::names as asset_names;
pub(crate) use error_page::{dress, plain};
pub use link::path_segment;

/// The routes of the contract. The three GETs that change something stay for compatibility; the pages use POST.
pub fn routes() -> Router<Arc<App>> {
    Router::new()
        .route("/", get(timeline::home))
        .route("/public", get(timeline::public))
        .route("/add_message", post(timeline::add_message))
        .route("/login", get(login::form).post(login::submit))
        .route("/register", get(register::form).post(register::submit))
        .route("/logout", get(logout::logout).post(logout::logout))
        .route("/static/{file}", get(assets::file))
        .route("/favicon.ico", get(assets::icon))
        .route("/robots.txt", get(assets::robots))
        .route("/{username}", get(timeline::of_user))
        .route("/{username}/follow", get(follow::follow).post(follow::follow))
        .route("/{username}/unfollow", get(follow::unfollow).post(follow::unfollow))
        .fallback(nothing)
}

/// Asks who is there, so that the page that says no still shows who is signed in.
async fn nothing(_reader: MaybeUser) -> Error {
    Error::NotFound
}
