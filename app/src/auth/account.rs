//! Registration and sign-in: the rules that both doors keep.

use std::sync::Arc;

use secrecy::SecretString;

use super::password::Verdict;
use super::throttle::Attempt;
use crate::App;
use crate::domain::{Refusal, Registration, User, UserId};
use crate::error::{Error, Result};
use crate::store::Credentials;

/// Why somebody was not signed in. The texts are the contract's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// There is no such user.
    #[error("Invalid username")]
    Username,
    /// The password is another.
    #[error("Invalid password")]
    Password,
}

/// Adds a user. It goes on when the client goes away in the middle: the simulator gives up after 0.3 s and then goes on as
/// if the user were there.
///
/// # Errors
/// The database fails, or too many passwords wait to be hashed; the inner result says when the name is taken.
pub async fn register(app: &Arc<App>, registration: Registration) -> Result<Result<User, Refusal>> {
    let app = app.clone();
    let work = tokio::spawn(async move { add(&app, registration).await });
    work.await.map_err(|_| crate::middleware::panic_guard::noted())?
}

async fn add(app: &App, registration: Registration) -> Result<Result<User, Refusal>> {
    let Registration { username, email, password } = registration;
    // Spares the hash, nothing else: the database decides below.
    if app.store.user(username.as_str()).await?.is_some() {
        return Ok(Err(Refusal::Taken));
    }
    let hash = app.passwords.hash(password.into_secret()).await.map_err(|_| Error::Busy)?;
    let user = app.store.register(&username, &email, &hash, app.clock.now()).await?;
    Ok(user.ok_or(Refusal::Taken))
}

/// Checks a name and a password. Unknown name and wrong password take the same time.
///
/// # Errors
/// 429 for those who guess, 503 when too many passwords wait; or the database fails.
pub async fn sign_in(app: &App, name: &str, password: SecretString, address: &str) -> Result<Result<UserId, Refused>> {
    let attempt = Attempt::admit(app, name, address).await?;
    let credentials = app.store.credentials(name).await?;
    let stored = credentials.as_ref().map(|c| c.password_hash.clone());
    let Ok(verdict) = app.passwords.verify(password.clone(), stored).await else {
        attempt.withdrawn(app).await?;
        return Err(Error::Busy);
    };
    match (verdict, credentials) {
        (Verdict::Good | Verdict::GoodButOld, Some(credentials)) => {
            if matches!(verdict, Verdict::GoodButOld) {
                renew(app, &credentials, password).await?;
            }
            attempt.succeeded(app).await?;
            Ok(Ok(credentials.id))
        }
        (_, Some(_)) => Ok(Err(Refused::Password)),
        (_, None) => Ok(Err(Refused::Username)),
    }
}

/// Rewrites a hash of an old form, now that the password is known.
async fn renew(app: &App, credentials: &Credentials, password: SecretString) -> Result<()> {
    let hash = app.passwords.hash(password).await.map_err(|_| Error::Busy)?;
    app.store.rehash(credentials.id, &credentials.password_hash, &hash).await?;
    Ok(())
}

impl Refused {
    /// A short constant for the log line.
    #[must_use]
    pub fn kind(self) -> &'static str {
        match self {
            Self::Username => "invalid_username",
            Self::Password => "invalid_password",
        }
    }
}
