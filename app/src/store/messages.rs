//! Timelines: the newest messages of everybody, of one user, of a reader and whom they follow.
//!
//! A timeline is read by number: downwards below a cursor, or upwards above one and then turned round.

use super::{Pools, Result, Store, all};
use crate::domain::{Cursor, MessageId, MessageText, Page, Post, Timeline, UserId};

/// The bounds of one read: numbers between `low` and `high`, both left out.
struct Span {
    low: i64,
    high: i64,
    upwards: bool,
    skip: i64,
    size: i64,
}

impl From<Page> for Span {
    fn from(page: Page) -> Self {
        let all = Self { low: 0, high: i64::MAX, upwards: false, skip: 0, size: page.size };
        match page.cursor {
            Cursor::Newest => all,
            Cursor::Before(MessageId(id)) => Self { high: id, ..all },
            Cursor::After(MessageId(id)) => Self { low: id, upwards: true, ..all },
            Cursor::Offset(skip) => Self { skip, ..all },
        }
    }
}

/// The numbers are chosen first, from an index alone, so that what an offset skips is not joined.
macro_rules! chosen {
    ($numbers:literal, $direction:literal) => {
        concat!(
            "SELECT m.id, u.username AS author, u.email, m.text, m.posted_at FROM (",
            $numbers,
            ") AS page JOIN messages m ON m.id = page.id JOIN users u ON u.id = m.author_id ORDER BY page.id ",
            $direction
        )
    };
}

const PUBLIC_DOWN: &str = chosen!(
    "SELECT id FROM messages WHERE flagged = 0 AND id > $1 AND id < $2 ORDER BY id DESC LIMIT $3 OFFSET $4",
    "DESC"
);
const PUBLIC_UP: &str =
    chosen!("SELECT id FROM messages WHERE flagged = 0 AND id > $1 AND id < $2 ORDER BY id LIMIT $3 OFFSET $4", "ASC");
const AUTHOR_DOWN: &str = chosen!(
    "SELECT id FROM messages WHERE flagged = 0 AND author_id = $5 AND id > $1 AND id < $2
     ORDER BY id DESC LIMIT $3 OFFSET $4",
    "DESC"
);
const AUTHOR_UP: &str = chosen!(
    "SELECT id FROM messages WHERE flagged = 0 AND author_id = $5 AND id > $1 AND id < $2
     ORDER BY id LIMIT $3 OFFSET $4",
    "ASC"
);

// Of each author just as many as the page could need (those it skips included), so that the cost is bounded by how many
// the reader follows, not by how much they wrote. SQLite has no LATERAL, but lets a table-valued function use a column
// to its left.
const HOME_DOWN_SQLITE: &str = chosen!(
    "SELECT own.value AS id FROM (SELECT whom_id AS author FROM followers WHERE who_id = $5 UNION SELECT $5) AS a,
        json_each((SELECT json_group_array(id) FROM (
            SELECT id FROM messages WHERE author_id = a.author AND flagged = 0 AND id > $1 AND id < $2
            ORDER BY id DESC LIMIT $3 + $4))) AS own
     ORDER BY own.value DESC LIMIT $3 OFFSET $4",
    "DESC"
);
const HOME_UP_SQLITE: &str = chosen!(
    "SELECT own.value AS id FROM (SELECT whom_id AS author FROM followers WHERE who_id = $5 UNION SELECT $5) AS a,
        json_each((SELECT json_group_array(id) FROM (
            SELECT id FROM messages WHERE author_id = a.author AND flagged = 0 AND id > $1 AND id < $2
            ORDER BY id LIMIT $3 + $4))) AS own
     ORDER BY own.value LIMIT $3 OFFSET $4",
    "ASC"
);
const HOME_DOWN_POSTGRES: &str = chosen!(
    "SELECT own.id FROM (SELECT whom_id AS author FROM followers WHERE who_id = $5 UNION SELECT $5) AS a
     CROSS JOIN LATERAL (
        SELECT id FROM messages WHERE author_id = a.author AND flagged = 0 AND id > $1 AND id < $2
        ORDER BY author_id DESC, id DESC LIMIT $3 + $4) AS own
     ORDER BY own.id DESC LIMIT $3 OFFSET $4",
    "DESC"
);
const HOME_UP_POSTGRES: &str = chosen!(
    "SELECT own.id FROM (SELECT whom_id AS author FROM followers WHERE who_id = $5 UNION SELECT $5) AS a
     CROSS JOIN LATERAL (
        SELECT id FROM messages WHERE author_id = a.author AND flagged = 0 AND id > $1 AND id < $2
        ORDER BY author_id, id LIMIT $3 + $4) AS own
     ORDER BY own.id LIMIT $3 OFFSET $4",
    "ASC"
);

impl Store {
    /// Stores a message; returns when it is durable.
    ///
    /// # Errors
    /// The database fails; then nothing was stored, or, after a time-out, it may have been.
    pub async fn post(&self, author: UserId, text: MessageText, now: i64) -> Result<()> {
        let posted = self.journal.post(author, text.into_string(), now).await;
        self.freshness.changed();
        posted
    }

    /// Messages of a timeline, newest first, without flagged ones.
    ///
    /// # Errors
    /// The database fails.
    pub async fn timeline(&self, timeline: Timeline, page: Page) -> Result<Vec<Post>> {
        let Span { low, high, upwards, skip, size } = Span::from(page);
        let sql = self.sql_of(timeline, upwards);
        let mut posts = match timeline {
            Timeline::Public => all!(self, Post, sql, low, high, size, skip)?,
            Timeline::Of(user) | Timeline::Home(user) => all!(self, Post, sql, low, high, size, skip, user)?,
        };
        if upwards {
            posts.reverse();
        }
        Ok(posts)
    }

    fn sql_of(&self, timeline: Timeline, upwards: bool) -> &'static str {
        match (timeline, &self.pools, upwards) {
            (Timeline::Public, _, false) => PUBLIC_DOWN,
            (Timeline::Public, _, true) => PUBLIC_UP,
            (Timeline::Of(_), _, false) => AUTHOR_DOWN,
            (Timeline::Of(_), _, true) => AUTHOR_UP,
            (Timeline::Home(_), Pools::Sqlite { .. }, false) => HOME_DOWN_SQLITE,
            (Timeline::Home(_), Pools::Sqlite { .. }, true) => HOME_UP_SQLITE,
            (Timeline::Home(_), Pools::Postgres(_), false) => HOME_DOWN_POSTGRES,
            (Timeline::Home(_), Pools::Postgres(_), true) => HOME_UP_POSTGRES,
        }
    }
}
