//! Everything that the store can do, done once.

use anyhow::{Context, ensure};
use minitwit::domain::{Cursor, Email, MessageId, MessageText, Page, Timeline, UserId, Username};
use minitwit::store::{Listed, NewSession, Store};
use tokio::task::JoinSet;

const NOW: i64 = 1_800_000_000_000_000;
/// Somewhere in the middle of all messages.
const MIDDLE: MessageId = MessageId(50_000);
/// Of 20,000 sessions and failures so many have expired when somebody tidies up, which is done every ten minutes.
const EXPIRED: i64 = 50;

/// What happens to an empty database.
pub async fn migrate(empty: &Store) -> anyhow::Result<()> {
    ensure!(empty.migrate().await? > 0, "there was nothing to migrate");
    Ok(())
}

/// What happens to one that is in use. Each `round` brings a user of its own.
pub async fn everything(store: &Store, round: usize) -> anyhow::Result<()> {
    store.check_schema().await?;
    store.log_hash_key().await?;
    store.keyed_hash("a name").await?;
    let user = users(store, round).await?;
    sessions(store, user).await?;
    failures(store, round).await?;
    timelines(store, user).await?;
    moderation(store, user).await?;
    followers(store, user).await?;
    journal(store, user).await?;
    store.totals().await?;
    store.roll_up(NOW).await?;
    store.version().await?;
    Ok(())
}

async fn users(store: &Store, round: usize) -> anyhow::Result<UserId> {
    let (name, email) = (Username::parse(&format!("guest {round}"))?, Email::parse("guest@minitwit.example")?);
    let user = store.register(&name, &email, "old", NOW).await?.context("the name is free")?;
    ensure!(store.register(&name, &email, "old", NOW).await?.is_none(), "the name is given twice");
    // Known users are remembered; a stranger must be looked for.
    store.user(&format!("user{}", round + 2)).await?;
    store.user(&format!("stranger {round}")).await?;
    store.credentials(name.as_str()).await?.context("the guest is there")?;
    store.rehash(user.id, "old", "new").await?;
    store.set_password(user.id, "newer").await?;
    store.users(UserId(500), 100).await?;
    Ok(user.id)
}

async fn sessions(store: &Store, user: UserId) -> anyhow::Result<()> {
    for number in 0..2 {
        let mut token_hash = [number; 32];
        token_hash[..8].copy_from_slice(&user.0.to_be_bytes());
        let session = NewSession { token_hash, user, user_agent: "a browser", address: "127.0.0.1" };
        store.begin_session(&session, NOW).await?;
        store.session(&token_hash, NOW - 1).await?.context("the session is there")?;
        store.touch_session(&token_hash, NOW + 1).await?;
        store.sessions_of(user).await?;
        if number == 0 {
            store.end_session(&token_hash).await?;
        }
        ensure!(store.session(&[0xff; 32], 0).await?.is_none(), "a stranger has a session");
    }
    ensure!(store.end_sessions_of(user).await? == 1, "one session was left");
    store.remove_stale_sessions(EXPIRED).await?;
    Ok(())
}

async fn failures(store: &Store, round: usize) -> anyhow::Result<()> {
    let subject = [u8::try_from(round)?; 32];
    for _ in 0..3 {
        let seen = store.failures(&subject).await?;
        ensure!(store.count_attempt(&subject, seen, 10, NOW, 0).await?, "an attempt is not counted");
    }
    store.take_back_attempt(&subject).await?;
    ensure!(store.failures(&subject).await?.is_some_and(|failures| failures.failures == 2), "wrongly counted");
    store.forget_failures(&subject).await?;
    store.remove_stale_failures(EXPIRED).await?;
    Ok(())
}

async fn timelines(store: &Store, user: UserId) -> anyhow::Result<()> {
    let reader = store.user("user1").await?.context("the reader is there")?.id;
    for timeline in [Timeline::Public, Timeline::Of(reader), Timeline::Home(reader), Timeline::Home(user)] {
        for cursor in [Cursor::Newest, Cursor::Before(MIDDLE), Cursor::After(MIDDLE), Cursor::Offset(90)] {
            let posts = store.timeline(timeline, Page { cursor, size: 30 }).await?;
            ensure!(
                timeline == Timeline::Home(user) || posts.len() == 30 || cursor == Cursor::Offset(90),
                "{timeline:?}"
            );
        }
    }
    Ok(())
}

async fn moderation(store: &Store, user: UserId) -> anyhow::Result<()> {
    // Who wrote much of which little is flagged, and who wrote little.
    let writer = store.user("user1").await?.context("the writer is there")?.id;
    for which in [Listed::All, Listed::Of(user), Listed::Flagged, Listed::FlaggedOf(user), Listed::FlaggedOf(writer)] {
        for before in [i64::MAX, MIDDLE.0] {
            store.list_messages(which, before, 100).await?;
        }
    }
    for flagged in [true, false] {
        ensure!(store.set_flag(MIDDLE, flagged).await?, "the message is not there");
    }
    Ok(())
}

async fn followers(store: &Store, user: UserId) -> anyhow::Result<()> {
    store.follow(user, user, NOW).await?;
    ensure!(store.follows(user, user).await?, "the follow is not there");
    store.followed_by(UserId(1), 100).await?;
    store.unfollow(user, user).await?;
    Ok(())
}

/// What is handed over at once is stored in batches of every kind.
async fn journal(store: &Store, user: UserId) -> anyhow::Result<()> {
    store.set_latest(1, NOW).await?.durable().await?;
    let text = |text: &str| MessageText::parse(text)?.context("a text");
    store.post(user, text("alone")?, NOW).await?;
    for followed in [true, false] {
        let mut posts = JoinSet::new();
        for number in 0..64 {
            let (store, post) = (store.clone(), text(&format!("together {number}"))?);
            posts.spawn(async move {
                let latest = store.set_latest(number, NOW).await?;
                store.post(user, post, NOW).await?;
                if followed {
                    store.follow(user, UserId(number + 1), NOW).await?;
                }
                latest.durable().await
            });
        }
        for stored in posts.join_all().await {
            stored?;
        }
    }
    store.latest().await?;
    Ok(())
}
