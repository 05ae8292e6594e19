//! What the site is about: users, messages, pages of a timeline. Input is parsed here once, for both doors.

mod account;
mod message;
mod page;

pub use account::{Email, Password, RESERVED_NAMES, Refusal, Registration, Username};
pub use message::{MESSAGE_MAX_CHARS, MessageText, TooLong};
pub use page::{Cursor, PAGE_SIZE, Page};

/// A user's number, given by the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, sqlx::Type)]
#[sqlx(transparent)]
pub struct UserId(pub i64);

/// A message's number. Numbers grow in the order in which messages became visible, so that they serve as a cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, sqlx::Type)]
#[sqlx(transparent)]
pub struct MessageId(pub i64);

/// Whose messages a list has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Timeline {
    /// Everybody's.
    Public,
    /// One user's.
    Of(UserId),
    /// A reader's own and those of everyone they follow.
    Home(UserId),
}

/// A message as people and the simulator read it.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct Post {
    /// Its number.
    pub id: MessageId,
    /// The author's name.
    pub author: String,
    /// The author's e-mail address: the avatar is made from it; it is never shown.
    pub email: String,
    /// What was written.
    pub text: String,
    /// When, in microseconds since 1970, UTC.
    pub posted_at: i64,
}

/// A user as far as requests need to know one.
#[derive(Clone, Debug, PartialEq, Eq, sqlx::FromRow)]
pub struct User {
    /// Their number.
    pub id: UserId,
    /// Their name.
    pub username: String,
}
