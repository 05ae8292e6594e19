//! `/register`: new users from the simulator.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;

use crate::App;
use crate::auth::account;
use crate::domain::{Refusal, Registration};
use crate::error::{Error, Result};
use crate::extract::{Json, Object};
use crate::redact::{Logged, Show};
use crate::telemetry::RequestLog;

/// What the simulator sends.
pub(super) struct SignUp {
    username: String,
    email: String,
    pwd: String,
}

impl Logged for SignUp {
    const FIELDS: &'static [(&'static str, Show)] =
        &[("username", Show::Name), ("email", Show::Name), ("pwd", Show::Secret)];
}

impl TryFrom<Object> for SignUp {
    type Error = Error;

    fn try_from(mut object: Object) -> Result<Self> {
        Ok(Self { username: object.need("username")?, email: object.need("email")?, pwd: object.need("pwd")? })
    }
}

/// `POST /register`
pub(super) async fn post(State(app): State<Arc<App>>, log: RequestLog, Json(form): Json<SignUp>) -> Result<StatusCode> {
    let refused = |refusal: Refusal| Error::BadRequest(refusal.kind(), refusal.to_string());
    let registration = Registration::parse(&form.username, &form.email, &form.pwd, None).map_err(refused)?;
    match account::register(&app, registration).await? {
        Ok(user) => {
            log.confirm(&form.username);
            log.confirm(&form.email);
            log.user(user.id.0, &user.username);
            Ok(StatusCode::NO_CONTENT)
        }
        Err(refusal) => {
            log.confirm(&form.username);
            Err(refused(refusal))
        }
    }
}
