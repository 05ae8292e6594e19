//! `/{username}/follow` and `/{username}/unfollow`.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};

use super::flash::{Flash, Message};
use super::frame::redirect;
use super::link;
use crate::App;
use crate::auth::CurrentUser;
use crate::error::{Error, Result};
use crate::extract::Name;
use crate::telemetry::{Outcome, RequestLog};

/// `GET` and `POST /{username}/follow`
pub(super) async fn follow(
    State(app): State<Arc<App>>,
    CurrentUser(who): CurrentUser,
    Name(name): Name,
    flash: Flash,
    log: RequestLog,
) -> Result<(StatusCode, Extension<Outcome>, HeaderMap)> {
    let whom = app.store.user(&name).await?.ok_or(Error::NotFound)?;
    log.confirm(&name);
    let new = app.store.follow(who.id, whom.id, app.clock.now()).await?;
    Ok(back_to(&name, &flash, &Message::Following(name.clone()), new))
}

/// `GET` and `POST /{username}/unfollow`
pub(super) async fn unfollow(
    State(app): State<Arc<App>>,
    CurrentUser(who): CurrentUser,
    Name(name): Name,
    flash: Flash,
    log: RequestLog,
) -> Result<(StatusCode, Extension<Outcome>, HeaderMap)> {
    let whom = app.store.user(&name).await?.ok_or(Error::NotFound)?;
    log.confirm(&name);
    let ended = app.store.unfollow(who.id, whom.id).await?;
    Ok(back_to(&name, &flash, &Message::NotFollowing(name.clone()), ended))
}

fn back_to(name: &str, flash: &Flash, message: &Message, changed: bool) -> (StatusCode, Extension<Outcome>, HeaderMap) {
    let (status, mut headers) = redirect(&link::profile(name));
    flash.push(message, &mut headers);
    (status, Extension(Outcome::changed(changed)), headers)
}
