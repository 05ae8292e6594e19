//! Fills a database for measurements, through the store's own code.

use anyhow::{Context, Result, ensure};
use secrecy::SecretString;

use crate::auth::password;
use crate::domain::{Email, MessageText, UserId, Username};
use crate::store::{Instruments, Options, Store};

/// How much of what.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// Users, named `user1`, `user2`, …, all with the password `correct horse`.
    pub users: u64,
    /// Messages, by users in a random order.
    pub messages: u64,
    /// How many `user1` follows: `user2` and those after.
    pub followees: u64,
    /// Start of the random sequence: equal plans make equal databases.
    pub seed: u64,
}

const EPOCH: i64 = 1_700_000_000_000_000;
/// Messages that are handed over before their commit is awaited.
const AT_ONCE: usize = 256;

/// Migrates an empty database and fills it.
///
/// # Errors
/// The database cannot be used, or already has users.
pub async fn seed(database_url: &str, plan: Plan) -> Result<()> {
    let timeout = std::time::Duration::from_mins(1);
    let store = Store::open(&Options {
        url: SecretString::from(database_url),
        connections: 4,
        timeout,
        instruments: Instruments::default(),
    })
    .await?;
    store.migrate().await?;
    ensure!(store.totals().await?.users == 0, "the database already has users");
    let users = add_users(&store, plan).await?;
    for whom in users.iter().skip(1).take(usize::try_from(plan.followees)?) {
        store.follow(users[0], *whom, EPOCH).await?;
    }
    add_messages(&store, &users, plan).await?;
    store.close().await;
    Ok(())
}

async fn add_users(store: &Store, plan: Plan) -> Result<Vec<UserId>> {
    // One hash for all: nobody measures how long it takes to hash the same password again.
    let hash = password::hash(b"correct horse");
    let mut users = Vec::new();
    for number in 1..=plan.users {
        let name = Username::parse(&format!("user{number}"))?;
        let email = Email::parse(&format!("user{number}@minitwit.example"))?;
        let user = store.register(&name, &email, &hash, EPOCH).await?;
        users.push(user.context("a seeded name is taken")?.id);
    }
    Ok(users)
}

async fn add_messages(store: &Store, users: &[UserId], plan: Plan) -> Result<()> {
    let mut random = SplitMix(plan.seed);
    let mut waiting = tokio::task::JoinSet::new();
    for number in 0..plan.messages {
        let author = users[usize::try_from(random.next() % users.len() as u64)?];
        let text = MessageText::parse(&text(number, &mut random))?.context("a seeded text is empty")?;
        let (store, at) = (store.clone(), EPOCH + i64::try_from(number)? * 1_000_000);
        waiting.spawn(async move { store.post(author, text, at).await });
        while waiting.len() >= AT_ONCE {
            waiting.join_next().await.context("a post was waiting")???;
        }
    }
    while let Some(done) = waiting.join_next().await {
        done??;
    }
    Ok(())
}

/// Between 20 and 140 characters, as people post.
fn text(number: u64, random: &mut SplitMix) -> String {
    const WORDS: [&str; 8] = ["morning", "light", "over", "the", "harbour", "was", "grey", "again"];
    let mut text = format!("Message {number}:");
    for _ in 0..2 + random.next() % 18 {
        text.push(' ');
        text.push_str(WORDS[(random.next() % 8) as usize]);
    }
    text
}

/// Vigna's `SplitMix64`: good enough to scatter messages, and the same everywhere.
struct SplitMix(u64);

impl SplitMix {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}
