//! `/register`: signing up.

use std::sync::Arc;

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Response};

use super::flash::{Flash, Message};
use super::frame::{frame, page, redirect};
use super::view::Register;
use crate::App;
use crate::auth::{MaybeUser, account};
use crate::domain::{Refusal, Registration};
use crate::error::{Error, Result};
use crate::extract::{Fields, Form};
use crate::redact::{Logged, Show};
use crate::telemetry::{Outcome, RequestLog};

/// What is typed into the form.
pub(super) struct SignUp {
    username: String,
    email: String,
    password: String,
    password2: String,
}

impl Logged for SignUp {
    const FIELDS: &'static [(&'static str, Show)] =
        &[("username", Show::Name), ("email", Show::Name), ("password", Show::Secret), ("password2", Show::Secret)];
}

impl TryFrom<&Fields<'_>> for SignUp {
    type Error = Error;

    fn try_from(fields: &Fields<'_>) -> Result<Self> {
        Ok(Self {
            username: fields.need("username")?,
            email: fields.need("email")?,
            password: fields.need("password")?,
            password2: fields.need("password2")?,
        })
    }
}

/// `GET /register`
pub(super) async fn form(reader: MaybeUser, flash: Flash) -> Result<Response> {
    if reader.user().is_some() {
        return Ok(redirect("/").into_response());
    }
    let (username, email) = (String::new(), String::new());
    page(&Register { frame: frame(&reader, &flash), error: None, username, email }, &reader, &flash)
}

/// `POST /register`: does not sign in. Who is signed in is sent home, whatever the form has.
pub(super) async fn submit(
    State(app): State<Arc<App>>,
    reader: MaybeUser,
    flash: Flash,
    log: RequestLog,
    form: Result<Form<SignUp>>,
) -> Result<Response> {
    if reader.user().is_some() {
        return Ok((Extension(Outcome::Unchanged), redirect("/")).into_response());
    }
    let Form(form) = form?;
    match try_register(&app, &log, &form).await? {
        Ok(()) => {
            let (status, mut headers) = redirect("/login");
            flash.push(&Message::Registered, &mut headers);
            Ok((status, headers).into_response())
        }
        Err(refusal) => {
            log.error(refusal.kind(), &refusal.to_string());
            let SignUp { username, email, .. } = form;
            let register =
                Register { frame: frame(&reader, &flash), error: Some(refusal.to_string()), username, email };
            Ok((Extension(Outcome::Refused), page(&register, &reader, &flash)?).into_response())
        }
    }
}

async fn try_register(app: &Arc<App>, log: &RequestLog, form: &SignUp) -> Result<Result<(), Refusal>> {
    let SignUp { username, email, password, password2 } = form;
    let registration = match Registration::parse(username, email, password, Some(password2)) {
        Ok(registration) => registration,
        Err(refusal) => return Ok(Err(refusal)),
    };
    match account::register(app, registration).await? {
        Ok(user) => {
            log.confirm(username);
            log.confirm(email);
            log.user(user.id.0, username);
            Ok(Ok(()))
        }
        Err(refusal) => {
            log.confirm(username);
            Ok(Err(refusal))
        }
    }
}
