//! `/msgs` and `/msgs/{username}`: messages, read and posted.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde::Serialize;

use super::limit::limit;
use crate::App;
use crate::domain::{MessageText, Page, Post, Timeline};
use crate::error::{Error, Result};
use crate::extract::{Json, Name, Object};
use crate::page_cache::{Form, Key};
use crate::redact::{Logged, Show};
use crate::telemetry::{Outcome, RequestLog};

/// A message as the simulator reads it; `pub_date` in whole seconds since 1970, UTC.
#[derive(Serialize)]
struct Message<'a> {
    content: &'a str,
    pub_date: i64,
    user: &'a str,
}

impl<'a> From<&'a Post> for Message<'a> {
    fn from(post: &'a Post) -> Self {
        Self { content: &post.text, pub_date: post.posted_at.div_euclid(1_000_000), user: &post.author }
    }
}

/// `GET /msgs`
pub(super) async fn of_all(State(app): State<Arc<App>>, RawQuery(query): RawQuery) -> Result<Response> {
    list(&app, Timeline::Public, query.as_deref()).await
}

/// `GET /msgs/{username}`
pub(super) async fn of_user(
    State(app): State<Arc<App>>,
    Name(name): Name,
    RawQuery(query): RawQuery,
    log: RequestLog,
) -> Result<Response> {
    let author = app.store.user(&name).await?.ok_or(Error::NotFound)?;
    log.user(author.id.0, &author.username);
    list(&app, Timeline::Of(author.id), query.as_deref()).await
}

async fn list(app: &App, timeline: Timeline, query: Option<&str>) -> Result<Response> {
    let page = Page::newest(limit(query));
    let key = Key::new(timeline, Form::Json, page, app.store.version().await?);
    let body = if let Some(body) = app.pages.get(&key) {
        body
    } else {
        let body = serialize(&app.store.timeline(timeline, page).await?);
        app.pages.put(key, body.clone());
        body
    };
    Ok(([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], body).into_response())
}

fn serialize(posts: &[Post]) -> Bytes {
    let messages: Vec<_> = posts.iter().map(Message::from).collect();
    serde_json::to_vec(&messages).expect("numbers and strings always serialize").into()
}

/// What the simulator posts.
pub(super) struct NewMessage {
    content: String,
}

impl Logged for NewMessage {
    const FIELDS: &'static [(&'static str, Show)] = &[("content", Show::Text)];
}

impl TryFrom<Object> for NewMessage {
    type Error = Error;

    fn try_from(mut object: Object) -> Result<Self> {
        Ok(Self { content: object.need("content")? })
    }
}

/// `POST /msgs/{username}`: an empty text is stored nowhere and is no error, as on the pages.
pub(super) async fn post(
    State(app): State<Arc<App>>,
    Name(name): Name,
    log: RequestLog,
    Json(message): Json<NewMessage>,
) -> Result<(StatusCode, Extension<Outcome>)> {
    let author = app.store.user(&name).await?.ok_or(Error::NotFound)?;
    log.user(author.id.0, &author.username);
    let text = MessageText::parse(&message.content);
    let text = text.map_err(|error| Error::BadRequest("message_too_long", error.to_string()))?;
    let posted = text.is_some();
    if let Some(text) = text {
        app.store.post(author.id, text, app.clock.now()).await?;
    }
    Ok((StatusCode::NO_CONTENT, Extension(Outcome::changed(posted))))
}
