//! `minitwit users`: accounts and their devices.

use std::io::{IsTerminal, Read};

use anyhow::{Context, Result, ensure};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use clap::{Args, Subcommand};
use secrecy::{ExposeSecret, SecretString};

use super::open;
use super::output::{json, line, printable, table, time};
use crate::auth::password;
use crate::config::{Database, id, rows};
use crate::domain::{Password, User, UserId};
use crate::store::Store;

#[derive(Debug, Subcommand)]
pub(super) enum Users {
    /// List users in the order of their registration
    List(List),
    /// Set a new password and sign the user out everywhere
    ///
    /// The new password is read from standard input when that is not a terminal; otherwise one is made up and printed.
    ResetPassword(Named),
    /// List a user's devices, or sign all of them out
    Sessions(Sessions),
}

#[derive(Args, Debug)]
pub(super) struct List {
    /// One JSON object a line
    #[arg(long)]
    json: bool,
    /// How many at most
    #[arg(long, value_name = "N", default_value = "100", value_parser = rows)]
    limit: i64,
    /// Only users with a greater number than this
    #[arg(long, value_name = "ID", default_value = "0", value_parser = id)]
    after: i64,
    #[command(flatten)]
    database: Database,
}

#[derive(Args, Debug)]
pub(super) struct Named {
    /// The user's name
    name: String,
    #[command(flatten)]
    database: Database,
}

#[derive(Args, Debug)]
pub(super) struct Sessions {
    /// The user's name
    name: String,
    /// Sign the user out everywhere
    #[arg(long)]
    end_all: bool,
    /// One JSON object a line
    #[arg(long, conflicts_with = "end_all")]
    json: bool,
    #[command(flatten)]
    database: Database,
}

impl Users {
    pub(super) async fn run(self) -> Result<()> {
        match self {
            Self::List(list) => list.run().await,
            Self::ResetPassword(user) => user.reset_password().await,
            Self::Sessions(sessions) => sessions.run().await,
        }
    }
}

/// The user of that name, or an error that names them.
pub(super) async fn find(store: &Store, name: &str) -> Result<User> {
    store.user(name).await?.with_context(|| format!("there is no user '{}'", printable(name)))
}

impl List {
    async fn run(self) -> Result<()> {
        let store = open(&self.database).await?;
        let users = store.users(UserId(self.after), self.limit).await?;
        if self.json {
            return json(&users);
        }
        let rows = users.iter().map(|user| {
            [user.id.to_string(), time(user.created_at), printable(&user.username), printable(&user.email)]
        });
        table(["ID", "REGISTERED (UTC)", "NAME", "E-MAIL"], &rows.collect::<Vec<_>>())
    }
}

impl Named {
    async fn reset_password(self) -> Result<()> {
        let store = open(&self.database).await?;
        let user = find(&store, &self.name).await?;
        let (secret, made_up) = new_password()?;
        store.set_password(user.id, &password::hash(secret.expose_secret().as_bytes())).await?;
        let ended = store.end_sessions_of(user.id).await?;
        line(&format!("The password of '{}' is changed; {ended} session(s) ended.", printable(&user.username)))?;
        if made_up {
            line(&format!("New password: {}", secret.expose_secret()))?;
        }
        Ok(())
    }
}

/// One from standard input, or a random one of 96 bits.
fn new_password() -> Result<(SecretString, bool)> {
    if std::io::stdin().is_terminal() {
        let mut random = [0_u8; 12];
        getrandom::fill(&mut random).ok().context("the system gives no random bytes")?;
        return Ok((URL_SAFE_NO_PAD.encode(random).into(), true));
    }
    let mut text = String::new();
    std::io::stdin().take(2_048).read_to_string(&mut text).context("cannot read the password from standard input")?;
    let text = text.trim_end_matches(['\r', '\n']);
    ensure!(!text.is_empty(), "standard input has no password; run this on a terminal to have one made up");
    Ok((Password::parse(text)?.into_secret(), false))
}

impl Sessions {
    async fn run(self) -> Result<()> {
        let store = open(&self.database).await?;
        let user = find(&store, &self.name).await?;
        if self.end_all {
            let ended = store.end_sessions_of(user.id).await?;
            return line(&format!("{ended} session(s) ended."));
        }
        let sessions = store.sessions_of(user.id).await?;
        if self.json {
            return json(&sessions);
        }
        let rows = sessions
            .iter()
            .map(|s| [time(s.created_at), time(s.last_seen_at), printable(&s.address), printable(&s.user_agent)]);
        table(["BEGAN (UTC)", "LAST SEEN (UTC)", "ADDRESS", "BROWSER"], &rows.collect::<Vec<_>>())
    }
}
