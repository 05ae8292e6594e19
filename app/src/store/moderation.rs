//! Messages for operators: listed with their flag, flagged and unflagged by number.

use sqlx::FromRow;

use super::{Result, Store, all, run};
use crate::domain::{MessageId, UserId};

/// A message as an operator sees it.
#[derive(Clone, Debug, FromRow, serde::Serialize)]
pub struct ListedPost {
    /// Its number.
    pub id: i64,
    /// The author's name.
    pub author: String,
    /// What was written.
    pub text: String,
    /// Microseconds since 1970, UTC.
    pub posted_at: i64,
    /// 1 when it is hidden from everybody, else 0.
    pub flagged: i64,
}

/// Which messages to list.
#[derive(Clone, Copy, Debug)]
pub enum Listed {
    /// All.
    All,
    /// Those of one author.
    Of(UserId),
    /// Flagged ones.
    Flagged,
    /// Flagged ones of one author.
    FlaggedOf(UserId),
}

impl Store {
    /// Messages below `before`, newest first.
    ///
    /// # Errors
    /// The database fails.
    pub async fn list_messages(&self, which: Listed, before: i64, limit: i64) -> Result<Vec<ListedPost>> {
        macro_rules! listed {
            ($condition:literal $(, $argument:expr)*) => {
                all!(
                    self, ListedPost,
                    // The numbers are chosen first, so that an index that has all of the condition is always the best.
                    concat!(
                        "SELECT m.id, u.username AS author, m.text, m.posted_at, m.flagged FROM (
                         SELECT id FROM messages WHERE id < $1", $condition, " ORDER BY id DESC LIMIT $2
                         ) AS page JOIN messages m ON m.id = page.id JOIN users u ON u.id = m.author_id
                         ORDER BY page.id DESC"
                    ),
                    before, limit $(, $argument)*
                )
            };
        }
        match which {
            Listed::All => listed!(""),
            Listed::Of(author) => listed!(" AND author_id = $3", author),
            Listed::Flagged => listed!(" AND flagged = 1"),
            Listed::FlaggedOf(author) => listed!(" AND author_id = $3 AND flagged = 1", author),
        }
    }

    /// Hides a message from everybody, or shows it again; `false` if there is no such message.
    ///
    /// # Errors
    /// The database fails.
    pub async fn set_flag(&self, message: MessageId, flagged: bool) -> Result<bool> {
        let sql = "UPDATE messages SET flagged = $2 WHERE id = $1";
        let changed = run!(self, sql, message, i64::from(flagged));
        self.freshness.changed();
        Ok(changed? > 0)
    }
}
