//! `/fllws/{username}`: whom a user follows, read and changed.

use std::sync::Arc;

use axum::extract::{RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Json as Answer};
use serde::Serialize;

use super::limit::limit;
use crate::App;
use crate::error::{Error, Result};
use crate::extract::{Json, Name, Object};
use crate::redact::{Logged, Show};
use crate::telemetry::{Outcome, RequestLog, Via};

/// The answer.
#[derive(Serialize)]
pub(super) struct Follows {
    follows: Vec<String>,
}

/// `GET /fllws/{username}`: in the order of the users' numbers.
pub(super) async fn get(
    State(app): State<Arc<App>>,
    Name(name): Name,
    RawQuery(query): RawQuery,
    log: RequestLog,
) -> Result<Answer<Follows>> {
    let user = app.store.user(&name).await?.ok_or(Error::NotFound)?;
    log.user(user.id.0, &user.username);
    let follows = app.store.followed_by(user.id, limit(query.as_deref())).await?;
    Ok(Answer(Follows { follows }))
}

/// What the simulator asks for: one of the two.
pub(super) enum Change {
    Follow(String),
    Unfollow(String),
}

impl Logged for Change {
    const FIELDS: &'static [(&'static str, Show)] = &[("follow", Show::Name), ("unfollow", Show::Name)];
}

impl TryFrom<Object> for Change {
    type Error = Error;

    /// With both, `follow` counts, as in the reference.
    fn try_from(mut object: Object) -> Result<Self> {
        let neither = || Error::BadRequest("field_missing", "The object has neither 'follow' nor 'unfollow'".into());
        let (follow, unfollow) = (object.take("follow")?, object.take("unfollow")?);
        follow.map(Self::Follow).or(unfollow.map(Self::Unfollow)).ok_or_else(neither)
    }
}

/// `POST /fllws/{username}`: repeating either is no error. What is asked for says where it is counted.
pub(super) async fn post(
    State(app): State<Arc<App>>,
    Name(name): Name,
    log: RequestLog,
    Json(change): Json<Change>,
) -> Response {
    let counter = match change {
        Change::Follow(_) => &app.metrics.follows,
        Change::Unfollow(_) => &app.metrics.unfollows,
    };
    let response = make(&app, &name, &log, change).await.into_response();
    counter.count(Via::Api, Outcome::of(&response));
    response
}

async fn make(app: &App, name: &str, log: &RequestLog, change: Change) -> Result<(StatusCode, Extension<Outcome>)> {
    let who = app.store.user(name).await?.ok_or(Error::NotFound)?;
    log.user(who.id.0, &who.username);
    let (Change::Follow(other) | Change::Unfollow(other)) = &change;
    let whom = app.store.user(other).await?.ok_or(Error::NotFound)?;
    log.confirm(other);
    let changed = match change {
        Change::Follow(_) => app.store.follow(who.id, whom.id, app.clock.now()).await?,
        Change::Unfollow(_) => app.store.unfollow(who.id, whom.id).await?,
    };
    Ok((StatusCode::NO_CONTENT, Extension(Outcome::changed(changed))))
}
