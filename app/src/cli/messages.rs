//! `minitwit messages`: moderation.

use anyhow::{Result, bail};
use clap::{Args, Subcommand};

use super::open;
use super::output::{json, line, printable, table, time};
use crate::config::{Database, id, rows};
use crate::domain::MessageId;
use crate::store::{Listed, Store};

#[derive(Debug, Subcommand)]
pub(super) enum Messages {
    /// List messages, newest first
    List(List),
    /// Hide messages from everybody
    Flag(Ids),
    /// Show hidden messages again
    Unflag(Ids),
}

#[derive(Args, Debug)]
pub(super) struct List {
    /// Only what this user wrote
    #[arg(long, value_name = "NAME")]
    user: Option<String>,
    /// Only flagged messages
    #[arg(long)]
    flagged: bool,
    /// One JSON object a line
    #[arg(long)]
    json: bool,
    /// How many at most
    #[arg(long, value_name = "N", default_value = "100", value_parser = rows)]
    limit: i64,
    /// Only messages with a smaller number than this
    #[arg(long, value_name = "ID", default_value_t = i64::MAX, hide_default_value = true, value_parser = id)]
    before: i64,
    #[command(flatten)]
    database: Database,
}

#[derive(Args, Debug)]
pub(super) struct Ids {
    /// Numbers of the messages
    #[arg(required = true, value_name = "ID", value_parser = id)]
    ids: Vec<i64>,
    #[command(flatten)]
    database: Database,
}

impl Messages {
    pub(super) async fn run(self) -> Result<()> {
        match self {
            Self::List(list) => list.run().await,
            Self::Flag(ids) => ids.set_flag(true).await,
            Self::Unflag(ids) => ids.set_flag(false).await,
        }
    }
}

impl List {
    async fn run(self) -> Result<()> {
        let store = open(&self.database).await?;
        let posts = store.list_messages(self.which(&store).await?, self.before, self.limit).await?;
        if self.json {
            return json(&posts);
        }
        let rows = posts.iter().map(|post| {
            let flag = if post.flagged == 0 { "" } else { "flagged" };
            [post.id.to_string(), time(post.posted_at), flag.into(), printable(&post.author), printable(&post.text)]
        });
        table(["ID", "POSTED (UTC)", "FLAG", "AUTHOR", "TEXT"], &rows.collect::<Vec<_>>())
    }

    async fn which(&self, store: &Store) -> Result<Listed> {
        let Some(name) = &self.user else { return Ok(if self.flagged { Listed::Flagged } else { Listed::All }) };
        let author = super::users::find(store, name).await?.id;
        Ok(if self.flagged { Listed::FlaggedOf(author) } else { Listed::Of(author) })
    }
}

impl Ids {
    async fn set_flag(self, flagged: bool) -> Result<()> {
        let store = open(&self.database).await?;
        let mut missing = Vec::new();
        for id in self.ids {
            if store.set_flag(MessageId(id), flagged).await? {
                line(&format!("Message {id} is {}.", if flagged { "hidden" } else { "shown" }))?;
            } else {
                missing.push(id.to_string());
            }
        }
        if !missing.is_empty() {
            bail!("there is no message {}", missing.join(", "));
        }
        Ok(())
    }
}
