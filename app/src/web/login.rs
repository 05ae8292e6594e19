//! `/login`: signing in.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use secrecy::SecretString;

use super::flash::{Flash, Message};
use super::frame::{frame, page, redirect};
use super::view::Login;
use crate::App;
use crate::auth::session::Device;
use crate::auth::{MaybeUser, account, session};
use crate::error::{Error, Result};
use crate::extract::{Fields, Form};
use crate::redact::{Logged, Show};
use crate::telemetry::{Outcome, RequestLog};

/// What is typed into the form.
pub(super) struct SignIn {
    username: String,
    password: SecretString,
}

impl Logged for SignIn {
    const FIELDS: &'static [(&'static str, Show)] = &[("username", Show::Name), ("password", Show::Secret)];
}

impl TryFrom<&Fields<'_>> for SignIn {
    type Error = Error;

    fn try_from(fields: &Fields<'_>) -> Result<Self> {
        Ok(Self { username: fields.need("username")?, password: fields.need("password")?.into() })
    }
}

/// `GET /login`
pub(super) async fn form(reader: MaybeUser, flash: Flash) -> Result<Response> {
    if reader.user().is_some() {
        return Ok(redirect("/").into_response());
    }
    page(&Login { frame: frame(&reader, &flash), error: None, username: String::new() }, &reader, &flash)
}

/// `POST /login`: who is signed in is sent home, whatever the form has.
pub(super) async fn submit(
    State(app): State<Arc<App>>,
    reader: MaybeUser,
    device: Device,
    flash: Flash,
    log: RequestLog,
    form: Result<Form<SignIn>>,
) -> Result<Response> {
    if reader.user().is_some() {
        return Ok((Extension(Outcome::Unchanged), redirect("/")).into_response());
    }
    let Form(form) = form?;
    match account::sign_in(&app, &form.username, form.password, &device.address).await? {
        Ok(user) => {
            log.confirm(&form.username);
            log.user(user.0, &form.username);
            Ok(welcome(session::begin(&app, user, &device).await?, &flash).into_response())
        }
        Err(refused) => {
            if refused == account::Refused::Password {
                log.confirm(&form.username);
            }
            log.error(refused.kind(), &refused.to_string());
            let login =
                Login { frame: frame(&reader, &flash), error: Some(refused.to_string()), username: form.username };
            Ok((Extension(Outcome::Refused), page(&login, &reader, &flash)?).into_response())
        }
    }
}

fn welcome(session: HeaderValue, flash: &Flash) -> (StatusCode, HeaderMap) {
    let (status, mut headers) = redirect("/");
    headers.append(header::SET_COOKIE, session);
    flash.push(&Message::LoggedIn, &mut headers);
    (status, headers)
}
