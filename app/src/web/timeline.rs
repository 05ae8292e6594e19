//! The three timelines (`/`, `/public`, `/{username}`) and posting to them.

use std::sync::Arc;

use axum::Extension;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;

use super::flash::{Flash, Message};
use super::frame::{answer, frame, redirect, render};
use super::link;
use super::posts::listing;
use super::view::{self, Compose, Profile, Relation};
use crate::App;
use crate::auth::{CurrentUser, MaybeUser};
use crate::domain::{MESSAGE_MAX_CHARS, MessageText, Page, Timeline, User};
use crate::error::{Error, Result};
use crate::extract::{Fields, Form, Name};
use crate::page_cache::{self, Key};
use crate::redact::{Logged, Show};
use crate::store::Version;
use crate::telemetry::{Outcome, RequestLog};

/// `GET /`: the reader's own timeline, or the public one for who is not signed in.
pub(super) async fn home(
    State(app): State<Arc<App>>,
    reader: MaybeUser,
    flash: Flash,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    let Some(session) = &reader.0 else { return Ok(redirect("/public").into_response()) };
    let (timeline, page) = (Timeline::Home(session.user.id), Page::from_query(query.as_deref()));
    Shown { app: &app, reader: &reader, flash: &flash, timeline, owner: None, page }.respond(session.version).await
}

/// `GET /public`
pub(super) async fn public(
    State(app): State<Arc<App>>,
    reader: MaybeUser,
    flash: Flash,
    RawQuery(query): RawQuery,
) -> Result<Response> {
    let (version, page) = (version(&app, &reader, &flash).await?, Page::from_query(query.as_deref()));
    let shown = Shown { app: &app, reader: &reader, flash: &flash, timeline: Timeline::Public, owner: None, page };
    shown.respond(version).await
}

/// `GET /{username}`
pub(super) async fn of_user(
    State(app): State<Arc<App>>,
    reader: MaybeUser,
    Name(name): Name,
    flash: Flash,
    RawQuery(query): RawQuery,
    log: RequestLog,
) -> Result<Response> {
    let owner = app.store.user(&name).await?.ok_or(Error::NotFound)?;
    log.confirm(&name);
    let (version, page) = (version(&app, &reader, &flash).await?, Page::from_query(query.as_deref()));
    let (timeline, owner) = (Timeline::Of(owner.id), Some(&owner));
    Shown { app: &app, reader: &reader, flash: &flash, timeline, owner, page }.respond(version).await
}

/// What is typed into the compose box.
pub(super) struct NewMessage {
    text: String,
}

impl Logged for NewMessage {
    const FIELDS: &'static [(&'static str, Show)] = &[("text", Show::Text)];
}

impl TryFrom<&Fields<'_>> for NewMessage {
    type Error = Error;

    fn try_from(fields: &Fields<'_>) -> Result<Self> {
        Ok(Self { text: fields.need("text")? })
    }
}

/// `POST /add_message`: an empty text is not an error, it is just not posted; one that is too long comes back in its box.
pub(super) async fn add_message(
    State(app): State<Arc<App>>,
    CurrentUser(user): CurrentUser,
    reader: MaybeUser,
    flash: Flash,
    log: RequestLog,
    Form(form): Form<NewMessage>,
) -> Result<Response> {
    let (status, mut headers) = redirect("/");
    match MessageText::parse(&form.text) {
        Ok(Some(text)) => {
            app.store.post(user.id, text, app.clock.now()).await?;
            flash.push(&Message::Posted, &mut headers);
            Ok((status, headers).into_response())
        }
        Ok(None) => Ok((status, Extension(Outcome::Unchanged), headers).into_response()),
        Err(error) => {
            log.error("message_too_long", &error.to_string());
            let (timeline, page) = (Timeline::Home(user.id), Page::from_query(None));
            let shown = Shown { app: &app, reader: &reader, flash: &flash, timeline, owner: None, page };
            let page = shown.render(Some((form.text, error.to_string()))).await?;
            Ok((Extension(Outcome::Refused), answer(page, &reader, &flash)).into_response())
        }
    }
}

/// The version of the timelines: it came with the session, or is asked for. A stranger may miss what another replica stored a
/// moment ago; who has something to be told was signed in until then, and may not.
async fn version(app: &App, reader: &MaybeUser, flash: &Flash) -> Result<Version> {
    match &reader.0 {
        Some(session) => Ok(session.version),
        None if flash.is_empty() => Ok(app.store.recent_version().await?),
        None => Ok(app.store.version().await?),
    }
}

/// A part of a timeline as one reader sees it.
struct Shown<'a> {
    app: &'a App,
    reader: &'a MaybeUser,
    flash: &'a Flash,
    timeline: Timeline,
    /// Whose it is, if it is one user's.
    owner: Option<&'a User>,
    page: Page,
}

/// A text that could not be posted, and why.
type Failed = (String, String);

impl Shown<'_> {
    /// Answers with a remembered page if there is one; what is shown once is never remembered.
    async fn respond(&self, version: Version) -> Result<Response> {
        let form = page_cache::Form::Html(self.reader.user().map(|user| user.id));
        let key = Key::new(self.timeline, form, self.page, version);
        let fit = self.flash.is_empty();
        if let Some(html) = self.app.pages.get(&key).filter(|_| fit) {
            return Ok(answer(html, self.reader, self.flash));
        }
        let html = self.render(None).await?;
        if fit {
            self.app.pages.put(key, html.clone());
        }
        Ok(answer(html, self.reader, self.flash))
    }

    async fn render(&self, failed: Option<Failed>) -> Result<Bytes> {
        let list = listing(self.app, self.timeline, &self.path(), self.page).await?;
        render(&view::Timeline {
            frame: frame(self.reader, self.flash),
            title: self.title(),
            posts: list.posts,
            compose: self.compose(failed),
            profile: self.profile().await?,
            newer: list.newer,
            older: list.older,
        })
    }

    fn path(&self) -> String {
        match (self.timeline, self.owner) {
            (Timeline::Home(_), _) => "/".into(),
            (_, Some(owner)) => link::profile(&owner.username),
            _ => "/public".into(),
        }
    }

    fn title(&self) -> String {
        match (self.timeline, self.owner) {
            (Timeline::Home(_), _) => "My Timeline".into(),
            (_, Some(owner)) => format!("{}'s Timeline", owner.username),
            _ => "Public Timeline".into(),
        }
    }

    fn compose(&self, failed: Option<Failed>) -> Option<Compose> {
        let reader = self.reader.user().filter(|_| matches!(self.timeline, Timeline::Home(_)))?;
        let (text, error) = failed.map_or_else(Default::default, |(text, error)| (text, Some(error)));
        Some(Compose { name: reader.username.clone(), text, error, limit: MESSAGE_MAX_CHARS })
    }

    async fn profile(&self) -> Result<Option<Profile>> {
        let (Some(reader), Some(owner)) = (self.reader.user(), self.owner) else { return Ok(None) };
        let relation = if reader.id == owner.id {
            Relation::You
        } else if self.app.store.follows(reader.id, owner.id).await? {
            Relation::Following
        } else {
            Relation::NotFollowing
        };
        let path = link::profile(&owner.username);
        let (follow_action, unfollow_action) = (format!("{path}/follow"), format!("{path}/unfollow"));
        Ok(Some(Profile { name: owner.username.clone(), relation, follow_action, unfollow_action }))
    }
}
