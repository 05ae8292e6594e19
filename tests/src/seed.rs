//! Databases with many users and messages, filled by the site's own store.

/// What a seeded database holds. Its users are `user1` to `userN`, and `user1` is the reader who follows others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plan {
    /// How many users there are.
    pub users: u64,
    /// How many messages they have written together.
    pub messages: u64,
    /// How many others `user1` follows.
    pub followees: u64,
}

/// The reader's name.
pub const READER: &str = "user1";

/// The password of every user.
pub const PASSWORD: &str = "correct horse";

/// The same plan gives the same content in every run.
const SEED: u64 = 1;

/// Brings the schema up to date and fills the database, which is empty before.
pub async fn seed(database_url: &str, plan: Plan) -> anyhow::Result<()> {
    let Plan { users, messages, followees } = plan;
    minitwit::seed::seed(database_url, minitwit::seed::Plan { users, messages, followees, seed: SEED }).await
}
