//! `/logout`: ends the session, so that its cookie is worth nothing to whoever has it.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};

use super::flash::{Flash, Message};
use super::frame::redirect;
use crate::App;
use crate::auth::session::Device;
use crate::auth::{MaybeUser, session};
use crate::error::Result;

/// `GET` and `POST /logout`. Asks who it is, so that the line of the log tells.
pub(super) async fn logout(
    State(app): State<Arc<App>>,
    _reader: MaybeUser,
    device: Device,
    flash: Flash,
) -> Result<(StatusCode, HeaderMap)> {
    let (status, mut headers) = redirect("/public");
    headers.append(header::SET_COOKIE, session::end(&app, &device).await?);
    flash.push(&Message::LoggedOut, &mut headers);
    Ok((status, headers))
}
